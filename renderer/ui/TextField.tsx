import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './classNames.ts';
import styles from './Field.module.css';

/** A one-line text field. `label` is visible unless `hideLabel`; `error` marks it invalid and is announced. */
export function TextField({
  label,
  hideLabel = false,
  value,
  onChange,
  icon,
  trailing,
  error,
  hint,
  className,
  inputClassName,
  ...rest
}: TextFieldProps) {
  const id = useId();
  const messageId = `${id}-message`;
  const message = error ?? hint;
  return (
    <div className={classNames(styles.field, className)}>
      {!hideLabel && (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <div
        className={classNames(styles.box, hideLabel && styles.quiet)}
        data-invalid={error === undefined ? undefined : ''}
        data-disabled={rest.disabled ? '' : undefined}
      >
        {icon}
        <input
          id={id}
          type="text"
          className={classNames(styles.input, inputClassName)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={message === undefined ? undefined : messageId}
          {...(hideLabel ? { 'aria-label': label } : {})}
          {...rest}
        />
        {trailing}
      </div>
      {message !== undefined && (
        <div
          id={messageId}
          className={error === undefined ? styles.hint : styles.message}
          {...(error === undefined ? {} : { role: 'alert' })}
        >
          {message}
        </div>
      )}
    </div>
  );
}

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  label: string;
  hideLabel?: boolean | undefined;
  value: string;
  onChange: (value: string) => void;
  icon?: ReactNode;
  trailing?: ReactNode;
  error?: string | undefined;
  hint?: string | undefined;
  inputClassName?: string | undefined;
  'data-draft'?: string | undefined;
}
