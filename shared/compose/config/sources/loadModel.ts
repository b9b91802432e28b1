import type { Located } from '../../Located.ts';
import { checkSources } from '../checks/checkSources.ts';
import type { LoadContext } from '../LoadContext.ts';
import { resolvePaths } from '../paths/resolvePaths.ts';
import { fillEnvironment } from './fillEnvironment.ts';
import { mustStop } from './mustStop.ts';
import { loadFile } from './loadFile.ts';
import { setDefaults } from './setDefaults.ts';

/**
 * Several compose files as one canonical tree: each laid upon those before, defaults set, paths made absolute, variables without a value filled
 * in. Undefined once something was told that compose refuses (unless the context reads on), or when the files hold nothing.
 * @param paths the base first
 */
export async function loadModel(
  paths: readonly string[],
  context: LoadContext,
): Promise<Located | undefined> {
  let tree: Located | undefined;
  for (const path of paths) {
    tree = await loadFile(path, tree, context);
    if (mustStop(context)) return undefined;
  }
  if (tree === undefined) return undefined;
  const whole = setDefaults(tree);
  checkSources(whole, context.findings);
  return fillEnvironment(resolvePaths(whole, context.folder, context.home), context.variables);
}
