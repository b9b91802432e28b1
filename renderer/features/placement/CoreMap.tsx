import { Gpu, Layers2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { countsOf } from '#shared/placement/Topology.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import { displayName } from '../app/displayName.ts';
import { workerHue } from '../logs/workerHue.ts';
import { coreGroups, cpuWords, gpuWords, type ShownCpu, type ShownGpu } from './coreGroups.ts';
import styles from './CoreMap.module.css';

interface CoreMapProps {
  view: PlacementView;
  /** The replica that is pointed at. */
  marked: string | null;
}

/** The engine's CPUs and GPUs by node and core, with the replicas on each. What several share is hatched, framed and counted. */
export function CoreMap({ view, marked }: CoreMapProps) {
  const { nodes, sockets } = countsOf(view.topology);
  const groups = coreGroups(view);
  return (
    <div className={styles.map} data-testid="placement-map">
      {groups.map(({ socket, node, cores, gpus }) => (
        <section
          key={`${socket ?? ''} ${node ?? ''}`}
          className={styles.node}
          aria-label={node === undefined ? 'GPUs, NUMA node unknown' : nodeWords(socket, node)}
        >
          {nodes > 1 || sockets > 1 || groups.length > 1 ? (
            <h2 className={styles.title}>
              {node === undefined ? 'GPUs' : `NUMA node ${node}`}
              {node === undefined ? <span className={styles.socket}>node unknown</span> : null}
              {sockets > 1 && socket !== undefined ? (
                <span className={styles.socket}>socket {socket}</span>
              ) : null}
            </h2>
          ) : null}
          {cores.length === 0 ? null : (
            <ul className={styles.cores}>
              {cores.map(({ core, cpus }) => (
                <li key={core} className={styles.core} data-threads={cpus.length > 1 || undefined}>
                  {cpus.map((cpu) => (
                    <CpuBox key={cpu.cpu} cpu={cpu} marked={marked} />
                  ))}
                </li>
              ))}
            </ul>
          )}
          {gpus.length === 0 ? null : (
            <ul className={styles.gpus} aria-label="GPUs">
              {gpus.map((gpu) => (
                <li key={gpu.index}>
                  <GpuBox gpu={gpu} marked={marked} />
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

const nodeWords = (socket: number | undefined, node: number): string =>
  `${socket === undefined ? '' : `Socket ${socket}, `}NUMA node ${node}`;

function CpuBox({ cpu, marked }: { cpu: ShownCpu; marked: string | null }) {
  const { replicas, isReserved } = cpu;
  return (
    <Box words={cpuWords(cpu)} replicas={replicas} marked={marked} isReserved={isReserved}>
      <span className={styles.number}>{cpu.cpu}</span>
    </Box>
  );
}

function GpuBox({ gpu, marked }: { gpu: ShownGpu; marked: string | null }) {
  const { index, model, replicas } = gpu;
  return (
    <Box words={gpuWords(gpu)} replicas={replicas} marked={marked} isGpu>
      <span className={styles.number}>
        <Gpu size={13} aria-hidden />
        GPU {index}
        {model === undefined ? null : <span className={styles.model}>{displayName(model)}</span>}
      </span>
    </Box>
  );
}

interface BoxProps {
  words: string;
  replicas: readonly string[];
  marked: string | null;
  isReserved?: boolean;
  isGpu?: boolean;
  /** What it is. */
  children: ReactNode;
}

/** One thing that replicas are given, with those that are. */
function Box({ words, replicas, marked, isReserved = false, isGpu = false, children }: BoxProps) {
  const [first] = replicas;
  const isShared = replicas.length > 1;
  return (
    <div
      className={styles.cpu}
      role="img"
      aria-label={displayName(words)}
      title={displayName(words)}
      data-gpu={isGpu || undefined}
      data-used={first !== undefined || undefined}
      data-shared={isShared || undefined}
      data-reserved={isReserved || undefined}
      data-marked={(marked !== null && replicas.includes(marked)) || undefined}
      style={first === undefined ? undefined : { '--hue': workerHue(first) }}
    >
      {children}
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
