import { CONFIDENCE, FEWEST_FOR_INTERVAL, type Interval } from './median.ts';
import type { SeededRandom } from './SeededRandom.ts';

/** Draws of the bootstrap: enough that its ends move by less than the times themselves do. */
const DRAWS = 2_000;

/**
 * The 95 % interval of the ratio of two medians, by the percentile bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13): both samples are drawn anew, with replacement, and the ratio is taken, again and again. It is the interval of a speedup, and, as percentiles go
 * along with whatever the ratio is put through, of what follows from one.
 *
 * @returns undefined when one of the samples has fewer than six values, or holds what is no positive number
 */
export function ratioInterval(
  numerators: readonly number[],
  denominators: readonly number[],
  random: SeededRandom,
): Interval | undefined {
  const count = Math.min(numerators.length, denominators.length);
  if (count < FEWEST_FOR_INTERVAL) return undefined;
  if (![...numerators, ...denominators].every((value) => Number.isFinite(value) && value > 0))
    return undefined;
  const over = resampler(numerators, random);
  const under = resampler(denominators, random);
  const ratios = Float64Array.from({ length: DRAWS }, () => over() / under()).sort();
  const tail = ((1 - CONFIDENCE) / 2) * (DRAWS - 1);
  return {
    low: ratios[Math.floor(tail)] as number,
    high: ratios[Math.ceil(DRAWS - 1 - tail)] as number,
  };
}

/** Answers the median of one more sample drawn with replacement, each time it is called. */
export function resampler(values: readonly number[], random: SeededRandom): () => number {
  const count = values.length;
  const drawn = new Float64Array(count);
  const middle = count >> 1;
  return () => {
    for (let index = 0; index < count; index += 1) {
      // Sorted as they come: samples are small.
      const value = values[random.below(count)] as number;
      let at = index;
      for (; at > 0 && (drawn[at - 1] as number) > value; at -= 1) drawn[at] = drawn[at - 1] as number;
      drawn[at] = value;
    }
    const upper = drawn[middle] as number;
    return count % 2 === 1 ? upper : ((drawn[middle - 1] as number) + upper) / 2;
  };
}
