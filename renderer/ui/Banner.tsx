import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Banner.module.css';
import { classNames } from './classNames.ts';
import { IconButton } from './IconButton.tsx';

const ICONS = { info: Info, warn: TriangleAlert, error: CircleAlert };

/** A line of news across a page or panel. Errors and warnings are announced. */
export function Banner({
  tone = 'info',
  title,
  children,
  action,
  onDismiss,
  flush = false,
  ...rest
}: BannerProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classNames(styles.banner, styles[tone], flush && styles.flush)}
      role={tone === 'error' ? 'alert' : 'status'}
      {...rest}
    >
      <Icon size={15} className={styles.icon} aria-hidden />
      <div className={styles.text}>
        {title !== undefined && <span className={styles.title}>{title}</span>}
        {children !== undefined && <span className={styles.body}>{children}</span>}
      </div>
      {action !== undefined && <div className={styles.action}>{action}</div>}
      {onDismiss !== undefined && (
        <IconButton size="small" label="Dismiss" icon={<X size={14} />} onClick={onDismiss} />
      )}
    </div>
  );
}

export interface BannerProps {
  tone?: 'info' | 'warn' | 'error' | undefined;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  onDismiss?: (() => void) | undefined;
  /** Spans its container edge to edge, with a line below instead of a frame. */
  flush?: boolean | undefined;
  'data-testid'?: string | undefined;
}
