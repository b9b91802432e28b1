import type { ContainerLimits } from '../domain/ContainerLimits.ts';
import type { ServiceModel } from '../domain/ServiceModel.ts';
import { isSameCpuList } from '../placement/cpuList.ts';
import { digestText } from './digestText.ts';

/** Settings that an engine can change while a container runs: numbers. */
export const LIVE_LIMITS = [
  'memoryBytes',
  'cpus',
  'pidsLimit',
] as const satisfies readonly (keyof ContainerLimits & keyof ServiceModel)[];
/** And lists of CPUs or memory nodes. */
const LIVE_SETS = ['cpuset', 'cpusetMems'] as const satisfies readonly (keyof ContainerLimits &
  keyof ServiceModel)[];
type LiveNumber = (typeof LIVE_LIMITS)[number];
type LiveSet = (typeof LIVE_SETS)[number];

/** Digests by setting: see settingsOf. */
type Digests = Readonly<Record<string, string>>;

const isLiveNumber = (name: string): name is LiveNumber => LIVE_LIMITS.some((limit) => limit === name);
const isLiveSet = (name: string): name is LiveSet => LIVE_SETS.some((limit) => limit === name);

/** No limit is undefined, 0 or -1, depending on who says it; the engine keeps billionths of a core. */
export const isSameLimit = (one = 0, other = 0): boolean =>
  Math.abs(Math.max(0, one) - Math.max(0, other)) < 1e-6;

/** Whether a container has the very limits that its service declares. */
export const hasLimits = (limits: ContainerLimits, service: ServiceModel): boolean =>
  LIVE_LIMITS.every((name) => isSameLimit(limits[name], service[name])) &&
  LIVE_SETS.every((name) => isSameCpuList(limits[name] ?? '', service[name] ?? ''));

/**
 * Memory and CPUs are never lifted while a container runs, so one that was made with a limit and shows none was made by an engine that
 * left it out, and would again: its label is all that tells whether it is as declared.
 */
const isLeftOut = (name: LiveNumber | LiveSet, limits: ContainerLimits, label: Digests): boolean =>
  name !== 'pidsLimit' &&
  (isLiveSet(name) ? (limits[name] ?? '') === '' : limits[name] <= 0) &&
  label[name] !== undefined;

/**
 * The settings that a container has now: what its label says it was made with, and in place of the limits that can be changed since those
 * that the engine has. After 512 MiB, 1 GiB and 512 MiB again in the file the label is what the file says, and the container is not.
 *
 * @param label digests that the container's label holds
 * @param wanted digests of its service
 * @param limits undefined: the engine cannot change any, and the label tells all
 */
export function effectiveSettings(
  label: Digests,
  service: ServiceModel,
  wanted: Digests,
  limits: ContainerLimits | undefined,
): Digests {
  if (limits === undefined) return label;
  const numberNow = (name: LiveNumber): string | undefined => {
    const real = limits[name];
    if (isSameLimit(real, service[name])) return wanted[name];
    if (isLeftOut(name, limits, label)) return label[name];
    return real > 0 ? digestText(String(real)) : undefined;
  };
  const setNow = (name: LiveSet): string | undefined => {
    const real = limits[name] ?? '';
    if (isSameCpuList(real, service[name] ?? '')) return wanted[name];
    if (isLeftOut(name, limits, label)) return label[name];
    return real === '' ? undefined : digestText(JSON.stringify(real));
  };
  return Object.fromEntries([
    ...Object.entries(label).filter(([name]) => !isLiveNumber(name) && !isLiveSet(name)),
    ...[
      ...LIVE_LIMITS.map((name) => [name, numberNow(name)] as const),
      ...LIVE_SETS.map((name) => [name, setNow(name)] as const),
    ].flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest] as const])),
  ]);
}

/**
 * Whether the engine can bring a container to its service while it runs, where these settings differ and no other. A memory or CPU limit and
 * a set of CPUs can be set and changed, not lifted: an engine takes 0, and an empty text, for nothing said.
 */
export function appliesLive(
  names: readonly string[],
  service: ServiceModel,
  { limits, settings = {} }: { limits?: ContainerLimits | undefined; settings?: Digests | undefined },
): boolean {
  return (
    limits !== undefined &&
    names.every((name) => {
      if (!isLiveNumber(name) && !isLiveSet(name)) return false;
      const isSaid = isLiveSet(name) ? (service[name] ?? '') !== '' : (service[name] ?? 0) > 0;
      return name === 'pidsLimit' || (isSaid && !isLeftOut(name, limits, settings));
    })
  );
}
