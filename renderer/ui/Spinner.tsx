import { classNames } from './classNames.ts';
import styles from './Spinner.module.css';

/** A small turning ring; `label` is announced when it stands alone. Sizes in CSS pixels. */
export function Spinner({ size = 14, label, className }: SpinnerProps) {
  return (
    <span
      className={classNames(styles.spinner, className)}
      style={{ width: size, height: size }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'status', 'aria-label': label })}
    />
  );
}

export interface SpinnerProps {
  size?: number | undefined;
  label?: string | undefined;
  className?: string | undefined;
}
