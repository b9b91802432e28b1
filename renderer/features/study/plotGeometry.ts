/** The box that values are drawn in, in units of the picture. */
export const PLOT = { width: 400, height: 230, left: 48, right: 12, top: 12, bottom: 38 } as const;
/** Left free beside the first and the last worker count, so that their points stand clear of the edges. */
const CLEAR = 12;

export interface Axis {
  low: number;
  high: number;
  ticks: number[];
  isLog: boolean;
}

/** Doublings from at most the least to at least the greatest value. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const first = Math.floor(Math.log2(Math.min(1, ...positive)));
  const last = Math.max(first + 1, Math.ceil(Math.log2(Math.max(1, ...positive)) - 1e-9));
  return {
    low: 2 ** first,
    high: 2 ** last,
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 2 ** (first + index)),
    isLog: true,
  };
}

/** From 0 to at least `high`, in steps of a fifth. */
export function shareAxis(high: number): Axis {
  const steps = Math.max(6, Math.ceil(high * 5 - 1e-9));
  return {
    low: 0,
    high: Math.max(1.1, steps > 6 ? steps / 5 : 1.1),
    ticks: Array.from({ length: steps }, (_, index) => index / 5).filter((tick) => tick <= Math.max(1, high)),
    isLog: false,
  };
}

function share({ low, high, isLog }: Axis, value: number): number {
  return isLog ? Math.log2(value / low) / Math.log2(high / low) : (value - low) / (high - low);
}

export function xOf(axis: Axis, value: number): number {
  return PLOT.left + CLEAR + share(axis, value) * (PLOT.width - PLOT.left - PLOT.right - 2 * CLEAR);
}

/** What lies outside of the axis is drawn at its end. */
export function yOf(axis: Axis, value: number): number {
  const inside = Math.min(axis.high, Math.max(axis.low, value));
  return PLOT.height - PLOT.bottom - share(axis, inside) * (PLOT.height - PLOT.top - PLOT.bottom);
}
