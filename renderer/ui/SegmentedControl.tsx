import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './classNames.ts';
import styles from './SegmentedControl.module.css';

/** A choice of one among two to five, all visible. Arrow keys move the choice. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  onChange,
  options,
  disabled = false,
  className,
}: SegmentedControlProps<Value>) {
  return (
    <RadioGroup.Root
      className={classNames(styles.group, className)}
      aria-label={label}
      orientation="horizontal"
      value={value}
      disabled={disabled}
      onValueChange={(next) => onChange(next as Value)}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className={styles.option}
          aria-label={option.label}
          {...(option.icon !== undefined && option.iconOnly === true ? { 'data-tooltip': option.label } : {})}
        >
          {option.icon}
          {option.iconOnly !== true && option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

export interface SegmentedControlProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode; iconOnly?: boolean | undefined }[];
  disabled?: boolean | undefined;
  className?: string | undefined;
}
