import type { AutoscalePolicy } from './AutoscalePolicy.ts';
import { scheduledNow } from './scheduledNow.ts';

/** What one look found. Undefined: it could not be measured, or there is nothing to measure. */
export interface ScaleSample {
  /** Wanted now. */
  replicas: number;
  /** Running now. */
  running: number;
  /** Mean use of the running workers' CPUs, where 1 is all of their limit. */
  cpu?: number | undefined;
  /** Jobs that wait. */
  queue?: number | undefined;
  /** Local time. */
  minuteOfDay: number;
  /** 0 is Sunday. */
  day: number;
}

/** What earlier looks asked for, one after the other, since the last change. */
export interface ScaleMemory {
  above: readonly number[];
  below: readonly number[];
}

export interface ScaleVerdict {
  memory: ScaleMemory;
  /** Replicas to have now; undefined: leave it. */
  to: number | undefined;
  /** What this look asks for, within the bounds; undefined: nothing could be measured. */
  wanted: number | undefined;
  /** For people: what was seen and what follows. */
  reason: string;
}

export const NO_MEMORY: ScaleMemory = { above: [], below: [] };

/** Within a tenth of the target nothing is done (Kubernetes, horizontal-pod-autoscaler-tolerance). */
const TOLERANCE = 0.1;

/**
 * One look's verdict. Each signal asks for a number, the largest counts:
 * - CPU: running × use / target, rounded up (Kubernetes, Horizontal Pod Autoscaling, "Algorithm details");
 * - queue: jobs / jobs for each worker, rounded up (as KEDA and Dask do);
 * - schedule: what its last entry says.
 *
 * More is done after `upAfter` looks in a row that ask for more, less after `downAfter` that ask for fewer, and then for the most that any
 * of these asked for: a short lull takes no worker away.
 */
export function decideScale(policy: AutoscalePolicy, memory: ScaleMemory, sample: ScaleSample): ScaleVerdict {
  const asked = [byCpu(policy, sample), byQueue(policy, sample), bySchedule(policy, sample)].filter(
    (one) => one !== undefined,
  );
  const most = asked.reduce<Asked | undefined>(
    (best, one) => (best === undefined || one.replicas > best.replicas ? one : best),
    undefined,
  );
  const { replicas } = sample;
  // A number set by hand, or bounds that changed: nothing needs to be measured for these.
  if (replicas < policy.min || (replicas > policy.max && most === undefined)) {
    const to = Math.max(policy.min, Math.min(policy.max, Math.max(replicas, most?.replicas ?? 0)));
    return { memory: NO_MEMORY, to, wanted: to, reason: `${replicas} is outside of ${bounds(policy)}` };
  }
  if (most === undefined)
    return { memory, to: undefined, wanted: undefined, reason: 'nothing could be measured' };
  const wanted = Math.max(policy.min, Math.min(policy.max, most.replicas));
  const reason =
    wanted === most.replicas
      ? most.reason
      : `${most.reason}; ${most.replicas} would be ${wanted < most.replicas ? 'more' : 'fewer'} than ${bounds(policy)} allows`;
  if (wanted === replicas) return { memory: NO_MEMORY, to: undefined, wanted, reason };
  if (wanted > replicas) {
    const above = [...memory.above, wanted];
    return above.length >= policy.upAfter
      ? { memory: NO_MEMORY, to: wanted, wanted, reason }
      : { memory: { above, below: [] }, to: undefined, wanted, reason };
  }
  const below = [...memory.below, wanted];
  return below.length >= policy.downAfter
    ? { memory: NO_MEMORY, to: Math.max(...below), wanted, reason }
    : { memory: { above: [], below }, to: undefined, wanted, reason };
}

interface Asked {
  replicas: number;
  reason: string;
}

function byCpu({ cpuTarget }: AutoscalePolicy, { cpu, running, replicas }: ScaleSample): Asked | undefined {
  if (cpuTarget === undefined || cpu === undefined || running === 0) return undefined;
  const ratio = cpu / cpuTarget;
  const reason = `CPU at ${percent(cpu)}, ${percent(cpuTarget)} wanted`;
  return {
    replicas: Math.abs(ratio - 1) <= TOLERANCE ? replicas : Math.ceil(running * ratio - 1e-9),
    reason,
  };
}

function byQueue({ queue: rule }: AutoscalePolicy, { queue }: ScaleSample): Asked | undefined {
  if (rule === undefined || queue === undefined) return undefined;
  return {
    replicas: Math.ceil(queue / rule.perWorker),
    reason: `${queue} ${queue === 1 ? 'job waits' : 'jobs wait'}, ${rule.perWorker} for each worker`,
  };
}

function bySchedule({ schedule }: AutoscalePolicy, sample: ScaleSample): Asked | undefined {
  const entry = scheduledNow(schedule ?? [], sample.day, sample.minuteOfDay);
  if (entry === undefined) return undefined;
  const hours = String(Math.floor(entry.minuteOfDay / 60)).padStart(2, '0');
  const minutes = String(entry.minuteOfDay % 60).padStart(2, '0');
  return { replicas: entry.replicas, reason: `from ${hours}:${minutes} on ${entry.replicas} are scheduled` };
}

const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;
const bounds = ({ min, max }: AutoscalePolicy): string => `${min} to ${max}`;
