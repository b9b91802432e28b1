import type { MetricUnit } from '../domain/Metrics.ts';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A value with its unit for people: `1.25 cores` as `1.25`, `12.3 MiB/s`, `45 %`; a dash where it is not known. */
export function metricWords(value: number | null | undefined, unit: MetricUnit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (unit) {
    case 'cores':
    case 'gpus':
      return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
    case 'share':
      return `${Math.round(value * 100)} %`;
    case 'bytes':
      return byteWords(value);
    case 'bytesPerSecond':
      return `${byteWords(value)}/s`;
    case 'perSecond':
      return `${short(value)}/s`;
    case 'count':
      return short(value);
  }
}

function short(value: number): string {
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}

function byteWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${BYTE_UNITS[unit] ?? ''}`;
}
