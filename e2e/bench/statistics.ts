/** Linear-interpolation quantile (type 7) of a sample; NaN for an empty one. */
export function quantile(sample: number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

export const median = (sample: number[]): number => quantile(sample, 0.5);

/** Median with the range, for reports: three significant digits are plenty. */
export function summary(sample: number[]): { median: number; min: number; max: number; n: number } {
  return {
    median: round(median(sample)),
    min: round(Math.min(...sample)),
    max: round(Math.max(...sample)),
    n: sample.length,
  };
}

export const round = (value: number): number => Number(value.toPrecision(3));
