import { ChevronsUpDown } from 'lucide-react';
import { type ComponentProps, useId } from 'react';
import { classNames } from './classNames.ts';
import styles from './Field.module.css';

/**
 * A choice of one. The platform's own list: it needs no style element (which the content security policy would
 * refuse), and people know its keys.
 */
export function Select<Value extends string>({
  label,
  hideLabel = false,
  value,
  onChange,
  options,
  className,
  ...rest
}: SelectProps<Value>) {
  const id = useId();
  return (
    <div className={classNames(styles.field, className)}>
      {!hideLabel && (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <div
        className={classNames(styles.box, styles.selectBox, hideLabel && styles.quiet)}
        data-disabled={rest.disabled ? '' : undefined}
      >
        <select
          id={id}
          className={styles.select}
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
          {...(hideLabel ? { 'aria-label': label } : {})}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled === true}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronsUpDown size={13} className={styles.chevron} aria-hidden />
      </div>
    </div>
  );
}

export interface SelectProps<Value extends string>
  extends Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'children'> {
  label: string;
  hideLabel?: boolean | undefined;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; disabled?: boolean | undefined }[];
}
