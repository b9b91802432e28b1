import { type Interval, median } from './median.ts';
import { ratioInterval } from './ratioInterval.ts';
import { SeededRandom } from './SeededRandom.ts';

/** Two samples of times: the ratio of the medians, after over before, and whether a difference can be told. */
export interface TimeComparison {
  ratio: number;
  /** 95 %; absent where one of the two has fewer than six repetitions. */
  interval?: Interval | undefined;
  /** `unclear`: the interval holds 1, or there is none. */
  difference: 'faster' | 'slower' | 'unclear';
}

/** @param seed the same for the same comparison, so that it always says the same */
export function compareTimes(
  before: readonly number[],
  after: readonly number[],
  seed: number,
): TimeComparison {
  const ratio = (median(after) ?? Number.NaN) / (median(before) ?? Number.NaN);
  const interval = ratioInterval(after, before, new SeededRandom(seed));
  const difference =
    interval === undefined || (interval.low <= 1 && interval.high >= 1)
      ? 'unclear'
      : interval.high < 1
        ? 'faster'
        : 'slower';
  return { ratio, interval, difference };
}
