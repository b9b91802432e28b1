import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import { refuse } from './refuse.ts';

/** What compose would fetch: over https, git, ssh or from a registry (`oci://`). A path of an extended file may stand before it by now, with one `/` left of two. */
const ADDRESS = /(?:^|\/)([a-z][a-z0-9+-]+:\/\/?.*)$|^((?:git@|github\.com\/).*)$/i;

/**
 * Refuses a file that would have to be fetched; answers whether it did. Flotilla reads a project's folder and nothing else, so that what is run is what
 * a person can look at.
 */
export function refuseRemote(
  findings: Findings,
  place: Pick<Located, 'file' | 'start' | 'end'>,
  by: 'include' | 'extends',
  path: string,
): boolean {
  const [, byScheme, byHost] = ADDRESS.exec(path) ?? [];
  const found = byScheme ?? byHost;
  if (found === undefined) return false;
  const address = found.replace(/^([a-z0-9+-]+):\/(?!\/)/i, '$1://');
  refuse(
    findings,
    place,
    `${by}-remote`,
    `${by}: ${address} would have to be fetched, which Flotilla does not do.`,
    'Download it into the project (git clone, git submodule, curl), look at it, and write its path there.',
  );
  return true;
}
