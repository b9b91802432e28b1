import { fitLine } from './fitLine.ts';
import { type ScalingFit, type ThroughputPoint, toFit, usablePoints } from './ScalingFit.ts';

/**
 * Amdahl's law: 1/X(p) = a + b/p with a the serial part of the time and b the one that is shared; f = a / (a + b). Each point counts by how far it is off in
 * proportion, as times of runs scatter in proportion to themselves.
 *
 * @returns undefined for fewer than three worker counts that can be used: two always fit
 */
export function fitAmdahl(given: readonly ThroughputPoint[]): ScalingFit | undefined {
  const points = usablePoints(given, 3);
  if (points === undefined) return undefined;
  const { a, b } = fitLine(
    points.map(({ workers, throughput }) => ({ x: 1 / workers, y: 1 / throughput, weight: throughput })),
  );
  return toFit({ model: 'amdahl', gamma: 1 / (a + b), sigma: a / (a + b), kappa: 0 }, points);
}
