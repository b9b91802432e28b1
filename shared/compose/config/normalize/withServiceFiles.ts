import { get, type LocatedMap } from '../../Located.ts';
import type { LoadContext } from '../LoadContext.ts';
import { withEntry } from '../tree/withEntry.ts';
import { readServiceFiles } from './readServiceFiles.ts';

/** The project with what its services read from files (`readServiceFiles`). */
export async function withServiceFiles(root: LocatedMap, context: LoadContext): Promise<LocatedMap> {
  const services = get(root, 'services');
  if (services?.kind !== 'map') return root;
  const entries = new Map(services.entries);
  for (const [name, { key, value }] of services.entries)
    if (value.kind === 'map') entries.set(name, { key, value: await readServiceFiles(value, context) });
  return withEntry(root, 'services', { ...services, entries });
}
