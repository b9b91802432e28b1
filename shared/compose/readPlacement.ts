import {
  MEMORY_CHOICES,
  MOST_CPUS,
  MOST_GPUS,
  PLACEMENT_DEFAULTS,
  PLACEMENT_POLICIES,
  type PlacementPolicy,
  SMT_CHOICES,
  THREAD_CHOICES,
} from '../placement/PlacementPolicy.ts';
import { checkKeys } from './checkKeys.ts';
import { get, isNothing, kindName, type LocatedMap, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

const WHAT = 'x-flotilla.placement';
const CODE = 'bad-placement';
const KEYS = new Set([
  'cpus_per_worker',
  'policy',
  'smt',
  'memory',
  'gpus_per_worker',
  'leave_free',
  'threads',
]);
const EXAMPLE = 'Write for example placement: { cpus_per_worker: 2, policy: spread }.';

/**
 * Where the replicas of a service are to run (`x-flotilla.placement`); undefined: anywhere, or what is said cannot be followed (then there are
 * errors). Whether the engine has room for them only a look at it tells.
 */
export function readPlacement(reader: ServiceReader): PlacementPolicy | undefined {
  const node = get(reader.at('x-flotilla'), 'placement');
  if (node === undefined || isNothing(node)) return undefined;
  if (node.kind !== 'map') {
    reader.error(CODE, node, `${WHAT} must be a mapping, not ${kindName(node)}.`, EXAMPLE);
    return undefined;
  }
  const before = reader.findings.errorsSaid;
  checkKeys(reader, node, KEYS, WHAT, CODE);
  const whole = (key: string, least: number, most: number): number | undefined =>
    reader.number(get(node, key), `${WHAT}.${key}`, { least, most, whole: true });
  const policy: PlacementPolicy = {
    cpusPerWorker: whole('cpus_per_worker', 1, MOST_CPUS) ?? PLACEMENT_DEFAULTS.cpusPerWorker,
    policy: choice(reader, node, 'policy', PLACEMENT_POLICIES) ?? PLACEMENT_DEFAULTS.policy,
    smt: choice(reader, node, 'smt', SMT_CHOICES) ?? PLACEMENT_DEFAULTS.smt,
    memory: choice(reader, node, 'memory', MEMORY_CHOICES) ?? PLACEMENT_DEFAULTS.memory,
    gpusPerWorker: whole('gpus_per_worker', 1, MOST_GPUS) ?? PLACEMENT_DEFAULTS.gpusPerWorker,
    leaveFree: whole('leave_free', 0, MOST_CPUS) ?? PLACEMENT_DEFAULTS.leaveFree,
    threads: choice(reader, node, 'threads', THREAD_CHOICES) ?? PLACEMENT_DEFAULTS.threads,
  };
  if (reader.findings.errorsSaid === before) checkAgainstService(reader, node, policy);
  return reader.findings.errorsSaid === before ? policy : undefined;
}

function choice<Word extends string>(
  reader: ServiceReader,
  node: LocatedMap,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = get(node, key);
  if (value === undefined || isNothing(value)) return undefined;
  const text = textOf(value);
  const found = words.find((word) => word === text);
  if (found === undefined)
    reader.error(
      CODE,
      value,
      `${WHAT}.${key}: “${text?.slice(0, 60) ?? kindName(value)}” is none of ${words.join(' and ')}.`,
      `Write ${words.join(' or ')}.`,
    );
  return found;
}

/** What of the service says otherwise, or has no meaning without the rest. */
function checkAgainstService(reader: ServiceReader, node: LocatedMap, policy: PlacementPolicy): void {
  const { cpusPerWorker, gpusPerWorker } = policy;
  if (cpusPerWorker === 0 && gpusPerWorker === 0) {
    reader.error(CODE, node, `${WHAT} gives replicas neither CPUs nor GPUs.`, EXAMPLE);
    return;
  }
  for (const key of ['policy', 'smt', 'memory', 'leave_free', 'threads'])
    if (cpusPerWorker === 0 && !isNothing(get(node, key)))
      reader.error(
        CODE,
        get(node, key) ?? node,
        `${WHAT}.${key} means nothing without cpus_per_worker.`,
        'Add cpus_per_worker, or take it out.',
      );
  const cpuset = reader.at('cpuset');
  if (cpusPerWorker > 0 && cpuset !== undefined)
    reader.error(
      CODE,
      cpuset,
      `cpuset gives all replicas the same CPUs, and ${WHAT} gives each its own.`,
      'Take one of the two out.',
    );
  const devices = get(get(get(reader.at('deploy'), 'resources'), 'reservations'), 'devices');
  const gpus = reader.at('gpus') ?? (isNothing(devices) ? undefined : devices);
  if (gpusPerWorker > 0 && gpus !== undefined)
    reader.error(
      CODE,
      gpus,
      `GPUs are asked for here, and by ${WHAT}.gpus_per_worker.`,
      'Take one of the two out.',
    );
  warnOfQuota(reader, cpusPerWorker);
}

/** A quota stops all threads together, which is the very thing that CPUs of one’s own avoid. */
function warnOfQuota(reader: ServiceReader, cpusPerWorker: number): void {
  const limit = get(get(get(reader.at('deploy'), 'resources'), 'limits'), 'cpus');
  const node = isNothing(limit) ? reader.at('cpus') : limit;
  if (node === undefined || cpusPerWorker === 0) return;
  const cpus = Number(textOf(node));
  if (cpus > 0 && cpus < cpusPerWorker)
    reader.warn(
      'quota-below-placement',
      node,
      `each replica has ${cpusPerWorker} CPUs of its own and may use ${cpus} of them.`,
      'Its threads are stopped together as soon as they have used that up. Leave the limit out, or write fewer cpus_per_worker.',
    );
}
