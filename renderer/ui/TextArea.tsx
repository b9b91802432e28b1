import { type ComponentProps, useId } from 'react';
import { classNames } from './classNames.ts';
import field from './Field.module.css';
import styles from './TextArea.module.css';

/** A field of several lines that are not wrapped. `error` marks it invalid and is announced. */
export function TextArea({ label, value, onChange, error, hint, className, ...rest }: TextAreaProps) {
  const id = useId();
  const messageId = `${id}-message`;
  const message = error ?? hint;
  return (
    <div className={classNames(field.field, className)}>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box} data-invalid={error === undefined ? undefined : ''}>
        <textarea
          id={id}
          className={styles.text}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={message === undefined ? undefined : messageId}
          {...rest}
        />
      </div>
      {message !== undefined && (
        <div
          id={messageId}
          className={error === undefined ? field.hint : field.message}
          {...(error === undefined ? {} : { role: 'alert' })}
        >
          {message}
        </div>
      )}
    </div>
  );
}

export interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
}
