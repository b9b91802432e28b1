import { parseTopology } from './parseTopology.ts';
import type { Topology } from './Topology.ts';

interface MachineShape {
  /** Cores of each NUMA node, socket after socket. */
  nodes: readonly (readonly number[])[];
  /** Threads of a core. Numbers go as on most machines: first threads of all cores, then second ones. */
  threads?: number | undefined;
  /** What the control group allows. */
  allowed?: string | undefined;
  gpus?: readonly { node: number }[] | undefined;
}

/** The files of a machine as the kernel shows them, for tests. */
export function machineFiles({ nodes, threads = 1, allowed, gpus = [] }: MachineShape): Map<string, string> {
  const cores = nodes.flatMap((sizes, socket) =>
    sizes.flatMap((size, at) =>
      Array.from({ length: size }, () => ({ socket, node: nodes.slice(0, socket).flat().length + at })),
    ),
  );
  const files = new Map<string, string>();
  const count = cores.length * threads;
  files.set('/sys/devices/system/cpu/online', `0-${count - 1}\n`);
  const lists = new Map<number, number[]>();
  for (let cpu = 0; cpu < count; cpu += 1) {
    const core = cpu % cores.length;
    const { socket, node } = cores[core] ?? { socket: 0, node: 0 };
    const folder = `/sys/devices/system/cpu/cpu${cpu}/topology`;
    const siblings = Array.from({ length: threads }, (_, thread) => core + thread * cores.length);
    files.set(`${folder}/thread_siblings_list`, `${siblings.join(',')}\n`);
    files.set(`${folder}/core_id`, `${core}\n`);
    files.set(`${folder}/physical_package_id`, `${socket}\n`);
    lists.set(node, [...(lists.get(node) ?? []), cpu]);
  }
  for (const [node, cpus] of lists)
    files.set(`/sys/devices/system/node/node${node}/cpulist`, `${cpus.join(',')}\n`);
  files.set('/sys/devices/system/node/has_memory', `${[...lists.keys()].join(',')}\n`);
  if (allowed !== undefined) files.set('/sys/fs/cgroup/cpuset.cpus.effective', `${allowed}\n`);
  gpus.forEach(({ node }, index) => {
    const address = `0000:${index}A:00.0`;
    files.set(
      `/proc/driver/nvidia/gpus/${address}/information`,
      `Model: \t\t Test GPU\nIRQ:   \t\t 5${index}\nGPU UUID: \t GPU-0000000${index}\n`,
    );
    files.set(`/sys/bus/pci/devices/${address.toLowerCase()}/numa_node`, `${node}\n`);
  });
  return files;
}

export function testTopology(shape: MachineShape): Topology {
  const found = parseTopology(machineFiles(shape));
  if (found === undefined) throw new Error('This machine has no CPU.');
  return { ...found, source: { kind: 'machine' } };
}
