import { fitLevenberg } from './fitLevenberg.ts';
import { fitLine } from './fitLine.ts';
import { type ScalingFit, type ThroughputPoint, toFit, usablePoints } from './ScalingFit.ts';

/**
 * The Universal Scalability Law by non-linear least squares with σ, κ ≥ 0 and γ free, starting from its linear form (γ·p/X − 1)/(p − 1) = σ + κ·p.
 *
 * @param errors what is made least: `absolute` the squares of the differences (as Gunther, and the R package `usl`, have it), `relative` those of the
 *   differences in proportion, which is what fits measured times
 * @returns undefined for fewer than four worker counts that can be used: three always fit
 */
export function fitUsl(
  given: readonly ThroughputPoint[],
  errors: 'absolute' | 'relative' = 'relative',
): ScalingFit | undefined {
  const points = usablePoints(given, 4);
  if (points === undefined) return undefined;
  // Of the order of 1, whatever the unit.
  const scale = points.reduce((most, { throughput }) => Math.max(most, throughput), 0);
  const [gamma = 0, sigma = 0, kappa = 0] = fitLevenberg(
    USL,
    points.map(({ workers, throughput }) => ({ x: workers, y: throughput / scale })),
    startOf(points, scale),
    [0, 0, 0],
    points.map(({ throughput }) => (errors === 'absolute' ? 1 : scale / throughput)),
  );
  return toFit({ model: 'usl', gamma: gamma * scale, sigma, kappa }, points);
}

const USL = {
  value([gamma = 0, sigma = 0, kappa = 0]: readonly number[], p: number): number {
    return (gamma * p) / (1 + sigma * (p - 1) + kappa * p * (p - 1));
  },
  gradient([gamma = 0, sigma = 0, kappa = 0]: readonly number[], p: number): number[] {
    const below = 1 + sigma * (p - 1) + kappa * p * (p - 1);
    const bySigma = (-gamma * p * (p - 1)) / below ** 2;
    return [p / below, bySigma, bySigma * p];
  },
};

function startOf(points: readonly ThroughputPoint[], scale: number): number[] {
  const [first] = points as [ThroughputPoint, ...ThroughputPoint[]];
  const gamma = first.throughput / first.workers / scale;
  const { a, b } = fitLine(
    points
      .filter(({ workers }) => workers > first.workers)
      .map(({ workers, throughput }) => ({
        x: workers,
        y: ((gamma * workers * scale) / throughput - 1) / (workers - 1),
        weight: 1,
      })),
  );
  return [gamma, a, b];
}
