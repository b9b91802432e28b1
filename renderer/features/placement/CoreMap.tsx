import { Layers2 } from 'lucide-react';
import { countsOf } from '#shared/placement/Topology.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import { displayName } from '../app/displayName.ts';
import { workerHue } from '../logs/workerHue.ts';
import { coreGroups, cpuWords, type ShownCpu } from './coreGroups.ts';
import styles from './CoreMap.module.css';

interface CoreMapProps {
  view: PlacementView;
  /** The replica that is pointed at. */
  marked: string | null;
}

/** The engine's CPUs by node and core, with the replicas on each. What several share is hatched, framed and counted. */
export function CoreMap({ view, marked }: CoreMapProps) {
  const { nodes, sockets } = countsOf(view.topology);
  return (
    <div className={styles.map} data-testid="placement-map">
      {coreGroups(view).map(({ socket, node, cores }) => (
        <section
          key={`${socket} ${node}`}
          className={styles.node}
          aria-label={`Socket ${socket}, NUMA node ${node}`}
        >
          {nodes > 1 || sockets > 1 ? (
            <h2 className={styles.title}>
              NUMA node {node}
              {sockets > 1 ? <span className={styles.socket}>socket {socket}</span> : null}
            </h2>
          ) : null}
          <ul className={styles.cores}>
            {cores.map(({ core, cpus }) => (
              <li key={core} className={styles.core} data-threads={cpus.length > 1 || undefined}>
                {cpus.map((cpu) => (
                  <CpuBox key={cpu.cpu} cpu={cpu} marked={marked} />
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function CpuBox({ cpu, marked }: { cpu: ShownCpu; marked: string | null }) {
  const { replicas, isReserved } = cpu;
  const [first] = replicas;
  const isShared = replicas.length > 1;
  return (
    <div
      className={styles.cpu}
      role="img"
      aria-label={displayName(cpuWords(cpu))}
      title={displayName(cpuWords(cpu))}
      data-used={first !== undefined || undefined}
      data-shared={isShared || undefined}
      data-reserved={isReserved || undefined}
      data-marked={(marked !== null && replicas.includes(marked)) || undefined}
      style={first === undefined ? undefined : { '--hue': workerHue(first) }}
    >
      <span className={styles.number}>{cpu.cpu}</span>
      {isShared ? (
        <span className={styles.count}>
          <Layers2 size={10} aria-hidden />×{replicas.length}
        </span>
      ) : null}
      <span className={styles.replica}>
        {first === undefined ? (isReserved ? 'left free' : '') : displayName(first)}
      </span>
    </div>
  );
}
