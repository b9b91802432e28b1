import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpuList } from './cpuList.ts';
import { pickCpuSets } from './pickCpuSets.ts';
import { PLACEMENT_DEFAULTS, type PlacementPolicy } from './PlacementPolicy.ts';
import type { PlacementDemand } from './Placement.ts';
import { planPlacement } from './planPlacement.ts';
import { testTopology } from './testTopology.ts';
import { flatTopology, type Topology } from './Topology.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const demand = (
  replicas: number | number[],
  policy: Partial<PlacementPolicy>,
  more: Partial<PlacementDemand> = {},
): PlacementDemand => ({
  service: 'worker',
  policy: { ...PLACEMENT_DEFAULTS, cpusPerWorker: 1, ...policy },
  indices: typeof replicas === 'number' ? upTo(replicas) : replicas,
  scales: true,
  ...more,
});
const cpusOf = (topology: Topology, ...demands: PlacementDemand[]): string[] =>
  planPlacement(topology, demands).places.map(({ cpus }) => formatCpuList(cpus));

/** Two sockets of two nodes of four cores of two threads: CPUs 0-15 are cores, 16-31 their further threads. */
const big = testTopology({
  nodes: [
    [4, 4],
    [4, 4],
  ],
  threads: 2,
});

describe('where replicas are placed', () => {
  it('packed: node after node, whole cores before further threads, and those only when said', () => {
    expect(cpusOf(big, demand(5, { cpusPerWorker: 2 }))).toEqual(['0-1', '2-3', '4-5', '6-7', '8-9']);
    expect(cpusOf(big, demand(9, { cpusPerWorker: 2 }))[8]).toBe('0-1');
    expect(cpusOf(big, demand(9, { cpusPerWorker: 2, smt: 'use' }))[8]).toBe('16-17');
    // What does not fit into the rest of a node begins with the next one.
    expect(cpusOf(big, demand(3, { cpusPerWorker: 3 }))).toEqual(['0-2', '4-6', '8-10']);
  });

  it('spread: sockets in turn, then nodes', () => {
    expect(cpusOf(big, demand(5, { policy: 'spread', cpusPerWorker: 2 }))).toEqual([
      '0-1',
      '8-9',
      '4-5',
      '12-13',
      '2-3',
    ]);
    const uneven = testTopology({ nodes: [[1], [3]] });
    expect(cpusOf(uneven, demand(4, { policy: 'spread' }))).toEqual(['0', '1', '2', '3']);
  });

  it('crosses nodes only where none has room, and says so', () => {
    const small = testTopology({ nodes: [[2], [2]] });
    const { places, findings } = planPlacement(small, [demand(1, { cpusPerWorker: 3, memory: 'local' })]);
    expect(places[0]).toMatchObject({ cpus: [0, 1, 2], nodes: [0, 1], memoryNodes: [0, 1] });
    expect(findings.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'far: worker-1: CPUs 0-2 lie on NUMA nodes 0 and 1, so part of its memory is far away.',
    ]);
  });

  it('leaves the first cores free with all their threads, and CPUs that the file gives to others', () => {
    const { places, reserved } = planPlacement(big, [demand(1, { leaveFree: 2 })]);
    expect(formatCpuList(reserved)).toBe('0-1,16-17');
    expect(places[0]?.cpus).toEqual([2]);
    expect(planPlacement(big, [demand(1, {})], [{ service: 'db', cpus: [0, 1] }]).places[0]?.cpus).toEqual([
      2,
    ]);
  });

  it('uses a thread of which the sibling is not allowed as a core', () => {
    const holes = testTopology({ nodes: [[4]], threads: 2, allowed: '1,4-5,7' });
    expect(cpusOf(holes, demand(4, {}))).toEqual(['4', '1', '7', '4']);
    expect(cpusOf(holes, demand(4, { smt: 'use' }))).toEqual(['4', '1', '7', '5']);
  });

  it('shares, with numbers, where there are not enough', () => {
    const two = testTopology({ nodes: [[2]] });
    const { places, findings } = planPlacement(two, [demand(5, {})]);
    expect(places.map(({ cpus, sharesCpus }) => [cpus.join(), sharesCpus.join()])).toEqual([
      ['0', 'worker-3,worker-5'],
      ['1', 'worker-4'],
      ['0', 'worker-1,worker-5'],
      ['1', 'worker-2'],
      ['0', 'worker-1,worker-3'],
    ]);
    expect(findings).toEqual([
      {
        kind: 'shared-cpus',
        severity: 'warning',
        service: 'worker',
        text: 'worker: 5 replicas × 1 CPU = 5 CPUs, and there are 2 CPUs for it, room for 2: 5 replicas share CPUs, worker-5 with worker-1, worker-3.',
        hint: 'Ask for at most 2 replicas or fewer CPUs each.',
      },
    ]);
    const threads = testTopology({ nodes: [[1]], threads: 2 });
    expect(planPlacement(threads, [demand(2, {})]).findings[0]?.hint).toBe(
      'Ask for at most 1 replica or fewer CPUs each, or smt: use for the further threads of cores.',
    );
    const used = planPlacement(threads, [demand(2, { smt: 'use' })]);
    expect(used.places.map(({ sharesCpus, sharesCores }) => [sharesCpus, sharesCores])).toEqual([
      [[], ['worker-2']],
      [[], ['worker-1']],
    ]);
    expect(used.findings.map(({ severity }) => severity)).toEqual(['note']);
  });

  it('gives a number beyond the room what a missing number leaves free', () => {
    const two = testTopology({ nodes: [[2]] });
    expect(cpusOf(two, demand([1, 3], {}))).toEqual(['0', '1']);
  });

  it('says what no machine of that size can do', () => {
    const { places, findings } = planPlacement(flatTopology(2, 'for a test.'), [
      demand(1, { cpusPerWorker: 3 }),
    ]);
    expect(places[0]?.cpus).toEqual([]);
    expect(findings.map(({ kind, text, hint }) => [kind, text, hint])).toEqual([
      [
        'impossible',
        'No replica of worker can have 3 CPUs: the engine has 2 CPUs for it.',
        'Write at most cpus_per_worker: 2 below its x-flotilla.placement.',
      ],
      [
        'unknown',
        'Only the number of the engine’s CPUs is known (2): for a test.',
        'Each CPU counts as a core of its own, and all as of one NUMA node.',
      ],
    ]);
  });

  it('gives GPUs near its CPUs, those first that are used least', () => {
    const machine = testTopology({ nodes: [[2], [2]], gpus: [{ node: 0 }, { node: 1 }] });
    const gpus = (replicas: number, policy: Partial<PlacementPolicy>) =>
      planPlacement(machine, [demand(replicas, { gpusPerWorker: 1, ...policy })]);
    expect(gpus(2, { policy: 'spread' }).places.map((place) => place.gpus.join())).toEqual([
      'GPU-00000000',
      'GPU-00000001',
    ]);
    const three = gpus(3, { cpusPerWorker: 0 });
    expect(three.places.map((place) => place.gpus.join().at(-1))).toEqual(['0', '1', '0']);
    expect(three.findings.map(({ text }) => text)).toEqual([
      'worker: 3 replicas × 1 GPU, and there are 2: 2 replicas share them, worker-3 with worker-1.',
    ]);
    expect(gpus(1, { gpusPerWorker: 3 }).findings[0]).toMatchObject({
      severity: 'error',
      text: 'No replica of worker can have 3 GPUs: the engine’s machine has 2.',
    });
    expect(planPlacement(big, [demand(1, { gpusPerWorker: 1 })]).findings[0]?.text).toBe(
      'No replica of worker can have 1 GPU: no NVIDIA GPU of the engine’s machine is known.',
    );
  });

  it('keeps two services that scale out of each other’s way, and main before them', () => {
    const demands = (one: number, other: number): PlacementDemand[] => [
      demand(one, {}, { service: 'a' }),
      demand(other, {}, { service: 'b' }),
      demand(1, {}, { service: 'main', scales: false }),
    ];
    expect(cpusOf(big, ...demands(2, 2))).toEqual(['1', '2', '15', '14', '0']);
    expect(cpusOf(big, ...demands(5, 2)).slice(5)).toEqual(['15', '14', '0']);
  });
});

const shapes = fc.record({
  nodes: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  }),
  threads: fc.constantFrom(1, 2, 4),
});
const policies = fc.record({
  cpusPerWorker: fc.integer({ min: 1, max: 5 }),
  policy: fc.constantFrom<PlacementPolicy['policy']>('packed', 'spread'),
  smt: fc.constantFrom<PlacementPolicy['smt']>('avoid', 'use'),
  leaveFree: fc.integer({ min: 0, max: 2 }),
});

describe('any machine and any policy', () => {
  it('has no CPU twice while there is room, the right number for each, and only CPUs there are', () => {
    fc.assert(
      fc.property(shapes, policies, fc.integer({ min: 1, max: 40 }), (shape, policy, replicas) => {
        const topology = testTopology(shape);
        const { places, findings, reserved } = planPlacement(topology, [demand(replicas, policy)]);
        const own = new Set(topology.cpus.map(({ cpu }) => cpu));
        const kinds = findings.map(({ kind }) => kind);
        const all = places.flatMap(({ cpus }) => cpus);
        expect(all.every((cpu) => own.has(cpu) && !reserved.includes(cpu))).toBe(true);
        if (kinds.includes('impossible')) expect(all).toEqual([]);
        else expect(places.every(({ cpus }) => new Set(cpus).size === policy.cpusPerWorker)).toBe(true);
        // It is told just when it is so.
        expect(new Set(all).size < all.length).toBe(kinds.includes('shared-cpus'));
        const cores = topology.cpus.filter(({ cpu }) => all.includes(cpu)).map(({ core }) => core);
        if (policy.smt === 'avoid') expect(new Set(cores).size).toBe(new Set(all).size);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps each replica where it is when there are more or fewer, as far as there is room', () => {
    fc.assert(
      fc.property(shapes, policies, fc.integer({ min: 1, max: 40 }), (shape, policy, replicas) => {
        const topology = testTopology(shape);
        const few = planPlacement(topology, [demand(replicas, policy)]).places;
        const more = planPlacement(topology, [demand(replicas + 3, policy)]).places;
        expect(more.slice(0, replicas).map(({ cpus }) => cpus)).toEqual(few.map(({ cpus }) => cpus));
        expect(planPlacement(topology, [demand(replicas, policy)]).places).toEqual(few);
      }),
      { numRuns: 100 },
    );
  });

  it('shares evenly: no CPU has two more replicas than another that is given away', () => {
    fc.assert(
      fc.property(shapes, policies, fc.integer({ min: 1, max: 40 }), (shape, policy, replicas) => {
        const uses = new Map<string, number>();
        for (const { cpus } of planPlacement(testTopology(shape), [demand(replicas, policy)]).places)
          uses.set(cpus.join(), (uses.get(cpus.join()) ?? 0) + 1);
        const counts = [...uses.values()];
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('is done in no time with 256 CPUs, and each of them is used once', () => {
    const machine = testTopology({
      nodes: [
        [32, 32],
        [32, 32],
      ],
      threads: 2,
    });
    for (const policy of ['packed', 'spread'] as const) {
      const sets = pickCpuSets(machine.cpus, { size: 1, most: 1000, policy, smt: 'use' });
      expect(sets.flat().sort((a, b) => a - b)).toEqual(machine.cpus.map(({ cpu }) => cpu));
      expect(sets.slice(0, 128).every(([cpu = 256]) => cpu < 128)).toBe(true);
    }
  });
});
