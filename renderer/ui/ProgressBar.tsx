import { classNames } from './classNames.ts';
import styles from './ProgressBar.module.css';

/** How much is done. Without `value` it shows that something moves, but not how far. */
export function ProgressBar({ label, value, max = 1, tone = 'accent', className }: ProgressBarProps) {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      className={classNames(styles.track, styles[tone], share === undefined && styles.unknown, className)}
    >
      <div
        className={styles.bar}
        style={share === undefined ? undefined : { transform: `scaleX(${share})` }}
      />
    </div>
  );
}

export interface ProgressBarProps {
  label: string;
  value?: number | undefined;
  max?: number | undefined;
  tone?: 'accent' | 'ok' | 'danger' | undefined;
  className?: string | undefined;
}
