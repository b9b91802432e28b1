import type { ReactNode } from 'react';
import { classNames } from './classNames.ts';
import styles from './EmptyState.module.css';

/** What stands where nothing is: an icon, what this place is for, and what to do. */
export function EmptyState({ icon, title, children, actions, compact = false, className }: EmptyStateProps) {
  return (
    <div className={classNames(styles.empty, compact && styles.compact, className)}>
      {icon !== undefined && <div className={styles.icon}>{icon}</div>}
      <div className={styles.title}>{title}</div>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** For a panel instead of a page. */
  compact?: boolean | undefined;
  className?: string | undefined;
}
