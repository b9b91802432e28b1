import type { ReactNode } from 'react';
import styles from './Badge.module.css';
import { classNames } from './classNames.ts';
import type { Tone } from './StatusDot.tsx';

/** A small pill for a count or a state in words. */
export function Badge({ tone = 'neutral', icon, title, className, children }: BadgeProps) {
  return (
    <span className={classNames(styles.badge, styles[tone], className)} title={title}>
      {icon}
      {children}
    </span>
  );
}

export interface BadgeProps {
  tone?: Tone | 'neutral' | undefined;
  icon?: ReactNode;
  title?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}
