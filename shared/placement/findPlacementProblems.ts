import { counted } from '../text/counted.ts';
import { formatCpuList } from './cpuList.ts';
import type { PlacementFinding, ReplicaPlace, Room, TakenCpus } from './Placement.ts';
import type { Topology } from './Topology.ts';

interface Outcome {
  places: readonly ReplicaPlace[];
  rooms: readonly Room[];
  taken: readonly TakenCpus[];
  reserved: readonly number[];
}

/** What is to be known of where replicas were placed, the worst first. */
export function findPlacementProblems(topology: Topology, outcome: Outcome): PlacementFinding[] {
  const { rooms, places } = outcome;
  const findings = rooms.flatMap((room) => {
    const own = places.filter(({ service }) => service === room.demand.service);
    return [...cpuFindings(topology, room, own, outcome), ...gpuFindings(topology, room, own)];
  });
  const { source } = topology;
  if (source.kind === 'count' && rooms.length > 0)
    findings.push({
      kind: 'unknown',
      severity: 'warning',
      text: `Only the number of the engine’s CPUs is known (${topology.cpus.length}): ${source.reason}`,
      hint: 'Each CPU counts as a core of its own, and all as of one NUMA node.',
    });
  const order = ['error', 'warning', 'note'];
  return findings.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

function cpuFindings(
  topology: Topology,
  { demand, sets, usable }: Room,
  places: readonly ReplicaPlace[],
  { taken, reserved }: Outcome,
): PlacementFinding[] {
  const { service, policy, indices } = demand;
  const per = policy.cpusPerWorker;
  if (per === 0 || indices.length === 0) return [];
  const cores = new Set(topology.cpus.map(({ core }) => core)).size;
  const hasThreads = policy.smt === 'avoid' && cores < topology.cpus.length;
  const others = [
    ...(reserved.length === 0 ? [] : [`${formatCpuList(reserved)} left free`]),
    ...taken.flatMap(({ service: other, cpus }) =>
      cpus.length === 0 ? [] : [`${formatCpuList(cpus)} given to ${other}`],
    ),
  ];
  const except = others.length === 0 ? '' : ` (CPUs ${others.join(', ')})`;
  const room = `${counted(usable, policy.smt === 'avoid' && hasThreads ? 'core' : 'CPU')} for it${except}`;
  const orThreads = hasThreads ? ', or smt: use for the further threads of cores' : '';
  if (sets === 0)
    return [
      {
        kind: 'impossible',
        severity: 'error',
        service,
        text: `No replica of ${service} can have ${counted(per, 'CPU')}: the engine has ${room}.`,
        hint: `Write at most cpus_per_worker: ${Math.max(1, usable)} below its x-flotilla.placement${orThreads}.`,
      },
    ];
  const findings: PlacementFinding[] = [];
  const sharing = places.filter(({ sharesCpus }) => sharesCpus.length > 0);
  const [last] = sharing.slice(-1);
  if (last !== undefined)
    findings.push({
      kind: 'shared-cpus',
      severity: 'warning',
      service,
      text: `${service}: ${counted(indices.length, 'replica')} × ${counted(per, 'CPU')} = ${counted(indices.length * per, 'CPU')}, and there are ${room}, room for ${sets}: ${counted(sharing.length, 'replica')} ${sharing.length === 1 ? 'shares' : 'share'} CPUs, ${service}-${last.index} with ${someOf(last.sharesCpus)}.`,
      hint: `Ask for at most ${counted(sets, 'replica')} or fewer CPUs each${orThreads}.`,
    });
  const across = places.filter(({ nodes }) => nodes.length > 1);
  const [far] = across;
  if (far !== undefined)
    findings.push({
      kind: 'far',
      severity: 'warning',
      service,
      text: `${service}-${far.index}${across.length > 1 ? ` and ${across.length - 1} more` : ''}: CPUs ${formatCpuList(far.cpus)} lie on NUMA nodes ${far.nodes.join(' and ')}, so part of its memory is far away.`,
    });
  const halves = places.filter(({ sharesCores }) => sharesCores.length > 0);
  const [half] = halves;
  if (half !== undefined)
    findings.push({
      kind: 'shared-cores',
      severity: 'note',
      service,
      text: `${counted(halves.length, 'replica')} of ${service} ${halves.length === 1 ? 'has a thread of a core that another' : 'have threads of cores that others'} use too (smt: use): ${service}-${half.index} with ${someOf(half.sharesCores)}.`,
    });
  return findings;
}

function gpuFindings(
  { gpus }: Topology,
  { demand: { service, policy, indices } }: Room,
  places: readonly ReplicaPlace[],
): PlacementFinding[] {
  const per = policy.gpusPerWorker;
  if (per === 0 || indices.length === 0) return [];
  if (gpus.length < per)
    return [
      {
        kind: 'impossible',
        severity: 'error',
        service,
        text: `No replica of ${service} can have ${counted(per, 'GPU')}: ${gpus.length === 0 ? 'no NVIDIA GPU of the engine’s machine is known' : `the engine’s machine has ${gpus.length}`}.`,
        hint: `Take gpus_per_worker out of its x-flotilla.placement${gpus.length === 0 ? '' : `, or write at most ${gpus.length}`}.`,
      },
    ];
  const sharing = places.filter(({ sharesGpus }) => sharesGpus.length > 0);
  const [last] = sharing.slice(-1);
  return last === undefined
    ? []
    : [
        {
          kind: 'shared-gpus',
          severity: 'warning',
          service,
          text: `${service}: ${counted(indices.length, 'replica')} × ${counted(per, 'GPU')}, and there ${gpus.length === 1 ? 'is 1' : `are ${gpus.length}`}: ${counted(sharing.length, 'replica')} share them, ${service}-${last.index} with ${someOf(last.sharesGpus)}.`,
          hint: `Ask for at most ${counted(Math.floor(gpus.length / per), 'replica')}.`,
        },
      ];
}

/** `worker-1, worker-2 and 3 more` */
function someOf(keys: readonly string[]): string {
  const shown = keys.slice(0, 2).join(', ');
  return keys.length > 2 ? `${shown} and ${keys.length - 2} more` : shown;
}
