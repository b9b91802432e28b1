import { memo } from 'react';
import type { WorkerView } from '#shared/domain/AppView.ts';
import { describeExitShort, describeWorker } from './describeWorker.ts';
import { displayName } from './displayName.ts';
import { PhaseSign } from './PhaseSign.tsx';
import { phaseLook } from './phaseLook.ts';
import { useUptime } from './useUptime.ts';
import styles from './WorkerTile.module.css';

interface WorkerTileProps {
  worker: WorkerView;
  selected: boolean;
  /** The one tile of the grid that Tab reaches. */
  tabbable: boolean;
  /** One line instead of two, where there are many. */
  dense: boolean;
  onSelect: (key: string) => void;
}

/** A worker: who, in which phase, for how long. Drawn anew only when its own worker object changes. */
export const WorkerTile = memo(function WorkerTile(props: WorkerTileProps) {
  const { worker, selected, tabbable, dense, onSelect } = props;
  const look = phaseLook(worker.phase);
  const name = `${displayName(worker.service)} ${worker.index}`;
  const exit = describeExitShort(worker);
  const aside =
    worker.phase === 'running' && worker.health && worker.health !== 'healthy'
      ? worker.health
      : (exit ?? (worker.phase === 'running' && worker.ports[0] ? displayName(worker.ports[0]) : null));
  return (
    <div
      role="listitem"
      aria-label={`${name} ${look.label.toLowerCase()}`}
      className={`${styles.cell} ${dense ? styles.dense : ''}`}
      data-worker={worker.key}
      data-phase={worker.phase}
    >
      <button
        type="button"
        className={styles.tile}
        data-tone={look.tone}
        data-unhealthy={worker.health === 'unhealthy' || undefined}
        aria-pressed={selected}
        aria-label={`${name}: ${describeWorker(worker)}`}
        title={displayName(describeWorker(worker))}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => onSelect(worker.key)}
      >
        <PhaseSign phase={worker.phase} />
        <span className={styles.name}>
          <span className={styles.service}>{displayName(worker.service)}</span>
          <span className={styles.index}>{worker.index}</span>
        </span>
        {dense ? null : (
          <span className={styles.second}>
            <span className={styles.phase}>{look.label}</span>
            {aside ? <span className={styles.aside}>{aside}</span> : null}
          </span>
        )}
        {worker.phase === 'running' ? (
          <Uptime startedAt={worker.startedAt} />
        ) : dense ? (
          <span className={styles.time}>{exit ?? look.label}</span>
        ) : null}
      </button>
    </div>
  );
});

function Uptime({ startedAt }: { startedAt: number | undefined }) {
  const uptime = useUptime(startedAt);
  return uptime === null ? null : <span className={styles.time}>{uptime}</span>;
}
