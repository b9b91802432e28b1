import { median } from '../study/median.ts';

/** How far a value lies from those it is compared with. */
export interface Comparison {
  /** Median of the others. */
  centre: number;
  /** Distance from the centre in robust standard deviations; negative: below. */
  score: number;
}

/** Of a normal distribution the median absolute deviation is 0.6745 standard deviations. */
const DEVIATIONS_PER_MAD = 1.4826;
/** Others that agree to a hair would make an outlier of the least difference. */
const LEAST_SHARE = 0.05;

/** From where on a value is an outlier (B. Iglewicz and D. Hoaglin, “How to Detect and Handle Outliers”, 1993). */
export const OUTLIER = 3.5;

/**
 * The modified z-score of Iglewicz and Hoaglin of a value against others, from their median and median absolute deviation (MAD), neither of
 * which a few outliers can move. The scale is at least 5 % of the centre and at least `leastScale`.
 *
 * @returns undefined for no others
 */
export function compareRobustly(
  value: number,
  others: readonly number[],
  leastScale: number,
): Comparison | undefined {
  const centre = median(others);
  if (centre === undefined) return undefined;
  const mad = median(others.map((other) => Math.abs(other - centre))) ?? 0;
  const scale = Math.max(DEVIATIONS_PER_MAD * mad, LEAST_SHARE * Math.abs(centre), leastScale);
  return { centre, score: (value - centre) / scale };
}
