import { parseCpuList } from './cpuList.ts';
import type { Topology, TopologyCpu, TopologyGpu } from './Topology.ts';

/** Files that a topology is read from, as shell patterns. Each CPU, node and GPU has files of its own. */
export const TOPOLOGY_FILES = [
  '/sys/devices/system/cpu/online',
  '/sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list',
  '/sys/devices/system/cpu/cpu[0-9]*/topology/core_id',
  '/sys/devices/system/cpu/cpu[0-9]*/topology/physical_package_id',
  '/sys/devices/system/node/has_memory',
  '/sys/devices/system/node/node[0-9]*/cpulist',
  // What the control group of whoever reads them may use: the second version, then the first one in both of its forms.
  '/sys/fs/cgroup/cpuset.cpus.effective',
  '/sys/fs/cgroup/cpuset.mems.effective',
  '/sys/fs/cgroup/cpuset/cpuset.effective_cpus',
  '/sys/fs/cgroup/cpuset/cpuset.effective_mems',
  '/sys/fs/cgroup/cpuset/cpuset.cpus',
  '/sys/fs/cgroup/cpuset/cpuset.mems',
  '/proc/driver/nvidia/gpus/*/information',
] as const;

/** Which NUMA node a GPU is near; there are as many as there are devices, so only a machine with GPUs is asked. */
export const GPU_NODE_FILES = '/sys/bus/pci/devices/*/numa_node';

/**
 * CPUs, NUMA nodes and NVIDIA GPUs by what the kernel shows of them (Linux, Documentation/ABI/stable/sysfs-devices-system-cpu and
 * sysfs-devices-node; Documentation/admin-guide/cgroup-v2, “cpuset”). A CPU that is switched off or that the control group does not allow is
 * not there.
 *
 * @param files texts by path, of those of TOPOLOGY_FILES and GPU_NODE_FILES that could be read
 * @returns undefined where they tell of no CPU
 */
export function parseTopology(files: ReadonlyMap<string, string>): Omit<Topology, 'source'> | undefined {
  const numbered = (pattern: RegExp): Map<number, string> =>
    new Map(
      [...files].flatMap(([path, text]) => {
        const number = pattern.exec(path)?.[1];
        return number === undefined ? [] : [[Number(number), text.trim()] as const];
      }),
    );
  const siblings = numbered(/\/cpu(\d+)\/topology\/thread_siblings_list$/);
  const coreIds = numbered(/\/cpu(\d+)\/topology\/core_id$/);
  const sockets = numbered(/\/cpu(\d+)\/topology\/physical_package_id$/);
  const nodeOf = new Map(
    [...numbered(/\/node(\d+)\/cpulist$/)].flatMap(([node, list]) =>
      parseCpuList(list).map((cpu) => [cpu, node] as const),
    ),
  );
  const listIn = (...paths: string[]): number[] =>
    paths.map((path) => parseCpuList(files.get(path) ?? '')).find((list) => list.length > 0) ?? [];
  const online = listIn('/sys/devices/system/cpu/online');
  const known = online.length > 0 ? online : [...siblings.keys()].sort((a, b) => a - b);
  const allowed = new Set(
    listIn(
      '/sys/fs/cgroup/cpuset.cpus.effective',
      '/sys/fs/cgroup/cpuset/cpuset.effective_cpus',
      '/sys/fs/cgroup/cpuset/cpuset.cpus',
    ),
  );
  const usable = allowed.size === 0 ? known : known.filter((cpu) => allowed.has(cpu));
  if (usable.length === 0) return undefined;
  const socketOf = (cpu: number): number => Math.max(0, Number(sockets.get(cpu) ?? 0) || 0);
  const coreOf = coresOf(siblings, coreIds, socketOf);
  const cpus = usable.map(
    (cpu): TopologyCpu => ({
      cpu,
      core: coreOf(cpu),
      socket: socketOf(cpu),
      node: nodeOf.get(cpu) ?? 0,
    }),
  );
  return { cpus, memoryNodes: memoryNodesIn(listIn), gpus: gpusIn(files) };
}

/** By the siblings that the kernel lists; without them a core is a number on its socket. */
function coresOf(
  siblings: ReadonlyMap<number, string>,
  coreIds: ReadonlyMap<number, string>,
  socketOf: (cpu: number) => number,
): (cpu: number) => number {
  const lowest = new Map<string, number>();
  for (const [cpu, id] of [...coreIds].sort(([a], [b]) => a - b)) {
    const key = `${socketOf(cpu)} ${id}`;
    if (!lowest.has(key)) lowest.set(key, cpu);
  }
  return (cpu) => {
    const [first] = parseCpuList(siblings.get(cpu) ?? '');
    if (first !== undefined) return first;
    const id = coreIds.get(cpu);
    return (id === undefined ? undefined : lowest.get(`${socketOf(cpu)} ${id}`)) ?? cpu;
  };
}

function memoryNodesIn(listIn: (...paths: string[]) => number[]): number[] {
  const nodes = listIn('/sys/devices/system/node/has_memory');
  const allowed = new Set(
    listIn(
      '/sys/fs/cgroup/cpuset.mems.effective',
      '/sys/fs/cgroup/cpuset/cpuset.effective_mems',
      '/sys/fs/cgroup/cpuset/cpuset.mems',
    ),
  );
  return allowed.size === 0 ? nodes : nodes.filter((node) => allowed.has(node));
}

/** What NVIDIA's driver shows below /proc/driver/nvidia/gpus, in its order: that of the bus. */
function gpusIn(files: ReadonlyMap<string, string>): TopologyGpu[] {
  return [...files]
    .flatMap(([path, text]) => {
      const address = /^\/proc\/driver\/nvidia\/gpus\/([^/]+)\/information$/.exec(path)?.[1];
      return address === undefined ? [] : [{ address: address.toLowerCase(), text }];
    })
    .sort((one, other) => (one.address < other.address ? -1 : 1))
    .map(({ address, text }, index) => {
      const uuid = /^GPU UUID:\s*(GPU-[0-9a-f-]+)\s*$/im.exec(text)?.[1];
      const node = Number(files.get(`/sys/bus/pci/devices/${address}/numa_node`) ?? '-1');
      return {
        id: uuid ?? String(index),
        index,
        model: /^Model:\s*(\S.*?)\s*$/im.exec(text)?.[1],
        // -1: the machine has no opinion.
        node: Number.isInteger(node) && node >= 0 ? node : undefined,
      };
    });
}
