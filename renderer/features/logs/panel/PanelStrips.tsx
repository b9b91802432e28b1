import { Pause, TriangleAlert, Unplug } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { displayName } from '../../app/displayName.ts';
import type { Pane } from '../view/usePane.ts';
import styles from './PanelStrips.module.css';

/** What the reader must know while rows are shown: paused, disconnected, a filter that ended, a full disk. */
export function PanelStrips({ pane }: { pane: Pane }) {
  const { view, rows } = pane;
  useSyncExternalStore(view.subscribe, () => `${view.status} ${(view.state?.warnings ?? []).join('\n')}`);
  useSyncExternalStore(rows.subscribe, () =>
    [rows.paused, rows.paused ? rows.missed : 0, rows.rows.length > 0].join(' '),
  );
  const hasRows = rows.rows.length > 0;
  return (
    <>
      {rows.paused ? (
        <div className={styles.strip} role="status">
          <Pause size={13} aria-hidden />
          Paused.{' '}
          {rows.missed > 0
            ? `${rows.missed.toLocaleString('en')} new ${rows.missed === 1 ? 'line is' : 'lines are'} kept for you.`
            : 'New lines are kept for you.'}
          <Button size="small" variant="ghost" onClick={() => rows.setPaused(false)}>
            Go on
          </Button>
        </div>
      ) : null}
      {view.status === 'lost' && hasRows ? (
        <div className={styles.strip} role="status">
          <Unplug size={13} aria-hidden /> Disconnected. The log goes on when the connection is back.
        </div>
      ) : null}
      {view.status === 'refused' && hasRows ? (
        <div className={styles.strip} role="alert">
          <TriangleAlert size={13} aria-hidden /> {view.error?.message ?? 'The log has ended.'}
          <Button size="small" variant="ghost" onClick={() => view.retry()}>
            Try again
          </Button>
        </div>
      ) : null}
      {(view.state?.warnings ?? []).map((warning) => (
        <div key={warning} className={styles.strip} role="status">
          <TriangleAlert size={13} aria-hidden /> {displayName(warning)}
        </div>
      ))}
    </>
  );
}
