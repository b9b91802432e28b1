import styles from './StepTimeline.module.css';

/** The time of a whole build that its steps' bars are drawn in; epoch milliseconds. */
export interface TimeSpan {
  from: number;
  to: number;
}

interface StepTimelineProps {
  span: TimeSpan;
  startedAt: number | undefined;
  endedAt: number | undefined;
  state: string;
}

/** When a step ran within its build, as a bar. The time stands beside it in words. */
export function StepTimeline({ span, startedAt, endedAt, state }: StepTimelineProps) {
  const whole = Math.max(1, span.to - span.from);
  const share = (time: number) => Math.min(100, Math.max(0, ((time - span.from) / whole) * 100));
  const left = startedAt === undefined ? 0 : share(startedAt);
  const width = startedAt === undefined ? 0 : share(endedAt ?? span.to) - left;
  return (
    <span className={styles.track} aria-hidden>
      {startedAt === undefined ? null : (
        <span
          className={styles.bar}
          data-state={state}
          style={{ left: `min(${left}%, 100% - 2px)`, width: `max(2px, ${width}%)` }}
        />
      )}
    </span>
  );
}
