import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { efficiency } from '#shared/study/scalingMeasures.ts';
import { throughputOf } from '#shared/study/ScalingFit.ts';
import { numberWords, percentWords } from '#shared/study/words.ts';
import { logAxis, shareAxis } from './plotGeometry.ts';
import { type PlotPoint, ScalingPlot } from './ScalingPlot.tsx';
import styles from './StudyReportView.module.css';

const CURVE_STEPS = 40;

/** Speedup, on scales of doublings, and efficiency over the worker counts. */
export function StudyPlots({ report: { plan, base, points, fits } }: { report: StudyReport }) {
  if (base === undefined) return null;
  const measured = points.flatMap(({ speedup, medianMs, ...point }) =>
    speedup === undefined || medianMs === undefined ? [] : [{ ...point, speedup, medianMs }],
  );
  const counts = measured.map(({ workers }) => workers);
  const last = Math.max(...counts);
  const speedups: PlotPoint[] = measured.map(({ workers, speedup, medianMs, speedupInterval, timesMs }) => ({
    workers,
    value: speedup,
    interval: speedupInterval,
    raw: timesMs.map((time) => (speedup * medianMs) / time),
  }));
  const efficiencies = speedups.map(
    ({ workers, value, interval, raw }): PlotPoint => ({
      workers,
      value: efficiency(value, workers),
      interval: interval && {
        low: efficiency(interval.low, workers),
        high: efficiency(interval.high, workers),
      },
      raw: raw.map((single) => efficiency(single, workers)),
    }),
  );
  const x = logAxis(counts);
  const ends = [base.workers, last];
  // The USL where there are counts enough for one, else the law of one part.
  const model = fits.at(-1);
  const scale = plan.mode === 'weak' ? base.time / base.workers / 1_000 : base.time / 1_000;
  const fit =
    model === undefined
      ? []
      : Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
          const workers = base.workers * (last / base.workers) ** (step / CURVE_STEPS);
          return { workers, value: throughputOf(model, workers) * scale * base.workers };
        });
  const list = (values: readonly PlotPoint[], words: (value: number) => string): string =>
    values.map(({ workers, value }) => `${workers}: ${words(value)}`).join(', ');
  return (
    <div className={styles.plots}>
      <ScalingPlot
        title={plan.mode === 'weak' ? 'Scaled speedup' : 'Speedup'}
        description={`By workers ${list(speedups, numberWords)}.`}
        x={x}
        y={logAxis([...counts, ...speedups.map(({ value }) => value)])}
        yLabel={String}
        points={speedups}
        ideal={ends.map((workers) => ({ workers, value: workers }))}
        fit={fit}
      />
      <ScalingPlot
        title="Efficiency"
        description={`By workers ${list(efficiencies, percentWords)}.`}
        x={x}
        y={shareAxis(Math.max(...efficiencies.map(({ value }) => value)))}
        yLabel={percentWords}
        points={efficiencies}
        ideal={ends.map((workers) => ({ workers, value: 1 }))}
        fit={fit.map(({ workers, value }) => ({ workers, value: efficiency(value, workers) }))}
      />
    </div>
  );
}
