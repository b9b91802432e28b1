import type { RunWorker } from '#shared/domain/Run.ts';
import { totalUsage } from '#shared/runs/totalUsage.ts';
import { coreSecondsWords, peakMemoryWords } from '#shared/runs/usageWords.ts';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import { formatStepTime } from '../build/formatStepTime.ts';
import styles from './RunTable.module.css';
import { endOfWorker, placeWords } from './runWords.ts';

const MOST_SHOWN = 200;

interface RunWorkersProps {
  workers: readonly RunWorker[];
  /** Shows what a worker wrote to its log. */
  onShowLog: (worker: string) => void;
}

/** The containers of a run: how each ended, how long it ran, where it was allowed to. */
export function RunWorkers({ workers, onShowLog }: RunWorkersProps) {
  return (
    <div className={styles.box}>
      <table className={styles.table}>
        <caption className={styles.caption}>Containers</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">End</th>
            <th scope="col">Time</th>
            <th scope="col">CPU time</th>
            <th scope="col">Peak memory</th>
            <th scope="col">CPUs</th>
            <th scope="col">Memory limit</th>
            <th scope="col">Restarts</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {workers.slice(0, MOST_SHOWN).map((worker) => {
            const {
              key,
              containerId,
              startedAt,
              finishedAt,
              exitCode,
              oomKilled,
              placement = {},
              restarts,
            } = worker;
            const usage = totalUsage([worker]);
            return (
              <tr key={containerId} data-bad={(exitCode ?? 0) !== 0 || oomKilled === true || undefined}>
                <th scope="row">{displayName(key)}</th>
                <td>{endOfWorker(worker)}</td>
                <td>{finishedAt === undefined ? '–' : formatStepTime(finishedAt - startedAt)}</td>
                <td>{usage === undefined ? '–' : coreSecondsWords(usage)}</td>
                <td>{usage === undefined ? '–' : peakMemoryWords(usage)}</td>
                <td>{placeWords(placement)}</td>
                <td>{placement.memoryBytes === undefined ? '–' : formatBytes(placement.memoryBytes)}</td>
                <td>{restarts ?? 0}</td>
                <td className={styles.action}>
                  <Button
                    size="small"
                    variant="ghost"
                    aria-label={`Show the log of ${key}`}
                    onClick={() => onShowLog(key)}
                  >
                    Show
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {workers.length > MOST_SHOWN ? (
        <p className={styles.more}>… and {workers.length - MOST_SHOWN} more</p>
      ) : null}
    </div>
  );
}
