import { get, type Located, type LocatedEntry, type LocatedMap, textOf } from '../../Located.ts';
import { withEntry } from '../tree/withEntry.ts';

/**
 * The tree without services whose `profiles` are all off, and their names. A service without profiles is always on; the profile `*` switches
 * all on (Compose specification, Profiles).
 */
export function applyProfiles(
  root: LocatedMap,
  profiles: readonly string[],
): { root: LocatedMap; disabled: ReadonlySet<string> } {
  const services = get(root, 'services');
  const disabled = new Set<string>();
  if (services?.kind !== 'map') return { root, disabled };
  const entries = new Map<string, LocatedEntry>();
  for (const [name, entry] of services.entries) {
    const own = textsOf(get(entry.value, 'profiles'));
    const isOn =
      own.length === 0 || profiles.includes('*') || own.some((profile) => profiles.includes(profile));
    if (isOn) entries.set(name, entry);
    else disabled.add(name);
  }
  return { root: withEntry(root, 'services', { ...services, entries }), disabled };
}

function textsOf(node: Located | undefined): string[] {
  return node?.kind === 'list' ? node.items.flatMap((item) => textOf(item) ?? []) : [];
}
