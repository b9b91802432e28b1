/**
 * What is measured of a worker, in the order in which values stand in samples. Rates are means since the sample before.
 */
export const METRICS = [
  'cores',
  'throttled',
  'throttledPeriods',
  'memory',
  'memoryLimit',
  'faults',
  'received',
  'sent',
  'read',
  'written',
  'processes',
  'gpu',
  'gpuMemory',
  'progress',
] as const;
export type Metric = (typeof METRICS)[number];

export type MetricUnit = 'cores' | 'share' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'count' | 'gpus';

export interface MetricFacts {
  title: string;
  unit: MetricUnit;
  /** How the values of several workers make one: bytes add up, shares do not. */
  join: 'sum' | 'mean';
  /** One sentence for who wonders. */
  help: string;
}

export const METRIC_FACTS: Record<Metric, MetricFacts> = {
  cores: {
    title: 'Cores used',
    unit: 'cores',
    join: 'sum',
    help: 'Time that processes ran, by the time that passed: 2 is two cores busy all the time.',
  },
  throttled: {
    title: 'Throttled',
    unit: 'cores',
    join: 'sum',
    help: 'Time that the CPU limit held processes back, of all cores together, by the time that passed.',
  },
  throttledPeriods: {
    title: 'Throttled periods',
    unit: 'share',
    join: 'mean',
    help: 'Share of the scheduler’s periods in which the CPU limit was used up.',
  },
  memory: {
    title: 'Memory',
    unit: 'bytes',
    join: 'sum',
    help: 'Memory in use without files that the kernel could drop at any moment (the working set).',
  },
  memoryLimit: {
    title: 'Memory limit',
    unit: 'bytes',
    join: 'sum',
    help: 'Memory that it may use; absent where only the machine is the limit.',
  },
  faults: {
    title: 'Major faults',
    unit: 'perSecond',
    join: 'sum',
    help: 'Pages a second that had to be read from a disk: high where memory is short.',
  },
  received: {
    title: 'Network in',
    unit: 'bytesPerSecond',
    join: 'sum',
    help: 'Received over all its networks.',
  },
  sent: { title: 'Network out', unit: 'bytesPerSecond', join: 'sum', help: 'Sent over all its networks.' },
  read: { title: 'Disk read', unit: 'bytesPerSecond', join: 'sum', help: 'Read from block devices.' },
  written: { title: 'Disk write', unit: 'bytesPerSecond', join: 'sum', help: 'Written to block devices.' },
  processes: {
    title: 'Processes',
    unit: 'count',
    join: 'sum',
    help: 'Processes and threads, as the kernel counts them.',
  },
  gpu: {
    title: 'GPUs used',
    unit: 'gpus',
    join: 'sum',
    help: 'Share of the time that kernels ran on its GPUs, added up: 2 is two GPUs busy all the time.',
  },
  gpuMemory: {
    title: 'GPU memory',
    unit: 'bytes',
    join: 'sum',
    help: 'Memory in use on the GPUs that it sees.',
  },
  progress: {
    title: 'Progress',
    unit: 'share',
    join: 'mean',
    help: 'Part of its work that a worker says it has done, in its log (x-flotilla.progress).',
  },
};

/** Values of one worker in the order of METRICS; null where it is not known. */
export interface MetricsRow {
  /** `service-index`. */
  worker: string;
  /** When it was measured by the engine's clock, epoch milliseconds. */
  atMs: number;
  /** Since the measurement before: the time over which rates are means. */
  spanMs: number;
  values: (number | null)[];
}

/**
 * `live`: every second; `slow`: now and then; `waiting`: to begin; `stopped`: it does not run.
 */
export type MeterState = 'live' | 'slow' | 'waiting' | 'stopped';

export interface MetricsWorker {
  worker: string;
  service: string;
  state: MeterState;
  /** Since it was first seen here; an end by it before counts as one. */
  oomKills: number;
}

/** A GPU of the machine that the engine runs on. */
export interface GpuReading {
  index: number;
  name: string;
  /** From 0 to 1; null where the driver cannot tell. */
  utilisation: number | null;
  memoryBytes: number | null;
  memoryTotalBytes: number | null;
}

/** `study`: a study takes times, so nothing is measured beside it. `away`: the engine does not answer. */
export type MetricsPhase = 'measuring' | 'study' | 'away';

export interface MetricsState {
  phase: MetricsPhase;
  /** By service and number. */
  workers: MetricsWorker[];
  /** Of the machine itself, where it has some and is this one. */
  gpus: GpuReading[];
}

/** Consecutive cells of equal length; the means over them. */
export interface MetricsColumns {
  /** Only those that were asked for and are known at all. */
  means: Partial<Record<Metric, (number | null)[]>>;
  /** The highest value seen in each cell. */
  peaks: Partial<Record<Metric, (number | null)[]>>;
}

export interface MetricsHistory {
  /** Begin of the first cell, epoch milliseconds by the engine's clock. */
  fromMs: number;
  stepMs: number;
  cells: number;
  workers: ({ worker: string; service: string } & MetricsColumns)[];
}
