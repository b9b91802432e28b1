/** A range of values, both ends included. */
export interface Interval {
  low: number;
  high: number;
}

/** How sure the intervals of a study are. */
export const CONFIDENCE = 0.95;
/** With five values even the whole range from least to greatest holds the median with 93.75 % only: 1 − 2·½⁵. */
export const FEWEST_FOR_INTERVAL = 6;

/** The middle one of the values, or halfway between the middle two; undefined where there are none or one is no finite number. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0 || !values.every(Number.isFinite)) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/**
 * The 95 % interval of the median from the order of the values alone, without a word on their distribution (Hoefler & Belli, SC'15, rule 5
 * and 3.1.3). From the d-th least to the d-th greatest of n values holds the median with 1 − 2·P(B ≤ d − 1), B binomial of n and ½. As
 * no d gives just 95 %, two neighbours are interpolated (Hettmansperger & Sheather, Statistics & Probability Letters 4, 1986).
 *
 * @returns undefined for fewer than six values, or when one is no finite number
 */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const count = values.length;
  if (count < FEWEST_FOR_INTERVAL || !values.every(Number.isFinite)) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const { depth, share } = interpolation(count);
  const at = (index: number): number => sorted[index] as number;
  return {
    low: (1 - share) * at(depth - 1) + share * at(depth),
    high: (1 - share) * at(count - depth) + share * at(count - depth - 1),
  };
}

/** Between which order statistics the ends lie: of the `depth`-th and the next one inwards, so far inwards. */
function interpolation(count: number): { depth: number; share: number } {
  // P(B = 0), and the sum up to d − 1, of a binomial distribution of `count` and ½.
  let probability = 0.5 ** count;
  let below = probability;
  for (let depth = 1; ; depth += 1) {
    probability *= (count - depth + 1) / depth;
    const outer = 1 - 2 * below;
    const inner = 1 - 2 * (below + probability);
    if (inner <= CONFIDENCE) {
      const way = (outer - CONFIDENCE) / (outer - inner);
      return { depth, share: ((count - depth) * way) / (depth + (count - 2 * depth) * way) };
    }
    below += probability;
  }
}
