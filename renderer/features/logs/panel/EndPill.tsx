import { ArrowDown } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { LogWindow } from '../view/LogWindow.ts';
import { useThrottled } from '../view/useThrottled.ts';
import styles from './LogPane.module.css';

const UPDATE_MS = 250;

/** The way back to the end, and how many lines came there since. */
export function EndPill({ rows }: { rows: LogWindow }) {
  useSyncExternalStore(rows.subscribe, () => rows.following || rows.rows.length === 0);
  return rows.following || rows.rows.length === 0 ? null : <Pill rows={rows} />;
}

function Pill({ rows }: { rows: LogWindow }) {
  useThrottled(rows, UPDATE_MS);
  return (
    <button type="button" className={styles.pill} onClick={() => rows.follow()}>
      <ArrowDown size={13} aria-hidden />
      {rows.missed > 0
        ? `${rows.missed.toLocaleString('en')} new ${rows.missed === 1 ? 'line' : 'lines'}`
        : 'Jump to end'}
    </button>
  );
}

/** How many lines a pane has, above it. */
export function LineCount({ rows }: { rows: LogWindow }) {
  useThrottled(rows, UPDATE_MS);
  return <span className={styles.count}>{rows.total.toLocaleString('en')} lines</span>;
}
