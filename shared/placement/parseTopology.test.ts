import { describe, expect, it } from 'vitest';
import { formatCpuList, isSameCpuList, parseCpuList } from './cpuList.ts';
import { parseTopology } from './parseTopology.ts';
import { machineFiles, testTopology } from './testTopology.ts';
import { countsOf } from './Topology.ts';

describe('lists of CPUs', () => {
  it('are read and written as the kernel has them', () => {
    expect(parseCpuList('0-2,8, 10-11\n')).toEqual([0, 1, 2, 8, 10, 11]);
    expect(parseCpuList('')).toEqual([]);
    expect(parseCpuList('3,1,3,x,-1,5-4')).toEqual([1, 3]);
    expect(parseCpuList('0-999999999')).toEqual([]);
    expect(formatCpuList([11, 0, 1, 2, 8, 10])).toBe('0-2,8,10-11');
    expect(formatCpuList([])).toBe('');
    expect(isSameCpuList('0,1', '0-1')).toBe(true);
    expect(isSameCpuList('0-1', '')).toBe(false);
  });
});

describe('parseTopology', () => {
  it('tells cores, sockets and nodes of a machine with two sockets and two threads a core', () => {
    const topology = testTopology({ nodes: [[2], [2]], threads: 2 });
    expect(topology.cpus).toEqual([
      { cpu: 0, core: 0, socket: 0, node: 0 },
      { cpu: 1, core: 1, socket: 0, node: 0 },
      { cpu: 2, core: 2, socket: 1, node: 1 },
      { cpu: 3, core: 3, socket: 1, node: 1 },
      { cpu: 4, core: 0, socket: 0, node: 0 },
      { cpu: 5, core: 1, socket: 0, node: 0 },
      { cpu: 6, core: 2, socket: 1, node: 1 },
      { cpu: 7, core: 3, socket: 1, node: 1 },
    ]);
    expect(topology.memoryNodes).toEqual([0, 1]);
    expect(countsOf(topology)).toEqual({ cpus: 8, cores: 4, sockets: 2, nodes: 2, gpus: 0 });
  });

  it('leaves out what is switched off and what the control group does not allow, in whichever version', () => {
    const files = machineFiles({ nodes: [[4]] });
    files.set('/sys/devices/system/cpu/online', '0,2-3');
    expect(parseTopology(files)?.cpus.map(({ cpu }) => cpu)).toEqual([0, 2, 3]);
    files.set('/sys/fs/cgroup/cpuset/cpuset.cpus', '1-2\n');
    expect(parseTopology(files)?.cpus.map(({ cpu }) => cpu)).toEqual([2]);
    files.set('/sys/fs/cgroup/cpuset.cpus.effective', '3');
    expect(parseTopology(files)?.cpus.map(({ cpu }) => cpu)).toEqual([3]);
    files.set('/sys/fs/cgroup/cpuset.cpus.effective', '8-9');
    expect(parseTopology(files)).toBeUndefined();
  });

  it('tells cores by their numbers where no siblings are listed, and each CPU for itself where nothing is', () => {
    const files = machineFiles({ nodes: [[2], [2]], threads: 2 });
    for (const path of [...files.keys()]) if (path.endsWith('siblings_list')) files.delete(path);
    // Numbers of cores count anew on each socket.
    for (const cpu of [2, 3, 6, 7])
      files.set(`/sys/devices/system/cpu/cpu${cpu}/topology/core_id`, `${cpu % 2}`);
    expect(parseTopology(files)?.cpus.map(({ core }) => core)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    const bare = parseTopology(new Map([['/sys/devices/system/cpu/online', '0-1']]));
    expect(bare).toEqual({
      cpus: [
        { cpu: 0, core: 0, socket: 0, node: 0 },
        { cpu: 1, core: 1, socket: 0, node: 0 },
      ],
      memoryNodes: [],
      gpus: [],
    });
    expect(parseTopology(new Map())).toBeUndefined();
  });

  it('finds GPUs with the node that each is near', () => {
    expect(testTopology({ nodes: [[1], [1]], gpus: [{ node: 1 }, { node: -1 }] }).gpus).toEqual([
      { id: 'GPU-00000000', index: 0, model: 'Test GPU', node: 1 },
      { id: 'GPU-00000001', index: 1, model: 'Test GPU', node: undefined },
    ]);
  });
});
