import { ownLimit, type StatsReading, workingSet } from './readStats.ts';

/**
 * The same as `readStats` of the parsed text, at a fraction of its cost: looks only for what is needed, from the front to the back, in the
 * order in which Docker's engine writes it. A layout that it does not know gives undefined or other numbers than `readStats`: who uses it
 * compares the two from time to time (see StatsParser).
 */
export function scanStats(text: string, machineBytes: number): StatsReading | undefined {
  const cpuAt = text.indexOf('"cpu_stats":{');
  const beforeAt = text.indexOf('"precpu_stats":{', cpuAt);
  const memoryAt = text.indexOf('"memory_stats":{', beforeAt);
  if (cpuAt === -1 || beforeAt === -1 || memoryAt === -1 || !text.startsWith('{"read":"')) return undefined;
  const readMs = Date.parse(text.slice(9, text.indexOf('"', 9)));
  const cpuNs = numberAfter(text, '"total_usage":', cpuAt, beforeAt);
  if (!(readMs > 0) || !(cpuNs > 0)) return undefined;
  const throttlingAt = text.indexOf('"throttling_data":{', cpuAt);
  const networksAt = text.indexOf('"networks":{', memoryAt);
  const memoryEnd = networksAt === -1 ? text.length : networksAt;
  const blocksAt = text.indexOf('"io_service_bytes_recursive":[');
  const blocksEnd = blocksAt === -1 ? -1 : text.indexOf(']', blocksAt);
  const v1Inactive = numberAfter(text, '"total_inactive_file":', memoryAt, memoryEnd);
  const v1Faults = numberAfter(text, '"total_pgmajfault":', memoryAt, memoryEnd);
  return {
    readMs,
    cpuNs,
    throttledNs: numberAfter(text, '"throttled_time":', throttlingAt, beforeAt),
    periods: numberAfter(text, '"periods":', throttlingAt, beforeAt),
    throttledPeriods: numberAfter(text, '"throttled_periods":', throttlingAt, beforeAt),
    faults: Number.isNaN(v1Faults) ? numberAfter(text, '"pgmajfault":', memoryAt, memoryEnd) : v1Faults,
    receivedBytes: sumAfter(text, '"rx_bytes":', networksAt, text.length),
    sentBytes: sumAfter(text, '"tx_bytes":', networksAt, text.length),
    readBytes: sumOfOperation(text, 'ead","value":', blocksAt, blocksEnd),
    writtenBytes: sumOfOperation(text, 'rite","value":', blocksAt, blocksEnd),
    memoryBytes: workingSet(
      numberAfter(text, '"usage":', memoryAt, memoryEnd),
      Number.isNaN(v1Inactive) ? numberAfter(text, '"inactive_file":', memoryAt, memoryEnd) : v1Inactive,
    ),
    memoryLimitBytes: ownLimit(numberAfter(text, '"limit":', memoryAt, memoryEnd), machineBytes),
    processes: numberAfter(text, '"current":', 0, cpuAt),
  };
}

/** NaN where the key does not stand between the two places, or is followed by no whole number. */
function numberAfter(text: string, key: string, from: number, to: number): number {
  if (from === -1) return Number.NaN;
  const at = text.indexOf(key, from);
  return at === -1 || at >= to ? Number.NaN : wholeNumberAt(text, at + key.length);
}

function wholeNumberAt(text: string, start: number): number {
  let value = 0;
  let at = start;
  for (; ; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  return at === start ? Number.NaN : value;
}

function sumAfter(text: string, key: string, from: number, to: number): number {
  if (from === -1) return Number.NaN;
  let sum = Number.NaN;
  for (let at = text.indexOf(key, from); at !== -1 && at < to; at = text.indexOf(key, at + key.length))
    sum = (Number.isNaN(sum) ? 0 : sum) + wholeNumberAt(text, at + key.length);
  return sum;
}

const sumOfOperation = (text: string, key: string, from: number, to: number): number =>
  from === -1 || to - from < 40 ? Number.NaN : sumAfter(text, key, from, to);
