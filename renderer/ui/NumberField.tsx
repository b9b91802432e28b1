import { Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { classNames } from './classNames.ts';
import styles from './Field.module.css';

/**
 * A whole number with stepper. What is typed is left alone until it is committed (Enter, Tab away, a step): only
 * then is it brought into range; text that is no number goes back to the last value. Arrow keys step by `step`,
 * Page Up/Down by ten steps. The mouse wheel does nothing.
 */
export function NumberField({
  label,
  hideLabel = false,
  value,
  onCommit,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
  step = 1,
  disabled = false,
  className,
  ...rest
}: NumberFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null ? undefined : problemOf(draft, min, max);

  const commit = (next: number) => {
    setDraft(null);
    const bounded = Math.min(max, Math.max(min, next));
    if (bounded !== value) onCommit(bounded);
  };
  const commitDraft = () => {
    if (draft === null) return;
    const parsed = parseWhole(draft);
    if (parsed === null) setDraft(null);
    else commit(parsed);
  };
  const base = (draft === null ? null : parseWhole(draft)) ?? value;

  const onKeyDown = (event: KeyboardEvent) => {
    const change = STEPS[event.key];
    if (change !== undefined) {
      event.preventDefault();
      commit(base + change * step * (event.shiftKey ? 10 : 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      commitDraft();
    } else if (event.key === 'Escape' && draft !== null) {
      event.preventDefault();
      event.stopPropagation();
      setDraft(null);
    }
  };

  return (
    <div className={classNames(styles.field, className)}>
      {!hideLabel && (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <div
        className={classNames(styles.box, styles.number)}
        data-invalid={problem === undefined ? undefined : ''}
        data-disabled={disabled ? '' : undefined}
        title={problem}
      >
        <button
          type="button"
          tabIndex={-1}
          className={styles.step}
          aria-label={`Decrease ${label}`}
          disabled={disabled || base <= min}
          onClick={() => commit(base - step)}
        >
          <Minus size={13} />
        </button>
        <input
          id={id}
          type="text"
          inputMode="numeric"
          role="spinbutton"
          className={styles.input}
          value={draft ?? String(value)}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          aria-label={hideLabel ? label : undefined}
          aria-valuenow={value}
          aria-valuemin={min}
          aria-valuemax={max}
          aria-invalid={problem === undefined ? undefined : true}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => setDraft(event.target.value)}
          onFocus={(event) => event.target.select()}
          onBlur={commitDraft}
          onKeyDown={onKeyDown}
          {...rest}
        />
        <button
          type="button"
          tabIndex={-1}
          className={styles.step}
          aria-label={`Increase ${label}`}
          disabled={disabled || base >= max}
          onClick={() => commit(base + step)}
        >
          <Plus size={13} />
        </button>
      </div>
      {problem !== undefined && (
        <div id={`${id}-problem`} role="alert" className="visually-hidden">
          {problem}
        </div>
      )}
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

function parseWhole(text: string): number | null {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) return null;
  const parsed = Number(trimmed);
  return Number.isFinite(parsed) ? parsed : null;
}

function problemOf(text: string, min: number, max: number): string | undefined {
  const parsed = parseWhole(text);
  if (parsed === null) return 'Enter a whole number.';
  if (parsed < min) return `The least is ${min}.`;
  if (parsed > max) return `The most is ${max}.`;
  return undefined;
}

export interface NumberFieldProps {
  label: string;
  hideLabel?: boolean | undefined;
  value: number;
  /** Called with a whole number in range, only when it differs from `value`. */
  onCommit: (value: number) => void;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
  'data-testid'?: string | undefined;
}
