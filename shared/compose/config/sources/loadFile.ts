import { get, isNothing, kindName, type Located, type LocatedMap } from '../../Located.ts';
import { removeEntry } from '../../removalEdits.ts';
import { toCanonical } from '../canonical/toCanonical.ts';
import { checkShape } from '../checks/checkShape.ts';
import type { LoadContext } from '../LoadContext.ts';
import { mergeConfig } from '../merge/mergeConfig.ts';
import { stripTags } from '../merge/stripTags.ts';
import { uniqueItems } from '../merge/uniqueItems.ts';
import { projectShape } from '../shapes/projectShape.ts';
import { countValues } from '../tree/countValues.ts';
import { withEntry } from '../tree/withEntry.ts';
import { applyExtends } from './applyExtends.ts';
import { applyInclude } from './applyInclude.ts';
import { mustStop } from './mustStop.ts';
import { readDocuments } from './readDocuments.ts';
import { refuse } from './refuse.ts';

/** What many included files add up to stops here. */
const MOST_VALUES = 500_000;

/**
 * One compose file laid upon what earlier files gave, in canonical form: variables, `extends` and `include` are resolved first, as compose does.
 * Undefined once something was told that compose refuses, unless the context reads on.
 */
export async function loadFile(
  path: string,
  base: Located | undefined,
  context: LoadContext,
): Promise<Located | undefined> {
  const { findings } = context;
  const file = context.shown(path);
  let tree = base;
  const documents = await readDocuments(path, context);
  for (const document of documents) {
    if (mustStop(context)) return undefined;
    if (document.kind !== 'map') {
      refuse(
        findings,
        document,
        'no-mapping',
        `${file} must be a mapping, not ${kindName(document)}.`,
        'A compose file begins with services: and lists what to run below it.',
      );
      if (mustStop(context)) return undefined;
      tree ??= document;
      continue;
    }
    const services = get(document, 'services');
    if (services !== undefined && services.kind !== 'map' && services.tag !== '!reset')
      refuse(
        findings,
        services,
        'wrong-kind',
        `services must be a mapping, not ${isNothing(services) ? 'nothing' : kindName(services)}.`,
        'Name each service below services:, with an image or a build.',
      );
    const extended = mustStop(context) ? document : await applyExtends(document, path, context);
    const whole = mustStop(context) ? extended : await applyInclude(extended, path, context);
    if (mustStop(context)) return undefined;
    const merged = uniqueItems(
      stripTags(tree === undefined ? whole : mergeConfig(tree, whole, findings)),
      context,
    );
    if (countValues(merged, MOST_VALUES) >= MOST_VALUES) {
      refuse(
        findings,
        document,
        'too-many-values',
        `${file} writes out to more than any project has.`,
        'It looks like an attempt to fill the memory.',
      );
      return undefined;
    }
    if (mustStop(context)) return undefined;
    checkShape(merged, projectShape, findings);
    if (mustStop(context) || merged.kind !== 'map') return undefined;
    tellVersion(merged, findings);
    // A range of ports may turn out to hold a port that stands there already.
    tree = uniqueItems(toCanonical(withEntry(merged, 'version', undefined), findings), context);
  }
  return mustStop(context) ? undefined : tree;
}

function tellVersion(root: LocatedMap, findings: LoadContext['findings']): void {
  const entry = root.entries.get('version');
  if (entry === undefined) return;
  const { key: version } = entry;
  findings.add({
    code: 'obsolete-version',
    severity: 'info',
    file: version.file,
    start: version.start,
    end: version.end,
    message: '“version” is obsolete.',
    explanation: 'Compose ignores it since 2020 and warns about it.',
    fixes: [{ id: 'remove-version', title: 'Remove the line', edits: removeEntry(findings, entry) }],
  });
}
