import type { ContainerLimits } from '../domain/ContainerLimits.ts';
import type { ServiceModel } from '../domain/ServiceModel.ts';
import { digestText } from './digestText.ts';

/** Settings that an engine can change while a container runs. */
export const LIVE_LIMITS = [
  'memoryBytes',
  'cpus',
  'pidsLimit',
] as const satisfies readonly (keyof ContainerLimits & keyof ServiceModel)[];
type LiveLimit = (typeof LIVE_LIMITS)[number];

/** Digests by setting: see settingsOf. */
type Digests = Readonly<Record<string, string>>;

const isLiveLimit = (name: string): name is LiveLimit => LIVE_LIMITS.some((limit) => limit === name);

/** No limit is undefined, 0 or -1, depending on who says it; the engine keeps billionths of a core. */
export const isSameLimit = (one = 0, other = 0): boolean =>
  Math.abs(Math.max(0, one) - Math.max(0, other)) < 1e-6;

/** Whether a container has the very limits that its service declares. */
export const hasLimits = (limits: ContainerLimits, service: ServiceModel): boolean =>
  LIVE_LIMITS.every((name) => isSameLimit(limits[name], service[name]));

/**
 * Memory and CPUs are never lifted while a container runs, so one that was made with a limit and shows none was made by an engine that
 * left it out, and would again: its label is all that tells whether it is as declared.
 */
const isLeftOut = (name: LiveLimit, real: number, label: Digests): boolean =>
  name !== 'pidsLimit' && real <= 0 && label[name] !== undefined;

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
  const digestNow = (name: LiveLimit): string | undefined => {
    const real = limits[name];
    if (isSameLimit(real, service[name])) return wanted[name];
    if (isLeftOut(name, real, label)) return label[name];
    return real > 0 ? digestText(String(real)) : undefined;
  };
  return Object.fromEntries([
    ...Object.entries(label).filter(([name]) => !isLiveLimit(name)),
    ...LIVE_LIMITS.flatMap((name) => {
      const digest = digestNow(name);
      return digest === undefined ? [] : [[name, digest] as const];
    }),
  ]);
}

/**
 * Whether the engine can bring a container to its service while it runs, where these settings differ and no other. A memory or CPU limit can
 * be set and changed, not lifted: an engine takes 0 for nothing said.
 */
export function appliesLive(
  names: readonly string[],
  service: ServiceModel,
  { limits, settings = {} }: { limits?: ContainerLimits | undefined; settings?: Digests | undefined },
): boolean {
  return (
    limits !== undefined &&
    names.every(
      (name) =>
        isLiveLimit(name) &&
        (name === 'pidsLimit' || ((service[name] ?? 0) > 0 && !isLeftOut(name, limits[name], settings))),
    )
  );
}
