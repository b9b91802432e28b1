import type { SeededRandom } from './SeededRandom.ts';

/** A number of the standard normal distribution (Box & Muller, 1958), for simulations in tests. */
export function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
