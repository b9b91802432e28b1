import { counted } from '../text/counted.ts';
import { formatCpuList } from './cpuList.ts';
import type { FilePlace } from './PlacementSource.ts';
import type { PlacedServiceView, PlacementView } from './PlacementView.ts';
import { placeKey, type ReplicaPlace } from './Placement.ts';
import { countsOf, type Topology } from './Topology.ts';

/** `16 CPUs: 8 cores × 2 threads, 2 sockets, 2 NUMA nodes; 1 GPU` */
export function machineWords(topology: Topology): string {
  const { cpus, cores, sockets, nodes, gpus } = countsOf(topology);
  if (topology.source.kind === 'count') return counted(cpus, 'CPU');
  const parts = [
    cores === cpus
      ? counted(cores, 'core')
      : cpus % cores === 0
        ? `${counted(cores, 'core')} × ${cpus / cores} threads`
        : counted(cores, 'core'),
    counted(sockets, 'socket'),
    counted(nodes, 'NUMA node'),
  ];
  return `${counted(cpus, 'CPU')}: ${parts.join(', ')}${gpus === 0 ? '' : `; ${counted(gpus, 'GPU')}`}`;
}

/** How it became known. */
export function sourceWords({ source }: Topology): string {
  switch (source.kind) {
    case 'machine':
      return 'read from this machine';
    case 'probe':
      return `read by a container of ${source.image}`;
    case 'count':
      return `nothing else is known: ${source.reason.replace(/\.$/, '')}`;
  }
}

/** What the file asks for, in words: `4 replicas × 2 CPUs, packed, one thread a core`. */
export function policyWords({ placement, replicas, threadVariables }: PlacedServiceView): string {
  const count = counted(replicas, 'replica');
  if (placement === null) return `${count} anywhere`;
  const { cpusPerWorker, gpusPerWorker, policy, smt, memory, leaveFree } = placement;
  const [variable] = threadVariables;
  return [
    `${count}${cpusPerWorker === 0 ? '' : ` × ${counted(cpusPerWorker, 'CPU')}`}${gpusPerWorker === 0 ? '' : ` × ${counted(gpusPerWorker, 'GPU')}`}`,
    ...(cpusPerWorker === 0 ? [] : [policy, smt === 'avoid' ? 'one thread a core' : 'all threads of cores']),
    ...(memory === 'local' ? ['memory local'] : []),
    ...(leaveFree === 0 ? [] : [`${counted(leaveFree, 'core')} left free`]),
    ...(variable === undefined ? [] : [`${variable} and the like = ${cpusPerWorker}`]),
  ].join(', ');
}

export const placeWords = ({ file, line }: FilePlace): string => `${file}:${line}`;

/** Which file decides how a service is placed, where that is not plain to see; undefined where it is. */
export function decisionWords({ placement, source }: PlacedServiceView): string | undefined {
  if (source?.decides === undefined) return undefined;
  const { decides, overruled, changedIn } = source;
  const place = placeWords(decides);
  if (changedIn === undefined)
    return placement === null
      ? `${place} decides: this service has its x-flotilla from what it extends. Give it a placement there.`
      : `${place} decides: this service has its placement from what it extends. Change it there.`;
  if (overruled.length === 0) return undefined;
  const others = overruled.map(placeWords).join(' and ');
  return `${place} decides${placement === null ? ', and has no placement' : ''}: the placement at ${others} has no effect. Of several files the last that says x-flotilla counts, as a whole.`;
}

/** A placement in lines for people: the machine, each replica with what it gets and shares, what is to be known. */
export function describePlacement({ topology, plan, services }: PlacementView): string[] {
  const lines = [`${machineWords(topology)} (${sourceWords(topology)})`];
  const rows = plan.places.map((place) => [placeKey(place), ...columnsOf(place, topology)]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const textOf = (place: ReplicaPlace): string =>
    [placeKey(place), ...columnsOf(place, topology)]
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  for (const service of services) {
    lines.push('', `${service.name}: ${policyWords(service)}`);
    const decision = decisionWords(service);
    if (decision !== undefined) lines.push(`  ${decision}`);
    for (const place of plan.places) if (place.service === service.name) lines.push(`  ${textOf(place)}`);
  }
  if (plan.reserved.length > 0) lines.push('', `Left free: CPUs ${formatCpuList(plan.reserved)}`);
  if (plan.findings.length > 0) lines.push('');
  for (const { severity, text, hint } of plan.findings) {
    lines.push(`${severity}: ${text}`);
    if (hint !== undefined) lines.push(`  ${hint}`);
  }
  return lines;
}

function columnsOf(
  { cpus, nodes, memoryNodes, gpus, ...shares }: ReplicaPlace,
  topology: Topology,
): string[] {
  const numbers = gpus.map((id) => topology.gpus.find((gpu) => gpu.id === id)?.index ?? id);
  return [
    cpus.length === 0 ? 'any CPU' : `CPU ${formatCpuList(cpus)}`,
    [
      ...(nodes.length === 0 ? [] : [`node ${formatCpuList(nodes)}`]),
      ...(memoryNodes.length === 0 ? [] : ['memory local']),
      ...(numbers.length === 0 ? [] : [`GPU ${numbers.join(',')}`]),
    ].join(', '),
    sharesWords(shares),
  ];
}

/** `CPUs shared with worker-1 and 2 more` */
export function sharesWords({
  sharesCpus,
  sharesCores,
  sharesGpus,
}: Pick<ReplicaPlace, 'sharesCpus' | 'sharesCores' | 'sharesGpus'>): string {
  const words = (what: string, [first, ...others]: readonly string[]): string[] =>
    first === undefined
      ? []
      : [`${what} shared with ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`];
  return [...words('CPUs', sharesCpus), ...words('cores', sharesCores), ...words('GPUs', sharesGpus)].join(
    ', ',
  );
}
