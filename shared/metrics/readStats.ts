/**
 * What one answer of `GET /containers/{id}/stats` says (Docker Engine API; Podman's compatible API has the same shape). Counters grow
 * until the container is started anew. NaN: not said.
 */
export interface StatsReading {
  /** When it was measured by the engine's clock, epoch milliseconds. */
  readMs: number;
  /** Counters. */
  cpuNs: number;
  throttledNs: number;
  periods: number;
  throttledPeriods: number;
  faults: number;
  receivedBytes: number;
  sentBytes: number;
  readBytes: number;
  writtenBytes: number;
  /** Gauges. */
  memoryBytes: number;
  /** NaN also where there is none of its own. */
  memoryLimitBytes: number;
  processes: number;
}

type Bag = Record<string, unknown>;

/**
 * Understands cgroup v1 (`total_inactive_file`, operations `Read` and `Write`) and v2 (`inactive_file`, `read` and `write`).
 *
 * @param machineBytes memory of the machine: engines give it as the limit where there is none
 * @returns undefined for a container that does not run: no time or no CPU counter
 */
export function readStats(answer: unknown, machineBytes: number): StatsReading | undefined {
  const stats = bag(answer);
  const cpu = bag(stats['cpu_stats']);
  const cpuNs = number(bag(cpu['cpu_usage'])['total_usage']);
  const readMs = typeof stats['read'] === 'string' ? Date.parse(stats['read']) : Number.NaN;
  // An engine that found no process says the year 1, or zeros.
  if (!(readMs > 0) || !(cpuNs > 0)) return undefined;
  const throttling = bag(cpu['throttling_data']);
  const memory = bag(stats['memory_stats']);
  const details = bag(memory['stats']);
  const disk = operations(bag(stats['blkio_stats'])['io_service_bytes_recursive']);
  const network = interfaces(stats['networks']);
  return {
    readMs,
    cpuNs,
    throttledNs: number(throttling['throttled_time']),
    periods: number(throttling['periods']),
    throttledPeriods: number(throttling['throttled_periods']),
    faults: first(details['total_pgmajfault'], details['pgmajfault']),
    receivedBytes: network.received,
    sentBytes: network.sent,
    readBytes: disk.read,
    writtenBytes: disk.written,
    memoryBytes: workingSet(
      number(memory['usage']),
      first(details['total_inactive_file'], details['inactive_file']),
    ),
    memoryLimitBytes: ownLimit(number(memory['limit']), machineBytes),
    processes: number(bag(stats['pids_stats'])['current']),
  };
}

/** Usage without the files that the kernel could drop, as `docker stats` counts it. */
export function workingSet(usage: number, inactiveFile: number): number {
  return inactiveFile <= usage ? usage - inactiveFile : usage;
}

/** NaN for none: zero, or no less than the machine has. */
export function ownLimit(limit: number, machineBytes: number): number {
  return limit > 0 && !(limit >= machineBytes) ? limit : Number.NaN;
}

function operations(entries: unknown): { read: number; written: number } {
  const sums = { read: Number.NaN, written: Number.NaN };
  if (!Array.isArray(entries)) return sums;
  for (const entry of entries.map(bag)) {
    const value = number(entry['value']);
    const operation = String(entry['op']).toLowerCase();
    const key = operation === 'read' ? 'read' : operation === 'write' ? 'written' : undefined;
    if (key !== undefined && value >= 0) sums[key] = (Number.isNaN(sums[key]) ? 0 : sums[key]) + value;
  }
  return sums;
}

function interfaces(networks: unknown): { received: number; sent: number } {
  const all = Object.values(bag(networks)).map(bag);
  // One in the machine's own network has none to count.
  if (all.length === 0) return { received: Number.NaN, sent: Number.NaN };
  return {
    received: all.reduce((sum, one) => sum + number(one['rx_bytes']), 0),
    sent: all.reduce((sum, one) => sum + number(one['tx_bytes']), 0),
  };
}

function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? (value as Bag) : {};
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

function first(...values: unknown[]): number {
  return values.map(number).find((value) => !Number.isNaN(value)) ?? Number.NaN;
}
