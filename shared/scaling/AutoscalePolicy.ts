/** How a service is scaled by itself, as its `x-flotilla.autoscale` says. At least one of `cpuTarget`, `queue`, `schedule` is set. */
export interface AutoscalePolicy {
  min: number;
  max: number;
  /**
   * Use of a worker's CPUs to aim at, on average: 0.7 is 70 % of its CPU limit, or of one core where it has none.
   */
  cpuTarget?: number | undefined;
  /** Something that counts the jobs that wait, and how many of them a worker is to have. */
  queue?: { source: QueueSource; perWorker: number } | undefined;
  /** In the order of the file. */
  schedule?: ScheduleEntry[] | undefined;
  /** Between two looks, milliseconds. */
  intervalMs: number;
  /** So many looks in a row must ask for more, or for fewer, before anything is done. */
  upAfter: number;
  downAfter: number;
}

export type QueueSource =
  /** Run in a container of the service; prints a number first. */
  | { kind: 'command'; service: string; command: string[] }
  /** Answers a number as text. */
  | { kind: 'http'; url: string };

/** From a time of day on, local time, so many replicas are wanted, until the next entry's time. */
export interface ScheduleEntry {
  /** 0 to 1439. */
  minuteOfDay: number;
  /** 0 is Sunday. */
  days: number[];
  replicas: number;
}

/** Dask's adaptive scaling looks each second and takes away after three looks that agree (distributed, `Adaptive`). */
export const AUTOSCALE_DEFAULTS = { intervalMs: 5_000, upAfter: 1, downAfter: 3 } as const;
