import { describe, expect, it } from 'vitest';
import { fitAmdahl } from './fitAmdahl.ts';
import { fitGustafson } from './fitGustafson.ts';
import { fitUsl } from './fitUsl.ts';
import { median } from './median.ts';
import {
  forecast,
  type ModelParameters,
  peakOf,
  type ScalingFit,
  speedupOf,
  type ThroughputPoint,
  throughputOf,
} from './ScalingFit.ts';
import { SeededRandom } from './SeededRandom.ts';
import { normal } from './testNoise.ts';

const points = (pairs: [number, number][]): ThroughputPoint[] =>
  pairs.map(([workers, throughput]) => ({ workers, throughput }));

/** SPEC SDM91 on a Sun SPARCcenter 2000 (Gunther, Guerrilla Capacity Planning, 2007; `specsdm91` of the R package usl). */
const SDM91 = points([
  [1, 64.9],
  [18, 995.9],
  [36, 1652.4],
  [72, 1853.2],
  [108, 1828.9],
  [144, 1775],
  [216, 1702.2],
]);

/** A ray tracer on an SGI Origin 2000 (Gunther, 2007; `raytracer` of the R package usl). */
const RAYTRACER = points([
  [1, 20],
  [4, 78],
  [8, 130],
  [12, 170],
  [16, 190],
  [20, 200],
  [24, 210],
  [28, 230],
  [32, 260],
  [48, 280],
  [64, 310],
]);

const must = (fit: ScalingFit | undefined): ScalingFit => {
  if (fit === undefined) throw new Error('There is no fit.');
  return fit;
};

describe('the Universal Scalability Law against published results of Gunther’s data', () => {
  it('has the coefficients, residuals and R² that the R package usl 3.0 gives for SPEC SDM91', () => {
    const fit = must(fitUsl(SDM91, 'absolute'));
    expect([fit.sigma, fit.kappa, fit.gamma].map((value) => value.toPrecision(4))).toEqual([
      '0.02773',
      '0.0001044',
      '90.00',
    ]);
    const published = [-25.1, -81.66, 111.09, 3.05, -49.99, -46.6, 56];
    SDM91.forEach(({ workers, throughput }, index) =>
      expect(throughput - throughputOf(fit, workers)).toBeCloseTo(published[index] ?? 0, 1),
    );
    expect(fit.rSquared).toBeCloseTo(0.9896, 4);
    expect(fit.notes).toEqual([]);
    expect(peakOf(fit)?.workers).toBeCloseTo(Math.sqrt((1 - 0.0277285) / 0.00010437), 1);
  });

  it('has those of the ray tracer, in which there is no coherency: it is Amdahl’s law, and has no peak', () => {
    const fit = must(fitUsl(RAYTRACER, 'absolute'));
    expect(fit.sigma).toBeCloseTo(0.057771, 6);
    expect(fit.kappa).toBe(0);
    expect(fit.gamma).toBeCloseTo(21.848843, 5);
    expect(peakOf(fit)).toBeUndefined();
  });

  it('finds what a curve without noise was made with', () => {
    const fit = must(
      fitUsl(
        points([
          [1, 1],
          [2, 1.8868],
          [4, 3.0769],
          [6, 3.5294],
          [8, 3.5398],
          [10, 3.3557],
        ]),
        'absolute',
      ),
    );
    expect([fit.sigma, fit.kappa, fit.gamma].map((value) => value.toPrecision(3))).toEqual([
      '0.0200',
      '0.0200',
      '1.00',
    ]);
  });
});

const COUNTS = [1, 2, 4, 8, 16, 32];
const REPETITIONS = 7;

/** A study of a program that follows a model: the median of seven runs at each count, each off by 2 % at random. */
function study(model: ModelParameters, random: SeededRandom): ThroughputPoint[] {
  return COUNTS.map((workers) => {
    const times = Array.from(
      { length: REPETITIONS },
      () => (1 + 0.02 * normal(random)) / throughputOf(model, workers),
    );
    return { workers, throughput: 1 / (median(times) ?? Number.NaN) };
  });
}

const off = (found: number, truth: number): number => Math.abs(found - truth) / truth;

describe('1,000 synthetic studies with 2 % noise', () => {
  it('give back the parameters of Amdahl’s law and of the Universal Scalability Law within 5 % (median)', () => {
    const random = new SeededRandom(1_000);
    const errors = { amdahl: [] as number[], sigma: [] as number[], kappa: [] as number[] };
    for (let each = 0; each < 1_000; each += 1) {
      const sigma = 0.05 + 0.35 * random.next();
      const kappa = 0.001 + 0.009 * random.next();
      const gamma = 0.01 + random.next();
      const amdahl = must(fitAmdahl(study({ model: 'amdahl', gamma, sigma, kappa: 0 }, random)));
      errors.amdahl.push(off(amdahl.sigma, sigma));
      const usl = must(fitUsl(study({ model: 'usl', gamma, sigma, kappa }, random)));
      errors.sigma.push(off(usl.sigma, sigma));
      errors.kappa.push(off(usl.kappa, kappa));
    }
    expect(median(errors.amdahl)).toBeLessThanOrEqual(0.05);
    expect(median(errors.sigma)).toBeLessThanOrEqual(0.05);
    expect(median(errors.kappa)).toBeLessThanOrEqual(0.05);
  });

  it('give back Gustafson’s serial fraction', () => {
    const random = new SeededRandom(88);
    const errors = Array.from({ length: 1_000 }, () => {
      const sigma = 0.1 + 0.5 * random.next();
      const made = study({ model: 'gustafson', gamma: 3, sigma, kappa: 0 }, random);
      return off(must(fitGustafson(made)).sigma, sigma);
    });
    expect(median(errors)).toBeLessThanOrEqual(0.05);
  });
});

describe('fits of few, bad or odd points', () => {
  it.each([
    ['none', []],
    ['one', points([[1, 1]])],
    ['the same count again and again', points(Array.from({ length: 9 }, () => [4, 2]))],
    [
      'nothing but what is no throughput',
      points([
        [1, Number.NaN],
        [2, 0],
        [4, -1],
        [8, Number.POSITIVE_INFINITY],
        [16, 1 / 0],
      ]),
    ],
    [
      'no number of workers',
      points([
        [0, 1],
        [-1, 1],
        [Number.NaN, 1],
        [0.5, 1],
      ]),
    ],
  ])('of %s there is none', (_, given) => {
    expect([fitAmdahl(given), fitGustafson(given), fitUsl(given)]).toEqual([undefined, undefined, undefined]);
  });

  it('leave out what is no throughput and take the rest', () => {
    const good: [number, number][] = [1, 2, 4, 8].map((p) => [p, 1 / (0.2 + 0.8 / p)]);
    expect(must(fitAmdahl(points([...good, [16, Number.NaN], [32, 0]]))).sigma).toBeCloseTo(0.2, 9);
  });

  it('of times that are all alike: nothing scales, and R² says nothing', () => {
    const flat = points([1, 2, 4, 8, 16, 32].map((p) => [p, 5]));
    expect(fitAmdahl(flat)).toMatchObject({ sigma: 1, rSquared: undefined });
    expect(must(fitUsl(flat)).sigma).toBeCloseTo(1, 6);
    expect(must(fitGustafson(flat)).sigma).toBeCloseTo(1, 9);
  });

  it('of perfect and of better than perfect scaling have no serial part, never a negative one', () => {
    for (const power of [1, 1.2]) {
      const made = points([1, 2, 4, 8, 16, 32].map((p) => [p, p ** power]));
      expect(must(fitAmdahl(made)).sigma).toBeCloseTo(0, 9);
      expect(must(fitUsl(made)).sigma).toBeCloseTo(0, 9);
      expect(must(fitUsl(made)).kappa).toBeCloseTo(0, 9);
    }
  });

  it('do not depend on the unit of time', () => {
    const made = study({ model: 'usl', gamma: 1, sigma: 0.1, kappa: 0.004 }, new SeededRandom(5));
    const fit = must(fitUsl(made));
    const tiny = must(fitUsl(made.map((point) => ({ ...point, throughput: point.throughput * 1e-9 }))));
    expect(tiny.sigma).toBeCloseTo(fit.sigma, 6);
    expect(tiny.kappa).toBeCloseTo(fit.kappa, 7);
  });

  it('say that few counts say little', () => {
    const made = points([1, 2, 4, 8].map((p) => [p, 1 / (0.2 + 0.8 / p)]));
    expect(must(fitAmdahl(made)).notes).toEqual([
      'Fitted to 4 worker counts: fewer than 6 say little of what lies between and beyond them.',
    ]);
  });
});

describe('forecasts', () => {
  const fit = must(
    fitUsl(
      points(COUNTS.map((p) => [p, throughputOf({ model: 'usl', gamma: 2, sigma: 0.05, kappa: 0.0001 }, p)])),
    ),
  );

  it('reach to twice what was measured and are refused beyond', () => {
    expect(forecast(fit, 64)).toEqual({ ok: true, speedup: speedupOf(fit, 64) });
    expect(speedupOf(fit, 64)).toBeCloseTo(64 / (1 + 0.05 * 63 + 0.0001 * 64 * 63), 4);
    expect(forecast(fit, 65)).toEqual({
      ok: false,
      reason: '65 workers are more than 2 times the 32 that were measured.',
    });
    expect(forecast(fit, 0).ok).toBe(false);
    expect(forecast(fit, Number.NaN).ok).toBe(false);
  });

  it('name a peak, and refuse one that lies beyond twice what was measured', () => {
    expect(peakOf(fit)).toEqual({ workers: expect.closeTo(Math.sqrt(0.95 / 0.0001), 1), refused: true });
  });
});
