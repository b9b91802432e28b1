import type { AppView } from '#shared/domain/AppView.ts';
import { formatCpuList, isSameCpuList } from '#shared/placement/cpuList.ts';
import { sharesWords } from '#shared/placement/describePlacement.ts';
import { placeKey, type ReplicaPlace } from '#shared/placement/Placement.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import { displayName } from '../app/displayName.ts';
import styles from './PlacementTable.module.css';

interface PlacementTableProps {
  view: PlacementView;
  workers: AppView['workers'];
  marked: string | null;
  onMark: (replica: string | null) => void;
}

/** Each replica with what it gets, what it shares, and whether it runs there now. A name marks its CPUs in the map. */
export function PlacementTable({ view, workers, marked, onMark }: PlacementTableProps) {
  const { places } = view.plan;
  const hasGpus = places.some(({ gpus }) => gpus.length > 0);
  const gpuNumber = (id: string): number | string =>
    view.topology.gpus.find((gpu) => gpu.id === id)?.index ?? id;
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Replica</th>
            <th scope="col">CPUs</th>
            <th scope="col">Node</th>
            {hasGpus ? <th scope="col">GPU</th> : null}
            <th scope="col">Shares</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => {
            const key = placeKey(place);
            const shares = sharesWords(place);
            return (
              <tr key={key} data-marked={marked === key || undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.name}
                    aria-pressed={marked === key}
                    onClick={() => onMark(marked === key ? null : key)}
                  >
                    {displayName(key)}
                  </button>
                </th>
                <td>{place.cpus.length === 0 ? 'any' : formatCpuList(place.cpus)}</td>
                <td>
                  {place.nodes.length === 0 ? '–' : formatCpuList(place.nodes)}
                  {place.memoryNodes.length > 0 ? ', memory too' : ''}
                </td>
                {hasGpus ? <td>{place.gpus.map(gpuNumber).join(', ') || '–'}</td> : null}
                <td data-shares={shares !== '' || undefined}>{shares === '' ? '–' : displayName(shares)}</td>
                <td>{nowWords(place, workers)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Whether a replica is where it is to be, as its engine tells. */
function nowWords(place: ReplicaPlace, workers: AppView['workers']): string {
  const worker = workers.find(({ key }) => key === placeKey(place));
  if (worker?.containerId === undefined) return 'not there';
  if (worker.phase !== 'running') return worker.phase;
  // Podman does not tell.
  if (worker.limits === undefined) return 'running';
  const { cpuset = '' } = worker.limits;
  if (isSameCpuList(cpuset, formatCpuList(place.cpus))) return 'runs there';
  return cpuset === '' ? 'runs anywhere: apply the changes' : `runs on ${cpuset}: apply the changes`;
}
