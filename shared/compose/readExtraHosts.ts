import { parseExtraHost } from './config/canonical/parseExtraHost.ts';
import { asSequence } from './config/merge/asSequence.ts';
import { type Located, textOf } from './Located.ts';

/** Hosts of a service or build as the engine takes them, `HOST:ADDRESS`. Those that give no address are left out. */
export function readExtraHosts(node: Located | undefined): string[] {
  if (node === undefined) return [];
  return asSequence(node).items.flatMap((item) => {
    const extra = parseExtraHost(textOf(item) ?? '');
    return extra === undefined ? [] : [`${extra.host}:${extra.address}`];
  });
}
