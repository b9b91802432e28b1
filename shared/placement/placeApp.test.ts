import { describe, expect, it } from 'vitest';
import { settingsOf } from '../reconcile/settingsOf.ts';
import { testApp, testService } from '../reconcile/testModel.ts';
import { describePlacement } from './describePlacement.ts';
import { placeApp, replicaIndices } from './placeApp.ts';
import { THREAD_VARIABLES } from './placedService.ts';
import { PLACEMENT_DEFAULTS } from './PlacementPolicy.ts';
import { testTopology } from './testTopology.ts';

const placement = { ...PLACEMENT_DEFAULTS, cpusPerWorker: 2, memory: 'local' } as const;
const worker = testService('worker', {
  role: 'worker',
  placement,
  environment: { OMP_NUM_THREADS: '1', JULIA_NUM_THREADS: null },
});
const db = testService('db', { cpuset: '0-1' });
const topology = testTopology({ nodes: [[4], [4]], gpus: [{ node: 0 }] });
const app = testApp([db, worker]);
const place = (service = worker) =>
  placeApp(testApp([db, service]), topology, ({ name }) => (name === 'db' ? [1] : [1, 2]));

describe('placeApp', () => {
  it('gives a replica its CPUs, memory nodes and threads, and leaves what the file says', () => {
    const second = place().placed(worker, 2);
    expect(second).toMatchObject({ cpuset: '4-5', cpusetMems: '1' });
    const { environment } = second;
    expect(environment['OMP_NUM_THREADS']).toBe('1');
    expect(environment['JULIA_NUM_THREADS']).toBeNull();
    expect(environment['MKL_NUM_THREADS']).toBe('2');
    expect(Object.keys(environment)).toHaveLength(THREAD_VARIABLES.length);
    const keeping = testService('worker', { ...worker, placement: { ...placement, threads: 'keep' } });
    expect(place(keeping).placed(keeping, 1).environment).toEqual(worker.environment);
    expect(place().placed(db, 1)).toBe(db);
  });

  it('adds GPUs by their ids', () => {
    const one = testService('worker', { ...worker, placement: { ...placement, gpusPerWorker: 1 } });
    expect(place(one).placed(one, 1).deviceRequests).toEqual([
      { deviceIds: ['GPU-00000000'], capabilities: ['gpu'] },
    ]);
  });

  it('is no setting itself: only what comes of it is, so that what has no place has the label it always had', () => {
    const { placement: _, ...plain } = worker;
    expect(settingsOf(app, worker)).toEqual(settingsOf(app, plain));
    const changed = Object.keys(settingsOf(app, place().placed(worker, 1))).filter(
      (name) => !(name in settingsOf(app, plain)),
    );
    expect(changed).toContain('cpuset');
    expect(changed).toContain('cpusetMems');
    expect(changed).toContain('environment.MKL_NUM_THREADS');
  });

  it('gives new replicas the lowest free numbers', () => {
    expect(replicaIndices([], 3)).toEqual([1, 2, 3]);
    expect(replicaIndices([3, 1], 3)).toEqual([1, 2, 3]);
    expect(replicaIndices([1, 4], 1)).toEqual([1, 4]);
  });
});

describe('describePlacement', () => {
  it('tells the machine, each place and what is short', () => {
    const { plan } = placeApp(app, testTopology({ nodes: [[2], [2]] }), ({ name }) =>
      name === 'db' ? [1] : [1, 2],
    );
    expect(
      describePlacement({
        topology: testTopology({ nodes: [[2], [2]] }),
        plan,
        services: [
          {
            name: 'worker',
            role: 'worker',
            placement,
            replicas: 2,
            threadVariables: ['MKL_NUM_THREADS'],
            file: 'compose.yaml',
            source: {
              decides: { file: 'compose.override.yaml', line: 4 },
              overruled: [{ file: 'compose.yaml', line: 9 }],
              changedIn: 'compose.override.yaml',
            },
          },
        ],
      }),
    ).toEqual([
      '4 CPUs: 4 cores, 2 sockets, 2 NUMA nodes (read from this machine)',
      '',
      'worker: 2 replicas × 2 CPUs, packed, one thread a core, memory local, MKL_NUM_THREADS and the like = 2',
      '  compose.override.yaml:4 decides: the placement at compose.yaml:9 has no effect. Of several files the last that says x-flotilla counts, as a whole.',
      '  worker-1  CPU 2-3  node 1, memory local  CPUs shared with worker-2',
      '  worker-2  CPU 2-3  node 1, memory local  CPUs shared with worker-1',
      '',
      'warning: worker: 2 replicas × 2 CPUs = 4 CPUs, and there are 2 CPUs for it (CPUs 0-1 given to db), room for 1: 2 replicas share CPUs, worker-2 with worker-1.',
      '  Ask for at most 1 replica or fewer CPUs each.',
    ]);
  });
});
