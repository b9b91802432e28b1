import { describe, expect, it } from 'vitest';
import { editCompose } from '#shared/compose/edit/editCompose.ts';
import { PLACEMENT_DEFAULTS, type PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';
import { testTopology } from '#shared/placement/testTopology.ts';
import { planPlacement } from '#shared/placement/planPlacement.ts';
import { coreGroups, cpuWords, gpuWords } from './coreGroups.ts';
import { placementEdits } from './placementEdits.ts';

const policy = (fields: Partial<PlacementPolicy>): PlacementPolicy => ({ ...PLACEMENT_DEFAULTS, ...fields });
/** The file after the changes. */
const edited = (text: string, before: PlacementPolicy | null, wanted: PlacementPolicy): string => {
  let now = text;
  for (const edit of placementEdits('worker', before, wanted)) {
    const outcome = editCompose(now, edit);
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    now = outcome.text;
  }
  return now;
};

describe('a placement that is written into a compose file', () => {
  const plain = 'services:\n  worker: # mine\n    image: busybox\n    x-flotilla: { role: worker } # kept\n';
  const two = policy({ cpusPerWorker: 2 });

  it('says only what is not as usual, and leaves the rest of the file as it stands', () => {
    const first = edited(plain, null, two);
    expect(first).toBe(
      'services:\n  worker: # mine\n    image: busybox\n    x-flotilla: { role: worker, placement: { cpus_per_worker: 2 } } # kept\n',
    );
    const spread = policy({ cpusPerWorker: 2, policy: 'spread', leaveFree: 1 });
    const second = edited(first, two, spread);
    expect(second).toContain('placement: { cpus_per_worker: 2, policy: spread, leave_free: 1 }');
    expect(edited(second, spread, { ...spread, leaveFree: 0 })).toContain(
      '{ cpus_per_worker: 2, policy: spread }',
    );
    expect(edited(second, spread, policy({}))).toBe(plain);
    expect(placementEdits('worker', two, two)).toEqual([]);
    expect(placementEdits('worker', null, policy({}))).toEqual([]);
  });

  it('says nothing of CPUs any more where replicas have only GPUs', () => {
    const before = policy({ cpusPerWorker: 2, gpusPerWorker: 1, policy: 'spread' });
    const text = edited(plain, null, before);
    expect(edited(text, before, { ...before, cpusPerWorker: 0 })).toContain(
      'placement: { gpus_per_worker: 1 }',
    );
  });
});

describe('the map of a machine', () => {
  it('has each thread in its core, and says who shares', () => {
    const topology = testTopology({ nodes: [[2]], threads: 2 });
    const plan = planPlacement(topology, [
      {
        service: 'worker',
        policy: policy({ cpusPerWorker: 1, leaveFree: 1 }),
        indices: [1, 2],
        scales: true,
      },
    ]);
    const [node] = coreGroups({ topology, plan, services: [] });
    expect(node?.cores.map(({ cpus }) => cpus.map(cpuWords))).toEqual([
      ['CPU 0: left free', 'CPU 2: left free'],
      ['CPU 1: worker-1 and worker-2, shared by 2', 'CPU 3: none'],
    ]);
    expect(node?.gpus).toEqual([]);
  });

  it('has each GPU at its node, and apart where the machine does not tell', () => {
    const topology = testTopology({ nodes: [[1, 1]], gpus: [{ node: 1 }, { node: 0 }] });
    const plan = planPlacement(topology, [
      { service: 'worker', policy: policy({ gpusPerWorker: 1 }), indices: [1, 2, 3], scales: true },
    ]);
    const words = (nodes: ReturnType<typeof coreGroups>) =>
      nodes.map(({ node, gpus }) => [node, ...gpus.map(gpuWords)]);
    const [[, first], [, second]] = words(coreGroups({ topology, plan, services: [] })) as [
      [number, string],
      [number, string],
    ];
    expect([first, second].sort()).toEqual([
      expect.stringMatching(/^GPU 0 \(Test GPU\): worker-\d( and worker-\d, shared by 2)?$/),
      expect.stringMatching(/^GPU 1 \(Test GPU\): worker-\d( and worker-\d, shared by 2)?$/),
    ]);
    expect(first).toContain('GPU 1');
    const untold = topology.gpus.map(({ id, index }) => ({ id, index }));
    expect(words(coreGroups({ topology: { ...topology, gpus: untold }, plan, services: [] }))).toEqual([
      [0],
      [1],
      [undefined, expect.stringMatching(/^GPU 0: /), expect.stringMatching(/^GPU 1: /)],
    ]);
  });
});
