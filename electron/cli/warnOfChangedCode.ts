import { changedCodeWords } from '#shared/build/changedCodeWords.ts';
import type { CommandContext } from './runCommand.ts';

/**
 * Says of each image that is older than its code that what was changed is not in it. Never fails: what is wrong is told by what follows.
 * @param remedy what to type
 */
export async function warnOfChangedCode(
  { core, output, signal }: CommandContext,
  appId: string,
  remedy = '--build',
): Promise<void> {
  const changed = await core.apps.changedCode(appId, { signal }).catch(() => []);
  for (const each of changed) output.warn(`${changedCodeWords(each)}; ${remedy} takes it in.`);
}
