import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { flatTopology } from '#shared/placement/Topology.ts';
import { testPlan, testRun } from '#shared/study/testStudy.ts';
import { engineTime, millisecondsBetween } from './engineTime.ts';
import { studyDoorApp } from './openStudyDoor.ts';
import { StudyFile } from './StudyFile.ts';
import { startWaves } from './startWaves.ts';
import { hostCpus } from './hostCpus.ts';
import { clockProblem, type Lifetime, timeOfRun } from './timeOfRun.ts';

describe('times of an engine', () => {
  it('are exact to the nanosecond, with and without an offset', () => {
    const begin = engineTime('2026-11-27T00:59:59.999999998Z') ?? 0n;
    const end = engineTime('2026-11-27T02:00:00.1+01:00') ?? 0n;
    expect(end - begin).toBe(100_000_002n);
    expect(millisecondsBetween(begin, end)).toBe(100.000002);
    expect(engineTime('1970-01-01T00:00:01Z')).toBe(1_000_000_000n);
  });

  it.each([undefined, '', 'yesterday', '0001-01-01T00:00:00Z', '2026-13-41T00:00:00Z', '2026-11-27'])(
    'are none for %s',
    (text) => expect(engineTime(text)).toBeUndefined(),
  );
});

const life = (role: Lifetime['role'], begin: number, end?: number): Lifetime => ({
  name: role,
  role,
  begin: BigInt(begin) * 1_000_000n,
  end: end === undefined ? undefined : BigInt(end) * 1_000_000n,
});

describe('an engine’s clock', () => {
  it('that is set during a run is noticed, either way', () => {
    const problem = 'the engine’s clock was set while it ran';
    expect(clockProblem(5_000, 5_100)).toBeUndefined();
    // Two clocks never go quite alike.
    expect(clockProblem(5_400, 5_000)).toBeUndefined();
    expect(clockProblem(3_605_000, 5_100)).toBe(problem);
    expect(clockProblem(-3_595_000, 5_100)).toBe(problem);
    const short = 'it was over before the engine noted its start: too short to be timed';
    expect(clockProblem(0, 5_100)).toBe(short);
    expect(clockProblem(-20, 5_100)).toBe(short);
    expect(clockProblem(-2_000, 5_100)).toBe(problem);
    expect(clockProblem(Number.NaN, 5_100)).toBe(problem);
  });
});

describe('the CPUs of a host', () => {
  it('are told as far as they are known', async () => {
    const cpus = [0, 1, 2, 3].map((cpu) => ({ cpu, core: cpu - (cpu % 2), socket: 0, node: 0 }));
    const known = { cpus, memoryNodes: [0], gpus: [] };
    expect(await hostCpus({ ...known, source: { kind: 'machine' } }, '/nowhere')).toMatchObject({
      cores: 2,
      governor: undefined,
    });
    expect(await hostCpus({ ...known, source: { kind: 'probe', image: 'busybox' } })).toEqual({ cores: 2 });
    expect(await hostCpus(flatTopology(4, 'nobody looked.'))).toEqual({});
  });
});

describe('the control door of a run', () => {
  const containers = [
    { id: 'b', service: 'worker', index: 2, state: 'created', labels: { 'io.flotilla.study': 's' } },
    { id: 'a', service: 'worker', index: 1, state: 'running', labels: { 'io.flotilla.study': 's' } },
    { id: 'c', service: 'worker', index: 1, state: 'running', labels: { 'io.flotilla.study': 'other' } },
  ];
  const engine = {
    client: () => undefined,
    snapshot: { containers: new Map(containers.map((container) => [container.id, container])) },
  } as unknown as Parameters<typeof studyDoorApp>[0];
  const app = {
    services: [
      { name: 'main', role: 'main' },
      { name: 'worker', role: 'worker', replicas: 2 },
    ],
  };
  const door = studyDoorApp(engine, app as unknown as AppModel, 's');

  it('shows the workers of that run alone', () =>
    expect(door.workers()).toEqual([
      {
        service: 'worker',
        replicas: 2,
        workers: [
          { index: 1, state: 'running', exitCode: null, health: null },
          { index: 2, state: 'created', exitCode: null, health: null },
        ],
      },
    ]));

  it('lets their number stay, and says why it does', () => {
    expect(door.scale('worker', 2)).toEqual({ service: 'worker', from: 2, replicas: 2 });
    expect(() => door.scale('worker', 3)).toThrow('A study measures worker with 2: the number stays.');
    expect(() => door.scale('main', 3)).toThrow('There is no worker service of that name.');
  });
});

describe('the time of a run', () => {
  it('of workers alone is the longest own time: a late start is not a late end', () => {
    const run = timeOfRun([life('worker', 0, 3_000), life('worker', 2_000, 4_000)], {}, false);
    expect(run).toEqual({ timeMs: 3_000, startSpreadMs: 2_000, imbalance: 1.2 });
  });

  it('with a main is from the start of the last of all to the end of main', () => {
    const workers = [life('worker', 0, 9_100), life('worker', 900)];
    expect(timeOfRun([...workers, life('main', 1_000, 9_000)], {}, true)).toEqual({
      timeMs: 8_000,
      startSpreadMs: 0,
      imbalance: undefined,
    });
    expect(timeOfRun([life('main', 0, 9_000), ...workers], {}, false)).toMatchObject({
      timeMs: 8_100,
      startSpreadMs: 900,
    });
  });

  it('is from and to markers of the log where there are some', () => {
    const workers = [life('worker', 0, 3_000), life('worker', 2_000, 4_000)];
    const at = (ms: number): bigint => BigInt(ms) * 1_000_000n;
    expect(timeOfRun(workers, { first: at(2_500) }, false)?.timeMs).toBe(1_500);
    expect(timeOfRun(workers, { first: at(2_500), last: at(3_900) }, false)?.timeMs).toBe(1_400);
    expect(timeOfRun(workers, { last: at(3_900) }, false)?.timeMs).toBe(1_900);
  });

  it('is none where a worker never ended', () => {
    expect(timeOfRun([life('worker', 0, 1), life('worker', 0)], {}, false)).toBeUndefined();
    expect(timeOfRun([life('main', 0)], {}, true)).toBeUndefined();
  });
});

describe('what starts together', () => {
  const service = (name: string, role: ServiceModel['role'], ...needs: string[]): ServiceModel =>
    ({
      name,
      role,
      dependsOn: needs.map((other) => ({ service: other, condition: 'service_started', required: true })),
    }) as unknown as ServiceModel;
  const waves = (...services: ServiceModel[]): string[][] =>
    startWaves(services).map((wave) => wave.map(({ name }) => name));

  it('is what has what it needs; main is last, when all workers run', () => {
    expect(
      waves(service('main', 'main'), service('worker', 'worker', 'db'), service('db', 'service')),
    ).toEqual([['db'], ['worker'], ['main']]);
  });

  it('leaves main where its workers need it', () => {
    expect(waves(service('worker', 'worker', 'main'), service('main', 'main'))).toEqual([
      ['main'],
      ['worker'],
    ]);
  });
});

describe('a study on the disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'flotilla-study-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = async () => {
    const path = join(folder, 'app', 'study.jsonl');
    const file = await StudyFile.create(path, testPlan());
    const runs = [testRun(1, 0, 10.5), testRun(2, 0, 5), testRun(4, 0, 2)];
    for (const run of runs) await file.append(run);
    return { path, runs };
  };

  it('is read as it was written', async () => {
    const { path, runs } = await write();
    expect(await StudyFile.read(path)).toEqual({ plan: testPlan(), runs });
  });

  it('cut off at any byte keeps all whole lines, and goes on after them', async () => {
    const { path, runs } = await write();
    const whole = readFileSync(path);
    const ends = [...whole].flatMap((byte, at) => (byte === 0x0a ? [at + 1] : []));
    for (let length = ends[0] ?? 0; length <= whole.length; length += 7) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const kept = ends.filter((end) => end <= length).length - 1;
      expect((await StudyFile.read(path))?.runs).toEqual(runs.slice(0, kept));
      await (await StudyFile.reopen(path)).append(testRun(8, 0, 1));
      expect((await StudyFile.read(path))?.runs).toEqual([...runs.slice(0, kept), testRun(8, 0, 1)]);
    }
  });

  it('with a damaged line keeps what stands before it; without a plan it is none', async () => {
    const { path, runs } = await write();
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"timeMs":5', '"timeMs":6'));
    expect((await StudyFile.read(path))?.runs).toEqual(runs.slice(0, 1));
    writeFileSync(path, text.slice(3));
    expect(await StudyFile.read(path)).toBeUndefined();
    writeFileSync(path, '');
    appendFileSync(path, '\n\n');
    expect(await StudyFile.read(path)).toBeUndefined();
  });

  it('is never written over', async () => {
    const { path } = await write();
    await expect(StudyFile.create(path, testPlan())).rejects.toThrow(/EEXIST/);
  });
});
