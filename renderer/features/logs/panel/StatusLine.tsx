import { formatBytes } from '../../build/formatBytes.ts';
import type { Pane } from '../view/usePane.ts';
import { useThrottled } from '../view/useThrottled.ts';
import styles from './StatusLine.module.css';

const UPDATE_MS = 250;

/** What the log is doing, in one line: how much there is, how fast it grows, what it takes on disk. */
export function StatusLine({ pane }: { pane: Pane }) {
  const { view, rows } = pane;
  useThrottled(view, UPDATE_MS);
  useThrottled(rows, UPDATE_MS);
  const { state } = view;
  const isWhole = state === null || state.total >= state.lines;
  return (
    <footer className={styles.line} aria-label="State of the log">
      <span className={styles.strong}>{modeWords(pane)}</span>
      {state === null ? null : (
        <>
          <span>
            {isWhole
              ? `${state.lines.toLocaleString('en')} lines`
              : `${state.total.toLocaleString('en')} of ${state.lines.toLocaleString('en')} lines`}
          </span>
          {state.scanned < 1 ? (
            <span className={styles.busy}>looked through {Math.floor(state.scanned * 100)} %</span>
          ) : state.isStopped === true ? (
            <span>not all looked through</span>
          ) : null}
          <span>{rateWords(state.linesPerSecond)}</span>
          <span className={styles.spacer} />
          <span className={styles.minor}>
            {formatBytes(state.spoolBytes)} of {formatBytes(state.spoolLimitBytes)} on disk
          </span>
        </>
      )}
    </footer>
  );
}

function modeWords({ view, rows }: Pane): string {
  if (view.status === 'lost') return 'Disconnected';
  if (view.status === 'refused') return 'Stopped';
  if (view.status !== 'open') return 'Opening';
  if (rows.paused) return 'Paused';
  return rows.following ? 'Following' : `Line ${(rows.place.row + 1).toLocaleString('en')}`;
}

function rateWords(linesPerSecond: number): string {
  const rounded = linesPerSecond >= 10 ? Math.round(linesPerSecond) : Math.round(linesPerSecond * 10) / 10;
  return `${rounded.toLocaleString('en')} lines/s`;
}
