import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './classNames.ts';
import styles from './IconButton.module.css';
import { Spinner } from './Spinner.tsx';
import { Tooltip } from './Tooltip.tsx';

/** A square button with an icon only; `label` is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  keys,
  size = 'medium',
  variant = 'ghost',
  tooltipSide,
  loading = false,
  pressed,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        aria-busy={loading || undefined}
        className={classNames(styles.button, styles[size], styles[variant], className)}
        onClick={loading ? undefined : onClick}
        {...rest}
      >
        {loading ? <Spinner size={12} /> : icon}
      </button>
    </Tooltip>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string;
  icon: ReactNode;
  /** Shortcut shown in the tooltip, e.g. `mod+b`. */
  keys?: string | undefined;
  size?: 'small' | 'medium' | undefined;
  variant?: 'ghost' | 'outline' | 'danger' | undefined;
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right' | undefined;
  loading?: boolean | undefined;
  /** For a toggle. */
  pressed?: boolean | undefined;
}
