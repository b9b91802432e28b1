import { useId } from 'react';
import type { Interval } from '#shared/study/median.ts';
import { type Axis, PLOT, xOf, yOf } from './plotGeometry.ts';
import styles from './ScalingPlot.module.css';

export interface PlotPoint {
  workers: number;
  value: number;
  interval?: Interval | undefined;
  /** Single runs, drawn faintly. */
  raw: number[];
}

interface ScalingPlotProps {
  title: string;
  /** What it shows, for who cannot see it; the numbers are in the table. */
  description: string;
  x: Axis;
  y: Axis;
  yLabel: (value: number) => string;
  points: readonly PlotPoint[];
  /** Drawn thin: what perfect scaling would be. */
  ideal: readonly { workers: number; value: number }[];
  /** Drawn dashed: what a model expects. */
  fit: readonly { workers: number; value: number }[];
}

/** Values over worker counts, with their intervals, a line of the ideal and one of a fit. Nothing is joined that was not measured in between. */
export function ScalingPlot({ title, description, x, y, yLabel, points, ideal, fit }: ScalingPlotProps) {
  const id = useId();
  const path = (line: readonly { workers: number; value: number }[]): string =>
    line
      .map(({ workers, value }, index) => `${index === 0 ? 'M' : 'L'}${xOf(x, workers)},${yOf(y, value)}`)
      .join('');
  const bottom = PLOT.height - PLOT.bottom;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title} id={id}>
        {title}
      </figcaption>
      <svg
        className={styles.plot}
        viewBox={`0 0 ${PLOT.width} ${PLOT.height}`}
        role="img"
        aria-labelledby={id}
        aria-describedby={`${id}-text`}
      >
        <desc id={`${id}-text`}>{description}</desc>
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line
              className={styles.grid}
              x1={PLOT.left}
              x2={PLOT.width - PLOT.right}
              y1={yOf(y, tick)}
              y2={yOf(y, tick)}
            />
            <text className={styles.tick} x={PLOT.left - 6} y={yOf(y, tick)} dy="0.35em" textAnchor="end">
              {yLabel(tick)}
            </text>
          </g>
        ))}
        {x.ticks.map((tick) => (
          <text key={tick} className={styles.tick} x={xOf(x, tick)} y={bottom + 15} textAnchor="middle">
            {tick}
          </text>
        ))}
        <text
          className={styles.tick}
          x={(PLOT.left + PLOT.width) / 2}
          y={PLOT.height - 5}
          textAnchor="middle"
        >
          workers
        </text>
        <path className={styles.ideal} d={path(ideal)} />
        <path className={styles.fit} d={path(fit)} />
        {points.map(({ workers, value, interval, raw }) => {
          const at = xOf(x, workers);
          return (
            <g key={workers}>
              {raw.map((single, index) => (
                // Runs have no names, and never change places.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <circle key={index} className={styles.raw} cx={at} cy={yOf(y, single)} r={2.5} />
              ))}
              {interval === undefined ? null : (
                <path
                  className={styles.whisker}
                  d={`M${at - 4},${yOf(y, interval.low)}h8m-4,0V${yOf(y, interval.high)}m-4,0h8`}
                />
              )}
              <circle className={styles.point} cx={at} cy={yOf(y, value)} r={3.5} />
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
