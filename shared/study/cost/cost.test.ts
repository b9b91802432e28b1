import { describe, expect, it } from 'vitest';
import { analyseStudy } from '../analyseStudy.ts';
import { about, testRecord } from '../testStudy.ts';
import { coreHours, costTable } from './costTable.ts';
import { runForecaster } from './forecastRun.ts';

const truth = (workers: number): number => 8_000 * (0.1 + 0.9 / workers);
const report = analyseStudy(
  testRecord(Object.fromEntries([1, 2, 4, 6, 8].map((workers) => [workers, about(truth(workers))]))),
);

describe('the time of a run with another number of workers', () => {
  const forecast = runForecaster(report);

  it('is told as measured, or expected by the model with an interval that holds the truth', () => {
    expect(forecast(4)).toMatchObject({ ok: true, timeMs: truth(4), source: 'measured' });
    for (const workers of [3, 12, 16]) {
      const answer = forecast(workers);
      if (!answer.ok) throw new Error(answer.reason);
      expect(answer.source).toBe('expected by USL');
      expect(Math.abs(answer.timeMs / truth(workers) - 1)).toBeLessThan(0.02);
      expect(answer.intervalMs?.low).toBeLessThanOrEqual(truth(workers) * 1.001);
      expect(answer.intervalMs?.high).toBeGreaterThanOrEqual(truth(workers) * 0.999);
      expect(answer.intervalMs?.high).toBeLessThan(truth(workers) * 1.3);
    }
    // The farther away, the less is known.
    const width = (workers: number): number => {
      const answer = forecast(workers);
      return answer.ok && answer.intervalMs !== undefined
        ? (answer.intervalMs.high - answer.intervalMs.low) / answer.timeMs
        : Number.NaN;
    };
    expect(width(16)).toBeGreaterThan(width(3));
    expect(runForecaster(report)(16)).toEqual(forecast(16));
  });

  it('is refused beyond twice what was measured, below one, and where no model could be fitted', () => {
    expect(forecast(17)).toEqual({
      ok: false,
      workers: 17,
      reason: '17 workers are more than 2 times the 8 that were measured.',
    });
    expect(forecast(0)).toMatchObject({ ok: false });
    expect(forecast(2.5)).toMatchObject({ ok: false });
    const two = analyseStudy(testRecord({ 1: about(2_000), 2: about(1_100) }));
    expect(runForecaster(two)(4)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('three counts'),
    });
  });

  it('has no interval where the repetitions are too few for one', () => {
    const quick = analyseStudy(testRecord({ 1: [2_000], 2: [1_100], 4: [700] }));
    const answer = runForecaster(quick)(8);
    expect(answer).toMatchObject({ ok: true, source: 'expected by Amdahl', intervalMs: undefined });
  });

  it('of weak scaling grows with the work', () => {
    const weak = analyseStudy(
      testRecord({ 1: about(1_000), 2: about(1_053), 4: about(1_081), 8: about(1_096) }, { mode: 'weak' }),
    );
    const answer = runForecaster(weak)(16);
    expect(answer.ok && answer.timeMs).toBeGreaterThan(1_080);
    expect(answer.ok && answer.timeMs).toBeLessThan(1_250);
  });
});

describe('the cost of a run', () => {
  it('is a core for each worker, for as long as it takes', () => expect(coreHours(4, 900_000)).toBe(1));

  it('is a row for each count that was measured, and for those that are asked for', () => {
    const table = costTable(report, { core: 36, gpu: 0 }, [12, 4]);
    expect(table.columns).toEqual(['Workers', 'Time', '95 % interval', 'Core-hours', 'Price', 'Known from']);
    expect(table.rows.map(([workers]) => workers)).toEqual(['1', '2', '4', '6', '8', '12']);
    expect(table.rows[0]?.[3]).toBe('0.00222');
    expect(table.rows[0]?.[4]).toMatch(/^0\.0800 \(0\.07\d\d–0\.08\d\d\)$/);
    expect(table.rows[5]?.[5]).toBe('expected by USL');
    expect(table.notes).toEqual([expect.stringContaining('noise in the runs')]);
  });

  it('counts the GPUs that each worker was given, and their price', () => {
    const withGpus = { ...report, plan: { ...report.plan, gpusPerWorker: 2 } };
    const table = costTable(withGpus, { core: 0, gpu: 36 }, []);
    expect(table.columns.slice(3, 6)).toEqual(['Core-hours', 'GPU-hours', 'Price']);
    expect(table.rows[0]?.slice(3, 5)).toEqual(['0.00222', '0.00444']);
    expect(table.rows[0]?.[5]).toMatch(/^0\.160 /);
    expect(costTable(withGpus, { core: 0, gpu: 0 }, []).columns).not.toContain('Price');
  });

  it('has no price without one, and says why a number is missing', () => {
    const table = costTable(report, { core: 0, gpu: 5 }, [100]);
    expect(table.columns).not.toContain('Price');
    expect(table.rows).toHaveLength(5);
    expect(table.notes).toEqual(['100 workers are more than 2 times the 8 that were measured.']);
  });
});
