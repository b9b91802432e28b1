import { useEffect, useRef, useState } from 'react';
import { classNames } from './classNames.ts';
import styles from './Slider.module.css';

/**
 * A horizontal slider. `onChange` follows the thumb; `onCommit` comes once, when it is let go or after a key.
 * Between the two it shows its own value, so a late outside update does not pull the thumb from under the hand.
 */
export function Slider({
  label,
  value,
  min = 0,
  max,
  step = 1,
  disabled = false,
  onChange,
  onCommit,
  className,
  ...rest
}: SliderProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<number | null>(null);
  const shown = draft ?? Math.min(value, max);

  const commit = useRef(onCommit);
  commit.current = onCommit;
  useEffect(() => {
    const element = input.current;
    if (!element) return undefined;
    // React's onChange is the DOM's `input` event; the DOM's own `change` marks the end of the movement.
    const onDone = () => {
      setDraft(null);
      commit.current?.(Number(element.value));
    };
    element.addEventListener('change', onDone);
    return () => element.removeEventListener('change', onDone);
  }, []);

  const fill = max > min ? ((shown - min) / (max - min)) * 100 : 0;
  return (
    <input
      ref={input}
      type="range"
      className={classNames(styles.slider, className)}
      aria-label={label}
      min={min}
      max={max}
      step={step}
      value={shown}
      disabled={disabled}
      style={{ '--fill': `${fill}%` }}
      onChange={(event) => {
        const next = Number(event.target.value);
        setDraft(next);
        onChange?.(next);
      }}
      {...rest}
    />
  );
}

declare module 'react' {
  // Custom properties are how a value reaches a stylesheet without an inline style element.
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}

export interface SliderProps {
  label: string;
  value: number;
  min?: number | undefined;
  max: number;
  step?: number | undefined;
  disabled?: boolean | undefined;
  onChange?: ((value: number) => void) | undefined;
  onCommit?: ((value: number) => void) | undefined;
  className?: string | undefined;
  'data-testid'?: string | undefined;
}
