import type { LogRow } from '#shared/domain/LogView.ts';

/** Epoch milliseconds of a row, with fractions. */
export function rowTimeMs(row: LogRow): number {
  return Number(row.timestamp) / 1e6;
}

/** Epoch microseconds of a row, rounded down. */
export function rowTimeUs(row: LogRow): number {
  return Math.floor(Number(row.timestamp) / 1e3);
}
