/** A measurement: so many workers, so much work a second (or 1 over the time). */
export interface ThroughputPoint {
  workers: number;
  throughput: number;
}

/**
 * A model fitted to throughputs. `gamma` is the throughput of one worker as the model has it, for that, too, is measured with noise.
 * - amdahl: X(p) = γ / (σ + (1 − σ)/p); σ is the serial fraction (Amdahl, AFIPS 1967)
 * - gustafson: X(p) = γ·(p − σ·(p − 1)); σ is the serial fraction of the scaled run (Gustafson, CACM 31(5), 1988)
 * - usl: X(p) = γ·p / (1 + σ·(p − 1) + κ·p·(p − 1)); σ contention, κ coherency (Gunther, Guerrilla Capacity Planning, 2007, chapter 4;
 *   arXiv 0808.1431). κ = 0 is Amdahl's law.
 */
export interface ScalingFit {
  model: 'amdahl' | 'gustafson' | 'usl';
  gamma: number;
  sigma: number;
  kappa: number;
  /** Of each point: (measured − model) / model. */
  residuals: number[];
  /** 1 − residual over total sum of squares; undefined when all throughputs are alike, where it says nothing. */
  rSquared: number | undefined;
  /** Numbers of workers it was fitted to. */
  from: number;
  to: number;
  points: number;
  /** What to bear in mind, a sentence each. */
  notes: string[];
}

/** Fewer distinct counts do not tell contention from coherency (Gunther, 2007, 5.5: at least six). */
export const FEWEST_FOR_MODEL = 6;
/** Beyond so many times the range measured nothing is said. */
export const FARTHEST = 2;

/** The model's throughput. */
export function throughputOf({ model, gamma, sigma, kappa }: ModelParameters, workers: number): number {
  if (model === 'gustafson') return gamma * (workers - sigma * (workers - 1));
  return (gamma * workers) / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1));
}

export type ModelParameters = Pick<ScalingFit, 'model' | 'gamma' | 'sigma' | 'kappa'>;

/** The model's speedup over one worker. */
export function speedupOf(fit: ModelParameters, workers: number): number {
  return throughputOf(fit, workers) / fit.gamma;
}

/** A forecast, or why there is none. */
export type Forecast = { ok: true; speedup: number } | { ok: false; reason: string };

/** The speedup that a fit expects of a number of workers; refused where it was measured nowhere near. */
export function forecast(fit: ScalingFit, workers: number): Forecast {
  if (!(workers >= 1)) return { ok: false, reason: 'There is no fewer than one worker.' };
  if (workers > FARTHEST * fit.to)
    return {
      ok: false,
      reason: `${workers} workers are more than ${FARTHEST} times the ${fit.to} that were measured.`,
    };
  return { ok: true, speedup: speedupOf(fit, workers) };
}

/** The number of workers with the greatest throughput; undefined where more always give more; refused beyond twice the range. */
export function peakOf(fit: ScalingFit): { workers: number; refused: boolean } | undefined {
  if (fit.model !== 'usl' || fit.kappa <= 0) return undefined;
  const workers = Math.sqrt(Math.max(0, 1 - fit.sigma) / fit.kappa);
  return { workers: Math.max(1, workers), refused: workers > FARTHEST * fit.to };
}

/** A fit with all that follows from its parameters. */
export function toFit(parameters: ModelParameters, points: readonly ThroughputPoint[]): ScalingFit {
  const counts = points.map(({ workers }) => workers);
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  let total = 0;
  let left = 0;
  for (const { workers, throughput } of points) {
    total += (throughput - mean) ** 2;
    left += (throughput - throughputOf(parameters, workers)) ** 2;
  }
  const notes =
    points.length < FEWEST_FOR_MODEL
      ? [
          `Fitted to ${points.length} worker counts: fewer than ${FEWEST_FOR_MODEL} say little of what lies between and beyond them.`,
        ]
      : [];
  return {
    ...parameters,
    residuals: points.map(({ workers, throughput }) => {
      const expected = throughputOf(parameters, workers);
      return (throughput - expected) / expected;
    }),
    rSquared: total > 1e-24 * mean ** 2 ? 1 - left / total : undefined,
    from: Math.min(...counts),
    to: Math.max(...counts),
    points: points.length,
    notes,
  };
}

/** The points that can be fitted to (finite, positive, each count once), or undefined when they are fewer than `fewest`. */
export function usablePoints(
  points: readonly ThroughputPoint[],
  fewest: number,
): ThroughputPoint[] | undefined {
  const usable = new Map<number, ThroughputPoint>();
  for (const point of points)
    if (
      Number.isFinite(point.workers) &&
      point.workers >= 1 &&
      Number.isFinite(point.throughput) &&
      point.throughput > 0
    )
      usable.set(point.workers, point);
  return usable.size < fewest ? undefined : [...usable.values()].sort((a, b) => a.workers - b.workers);
}
