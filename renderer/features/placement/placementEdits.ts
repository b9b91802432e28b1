import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import { Plain } from '#shared/compose/edit/Written.ts';
import { PLACEMENT_DEFAULTS, type PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';

/** The keys of the file, in the order in which they are written. */
const KEYS = {
  cpusPerWorker: 'cpus_per_worker',
  gpusPerWorker: 'gpus_per_worker',
  policy: 'policy',
  smt: 'smt',
  memory: 'memory',
  leaveFree: 'leave_free',
  threads: 'threads',
} as const satisfies Record<keyof PlacementPolicy, string>;

/** What a file may not say where replicas have no CPUs of their own. */
const OF_CPUS: ReadonlySet<keyof PlacementPolicy> = new Set([
  'cpusPerWorker',
  'policy',
  'smt',
  'memory',
  'leaveFree',
  'threads',
]);

const names = Object.keys(KEYS) as (keyof PlacementPolicy)[];
const written = (value: string | number): string | Plain =>
  typeof value === 'number' ? new Plain(value) : value;

/**
 * The changes of a compose file after which a service is placed as wanted: only what differs is touched, and what is as usual is left out of a file
 * that does not say it.
 *
 * @param before as the file has it; null: it says nothing
 */
export function placementEdits(
  service: string,
  before: PlacementPolicy | null,
  wanted: PlacementPolicy,
): ComposeEdit[] {
  const path = ['services', service, 'x-flotilla', 'placement'];
  const hasCpus = wanted.cpusPerWorker > 0;
  if (!hasCpus && wanted.gpusPerWorker === 0) return before === null ? [] : [{ kind: 'remove', path }];
  const said = names.filter(
    (name) => wanted[name] !== PLACEMENT_DEFAULTS[name] && (hasCpus || !OF_CPUS.has(name)),
  );
  // A mapping of its own takes the place of one in which the CPUs’ own keys would be left over.
  if (before === null || (before.cpusPerWorker > 0 && !hasCpus))
    return [{ kind: 'set', path, value: new Map(said.map((name) => [KEYS[name], written(wanted[name])])) }];
  return names.flatMap((name): ComposeEdit[] => {
    if (wanted[name] === before[name]) return [];
    const at = [...path, KEYS[name]];
    return wanted[name] === PLACEMENT_DEFAULTS[name] && (name === 'gpusPerWorker' || name === 'leaveFree')
      ? [{ kind: 'remove', path: at }]
      : [{ kind: 'set', path: at, value: written(wanted[name]) }];
  });
}
