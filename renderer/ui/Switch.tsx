import { type ReactNode, useId } from 'react';
import { classNames } from './classNames.ts';
import styles from './Switch.module.css';

/** An on/off setting that takes effect at once. */
export function Switch({ label, checked, onChange, disabled = false, className, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <span className={classNames(styles.field, className)}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.switch}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        {...rest}
      />
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
    </span>
  );
}

export interface SwitchProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
  className?: string | undefined;
  'data-testid'?: string | undefined;
}
