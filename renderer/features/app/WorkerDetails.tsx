import { X } from 'lucide-react';
import type { WorkerView } from '#shared/domain/AppView.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { describeExit } from './describeWorker.ts';
import { displayName } from './displayName.ts';
import { PhaseSign } from './PhaseSign.tsx';
import { phaseLook } from './phaseLook.ts';
import { useUptime } from './useUptime.ts';
import styles from './WorkerDetails.module.css';

/** Everything known of the selected worker. */
export function WorkerDetails({ worker, onClose }: { worker: WorkerView; onClose: () => void }) {
  const uptime = useUptime(worker.phase === 'running' ? worker.startedAt : undefined);
  const exit = describeExit(worker);
  const facts: [string, string][] = [];
  if (uptime !== null) facts.push(['Up', uptime]);
  if (worker.health) facts.push(['Health', worker.health]);
  if (exit) facts.push(['Ended', exit]);
  if (worker.ports.length > 0) facts.push(['Ports', worker.ports.map(displayName).join(', ')]);
  if (worker.containerName) facts.push(['Container', displayName(worker.containerName)]);
  if (worker.containerId) facts.push(['Id', worker.containerId.slice(0, 12)]);
  return (
    <section className={styles.details} aria-label={`Details of ${displayName(worker.key)}`}>
      <div className={styles.head}>
        <PhaseSign phase={worker.phase} />
        <span className={styles.name}>{`${displayName(worker.service)} ${worker.index}`}</span>
        <span className={styles.phase}>{phaseLook(worker.phase).label}</span>
        <dl className={styles.facts}>
          {facts.map(([term, value]) => (
            <div key={term} className={styles.fact}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <IconButton
          size="small"
          label="Show all workers"
          keys="escape"
          icon={<X size={14} />}
          onClick={onClose}
        />
      </div>
      {worker.error ? (
        <p className={styles.error} role="alert">
          {displayName(worker.error.message)}
          {worker.error.hint ? <span className={styles.hint}> {displayName(worker.error.hint)}</span> : null}
        </p>
      ) : null}
    </section>
  );
}
