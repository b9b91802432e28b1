import { classNames } from './classNames.ts';
import styles from './StatusDot.module.css';

export type Tone = 'ok' | 'busy' | 'warn' | 'danger' | 'idle' | 'accent';

/**
 * A coloured dot. Colour never stands alone: shapes differ too (ring for idle, square for danger), and `label`
 * names the state where no text beside it does.
 */
export function StatusDot({ tone, label, pulse = false, className }: StatusDotProps) {
  return (
    <span
      className={classNames(styles.dot, styles[tone], pulse && styles.pulse, className)}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}

export interface StatusDotProps {
  tone: Tone;
  label?: string | undefined;
  /** For a state that is passing, e.g. starting. */
  pulse?: boolean | undefined;
  className?: string | undefined;
}
