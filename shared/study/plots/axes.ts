/** A scale, either way: values at its ends, and those that are written beside it. */
export interface Axis {
  /** `bands`: each tick in a place of its own, all as far apart. */
  kind: 'log' | 'linear' | 'bands';
  low: number;
  high: number;
  ticks: number[];
}

/** Steps of a linear axis: about so many, so that each has room. */
const STEPS = 5;

/** From the least to the greatest value, 1 among them in any case, with doublings as ticks. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(1, ...positive);
  const high = Math.max(2 * low, ...positive);
  const first = Math.ceil(Math.log2(low) - 1e-9);
  const last = Math.floor(Math.log2(high) + 1e-9);
  return {
    kind: 'log',
    low,
    high,
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 2 ** (first + index)),
  };
}

/** Shares of 1: from 0 to 1.1, or to what is better than perfect, in steps of a fifth. */
export function shareAxis(high: number): Axis {
  const top = Number.isFinite(high) && high > 1.1 ? Math.ceil(high * 5 - 1e-9) / 5 : 1.1;
  const ticks = Array.from({ length: Math.floor(top * 5 + 1e-9) + 1 }, (_, index) => index / 5);
  // Far beyond perfect there is no room for all.
  const every = Math.ceil(ticks.length / 8);
  return { kind: 'linear', low: 0, high: top, ticks: ticks.filter((_, index) => index % every === 0) };
}

/** From 0, or what is less, to at least the greatest value, in round steps (1, 2 or 5 times a power of ten). */
export function roundAxis(values: readonly number[]): Axis {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(0, ...finite);
  const most = Math.max(0, ...finite);
  const rough = (most - least || 1) / STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  return {
    kind: 'linear',
    low: first * step,
    high: last * step,
    ticks: Array.from({ length: last - first + 1 }, (_, index) =>
      Number(((first + index) * step).toPrecision(12)),
    ),
  };
}

export function bandAxis(values: readonly number[]): Axis {
  return { kind: 'bands', low: 0, high: Math.max(1, values.length), ticks: [...values] };
}

/** Where a value stands between the ends, 0 to 1; what lies outside stands at the end it is nearer to. */
export function shareOf({ kind, low, high, ticks }: Axis, value: number): number {
  switch (kind) {
    case 'log':
      return within(Math.log2(value / low) / Math.log2(high / low));
    case 'linear':
      return within((value - low) / (high - low));
    case 'bands': {
      const index = ticks.indexOf(value);
      // Between two of them: on the border.
      const place = index === -1 ? ticks.filter((tick) => tick < value).length : index + 0.5;
      return place / high;
    }
  }
}

const within = (share: number): number => (Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share)));
