import { fitLine } from './fitLine.ts';
import { type ScalingFit, type ThroughputPoint, toFit, usablePoints } from './ScalingFit.ts';

/**
 * Gustafson's law, for work that grows with the workers: X(p) = a + b·p, serial fraction a / (a + b). Each point counts by how far it is off in proportion.
 *
 * @param given throughput counts the grown work: p over the time
 * @returns undefined for fewer than three worker counts that can be used: two always fit
 */
export function fitGustafson(given: readonly ThroughputPoint[]): ScalingFit | undefined {
  const points = usablePoints(given, 3);
  if (points === undefined) return undefined;
  const { a, b } = fitLine(
    points.map(({ workers, throughput }) => ({ x: workers, y: throughput, weight: 1 / throughput })),
  );
  return toFit({ model: 'gustafson', gamma: a + b, sigma: a / (a + b), kappa: 0 }, points);
}
