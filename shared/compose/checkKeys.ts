import { nearestKey } from './knownKeys.ts';
import type { LocatedMap } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** Tells of each key of a mapping of Flotilla's own that is none of those it knows. */
export function checkKeys(
  reader: ServiceReader,
  node: LocatedMap,
  known: ReadonlySet<string>,
  what: string,
  code: string,
): void {
  for (const [key, entry] of node.entries)
    if (!known.has(key)) {
      const near = nearestKey(key, known);
      reader.error(
        code,
        entry.key,
        `${what} has no “${key}”.`,
        near === undefined ? `There are ${[...known].join(', ')}.` : `Did you mean “${near}”?`,
      );
    }
}
