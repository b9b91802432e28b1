import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { planRuns, remainingRuns } from '#shared/study/planRuns.ts';
import { testPlan } from '#shared/study/testStudy.ts';
import { startLabEngine } from '../../../e2e/lab/LabEngine.ts';
import { docker, leftOf, startTestCore, type TestCore, testHost } from '../testCore.ts';
import type { StudyNews, StudyOptions } from './StudyApi.ts';
import { StudyFile } from './StudyFile.ts';

let test: TestCore;
let stop: AbortController;
beforeEach(async () => {
  test = await startTestCore();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await test.dispose();
});

const worker = (script: string): string =>
  `services:\n  worker:\n    image: busybox:latest\n    command: [sh, -c, '${script}']\n    x-flotilla: { role: worker }\n`;

async function openApp(name: string, compose: string): Promise<string> {
  return (await test.core.apps.open(test.project(name, { 'compose.yaml': compose }))).id;
}

const OPTIONS = { repetitions: 1, cooldownMs: 0, seed: 1 } as const;

function study(
  appId: string,
  options: StudyOptions,
  onNews: (news: StudyNews) => void = () => undefined,
): Promise<StudyRecord> {
  return test.core.studies.run(appId, { ...OPTIONS, ...options }, { signal: stop.signal, onNews });
}

/** Worker count and outcome of each run. */
const outcomes = ({ runs }: StudyRecord): string[] =>
  runs.map(
    ({ workers, outcome, reason }) => `${workers} ${outcome}${reason === undefined ? '' : `: ${reason}`}`,
  );

describe('a study on a real engine', () => {
  // It measures the machine it runs on: a test beside it may delay a start by more than 5 % of this, thrice in a row hardly.
  it('finds the speedups of a program of known serial fraction within 5 %, on any number of cores', {
    retry: 2,
  }, async () => {
    // Half of seven seconds is serial. Sleeping takes no core, so two are enough for sixteen workers.
    const id = await openApp(
      'study-honest',
      worker('test $$WORKER_COUNT = 16 && exec sleep 3.71875; exec sleep 7'),
    );
    const record = await study(id, { workers: [1, 16] });
    const [one, sixteen] = analyseStudy(record).points;
    const truth = 1 / (0.5 + 0.5 / 16);
    expect(one?.speedup).toBe(1);
    expect(sixteen?.speedup).toBeGreaterThan(truth * 0.95);
    expect(sixteen?.speedup).toBeLessThan(truth * 1.05);
    expect(leftOf(record.plan.project)).toEqual([]);
    expect(record.plan.images).toEqual([
      {
        service: 'worker',
        reference: 'busybox:latest',
        id: docker('images', '-q', '--no-trunc', 'busybox:latest'),
      },
    ]);
    // What others used of the host is known where the engine is on it.
    for (const { hostLoad } of record.runs)
      expect(hostLoad !== undefined && hostLoad >= 0 && hostLoad <= 1).toBe(testHost().startsWith('unix:'));
    expect(record.plan.host.kernel).toBe(docker('version', '--format', '{{.Server.KernelVersion}}'));
  });

  it('runs beside the app and changes nothing of it; main is started when all workers run', async () => {
    const compose = `services:
  main:
    image: busybox:latest
    command: [sh, -c, 'test -e /data/used && exit 9; touch /data/used; nslookup worker-2 >/dev/null 2>&1; sleep 1; echo $$WORKER_COUNT > /data/count']
    restart: always
    ports: ["127.0.0.1:28931:80"]
    volumes: [data:/data]
    container_name: study-beside-fixed
    x-flotilla: { role: main }
  worker:
    image: busybox:latest
    command: [sleep, "1000"]
    init: true
    stop_grace_period: 1s
    x-flotilla: { role: worker }
volumes: { data: {} }
`;
    const id = await openApp('study-beside', compose);
    const { apps } = test.core;
    await apps.up(id, {});
    const containers = (): string[] =>
      apps
        .containers(id)
        .map((container) => container.id)
        .sort();
    const before = containers();
    expect(before).toHaveLength(2);
    const seen = new Set<string>();
    const record = await study(id, { workers: [2] }, () => {
      for (const view of apps.views()) seen.add(view.name);
    });
    // Its volume is empty each time: the app's own is not, and there main fails.
    expect(outcomes(record)).toEqual(['2 ok', '2 ok']);
    for (const { timeMs, startSpreadMs } of record.runs) {
      // The engine notes the start a moment after the program's.
      expect(timeMs).toBeGreaterThan(700);
      expect(startSpreadMs).toBe(0);
    }
    expect([...seen]).toEqual(['study-beside']);
    expect(containers()).toEqual(before);
    expect((await apps.plan(id)).notes).toEqual([]);
    expect(leftOf(record.plan.project)).toEqual([]);
    expect(docker('volume', 'ls', '-q', '--filter', 'name=study-beside_data')).toBe('study-beside_data');
  });

  it('keeps runs that fail, with the reason, and gives a count up that only fails', async () => {
    const id = await openApp('study-fails', worker('test $$WORKER_COUNT = 2 && exit 7; exec sleep 0.1'));
    const record = await study(id, { workers: [1, 2], repetitions: 4 });
    expect(outcomes(record).filter((text) => text.startsWith('1'))).toEqual(
      Array.from({ length: 5 }, () => '1 ok'),
    );
    expect(outcomes(record).filter((text) => text.startsWith('2'))).toEqual(
      Array.from(
        { length: 3 },
        () => expect.stringMatching(/^2 failed: worker-[12] ended with code 7$/) as string,
      ),
    );
    expect(analyseStudy(record)).toMatchObject({ remaining: 0, points: [{ excluded: 0 }, { excluded: 3 }] });
    expect(leftOf(record.plan.project)).toEqual([]);
  });

  it('breaks off a worker that never ends, and what cannot be started is an outcome as well', async () => {
    const id = await openApp('study-late', worker('exec sleep 1000'));
    const record = await study(id, { workers: [1], timeoutMs: 3_000 });
    expect(outcomes(record)).toEqual(
      Array.from({ length: 2 }, () => '1 timeout: it took longer than 3.00 s'),
    );
    expect(leftOf(record.plan.project)).toEqual([]);
    const broken = worker('x').replace("[sh, -c, 'x']", '[no-such-program]');
    const record2 = await study(await openApp('study-broken', broken), { workers: [1] });
    expect(outcomes(record2)[0]).toMatch(/^1 failed: worker-1 could not be started: .*no-such-program/);
    expect(leftOf(record2.plan.project)).toEqual([]);
  });

  it('takes the time between two lines of the log', async () => {
    const id = await openApp(
      'study-marks',
      worker('sleep 2; echo so it begins; sleep 0.5; echo it is done; sleep 2'),
    );
    const [, measured] = (await study(id, { workers: [1], from: 'begins', to: 'done' })).runs;
    expect(measured?.outcome).toBe('ok');
    expect(measured?.timeMs).toBeGreaterThan(200);
    expect(measured?.timeMs).toBeLessThan(2_400);
    const silent = await openApp('study-silent', worker('true'));
    const missing = await study(silent, { workers: [1], from: 'never said' });
    expect(outcomes(missing)[0]).toBe('1 failed: no line of its log holds “never said”');
  });

  it('binds each worker to its CPU, and runs a count again while its interval is wide', async () => {
    const script =
      'grep -q "^Cpus_allowed_list:[[:space:]]*[0-9]*$$" /proc/self/status || exit 9; exec sleep 0.2';
    const bound = worker('x').replace("[sh, -c, 'x']", JSON.stringify(['sh', '-c', script]));
    const id = await openApp('study-bound', bound);
    const record = await study(id, { workers: [2], cpusPerWorker: 1, mostRepetitions: 2 });
    expect(outcomes(record)).toEqual(['2 ok', '2 ok', '2 ok']);
    expect(analyseStudy(record).notes.join(' ')).toMatch(
      /Each worker (had a CPU of its own|was bound to a CPU)/,
    );
    await expect(study(id, { workers: [1], cpusPerWorker: 100_000 })).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'No worker can have 100000 CPUs of its own.',
    });
    await expect(study(id, { workers: [1], repetitions: 7, mostRepetitions: 6 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect(await test.core.studies.find(record.plan.id.slice(0, 6))).toEqual(record);
    await expect(test.core.runs.rerun(record.plan.id, {})).rejects.toMatchObject({ code: 'invalid-input' });
    await test.core.runs.remove(record.plan.id);
    expect(await test.core.studies.list(id)).toEqual([]);
    expect((await test.core.runs.list({ appId: id })).runs).toEqual([]);
    await expect(test.core.studies.find('none')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused for a main whose control door cannot be opened, and says why', async () => {
    const compose = `${worker('exec sleep 1000')}  main:\n    image: busybox:latest\n    command: [sleep, "0"]\n    x-flotilla: { control: true }\n`;
    const id = await openApp('study-no-door', compose);
    // This engine is in a network of its own, where nothing of this machine can be reached.
    await expect(study(id, { workers: [1] })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('main cannot have a control door: ') as string,
    });
    const [record] = await test.core.studies.list(id);
    expect(leftOf(record?.plan.project ?? '')).toEqual([]);
  });

  it('watches the memory where there is a requirement of it', async () => {
    const compose = `${worker('exec sleep 3')}x-flotilla: { requirements: [ { memory: 64m } ] }\n`;
    const record = await study(await openApp('study-memory', compose), { workers: [1] });
    expect(record.runs[1]?.peakMemoryBytes).toBeGreaterThan(0);
    expect(record.runs[1]?.peakMemoryBytes).toBeLessThan(64 * 1024 ** 2);
  });
});

describe('a study that is broken off', () => {
  const SCRIPT = 'exec sleep 0.3';

  it('leaves nothing on the engine, and goes on after a restart where it stopped', async () => {
    const id = await openApp('study-resumed', worker(SCRIPT));
    const cancel = new AbortController();
    let project = '';
    const run = test.core.studies.run(
      id,
      { ...OPTIONS, workers: [1, 2], repetitions: 2 },
      {
        signal: cancel.signal,
        onNews: (news) => {
          if (news.kind === 'begins') project = news.record.plan.project;
          if (news.kind === 'running' && news.done === 3) cancel.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftOf(project)).toEqual([]);
    await test.restart();
    const [found] = await test.core.studies.list(id);
    expect(found?.runs).toHaveLength(3);
    expect((await test.core.runs.list({ appId: id })).runs).toMatchObject([
      { kind: 'study', outcome: 'stopped', reason: 'The study was cancelled', made: { done: 3, total: 6 } },
    ]);
    const record = await test.core.studies.resume(id, { signal: stop.signal, onNews: () => undefined });
    expect(record.runs.map(({ workers, repetition }) => ({ workers, repetition }))).toEqual(
      planRuns(record.plan),
    );
    expect(await test.core.studies.list(id)).toEqual([record]);
    const { runs: entries } = await test.core.runs.list({ appId: id, filter: 'kind:study' });
    expect(entries).toMatchObject([{ id: record.plan.id, outcome: 'ok', made: { done: 6, total: 6 } }]);
    await expect(
      test.core.studies.resume(id, { signal: stop.signal, onNews: () => undefined }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(leftOf(project)).toEqual([]);
  });

  it('does not go on with an app that has changed', async () => {
    const id = await openApp('study-changed', worker(SCRIPT));
    const cancel = new AbortController();
    const onNews = ({ kind }: StudyNews): void => {
      if (kind === 'ran') cancel.abort();
    };
    await expect(
      test.core.studies.run(id, { ...OPTIONS, workers: [1] }, { signal: cancel.signal, onNews }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    test.project('study-changed', { 'compose.yaml': worker('exec sleep 0.2') });
    await expect(
      test.core.studies.resume(id, { signal: stop.signal, onNews: () => undefined }),
    ).rejects.toMatchObject({ code: 'conflict', message: 'The app has changed since its study was begun.' });
  });

  it('with its process has its remains removed by the next one', async () => {
    const id = await openApp('study-remains', worker(SCRIPT));
    const plan = testPlan({ id: 'dead', appId: id, project: 'study-remains-study-dead' });
    const folder = join(test.folder, 'data', 'studies', id);
    mkdirSync(folder, { recursive: true });
    await StudyFile.create(join(folder, '000000000000000-dead.jsonl'), plan);
    const label = `com.docker.compose.project=${plan.project}`;
    docker('network', 'create', '--label', label, 'study-remains-study-dead_default');
    docker(
      'run',
      '-d',
      '--label',
      label,
      '--label',
      'io.flotilla.study=dead',
      'busybox:latest',
      'sleep',
      '1000',
    );
    await study(id, { workers: [1] });
    expect(leftOf(plan.project)).toEqual([]);
  });

  it('and left a network that the engine does not let go of keeps no other from beginning', async () => {
    const id = await openApp('study-stuck', worker(SCRIPT));
    const plan = testPlan({ id: 'stuck', appId: id, project: 'study-stuck-study-stuck' });
    await StudyFile.create(join(test.folder, 'data', 'studies', id, '000000000000000-stuck.jsonl'), plan);
    const network = 'study-stuck-study-stuck_default';
    docker('network', 'create', '--label', `com.docker.compose.project=${plan.project}`, network);
    // A container of somebody else is on it.
    const holder = docker('run', '-d', '--network', network, 'busybox:latest', 'sleep', '1000');
    try {
      expect(outcomes(await study(id, { workers: [1] }))).toEqual(['1 ok', '1 ok']);
      expect(leftOf(plan.project)).toHaveLength(1);
    } finally {
      docker('rm', '-f', holder);
      docker('network', 'rm', network);
    }
  });
});

describe('several studies, and bad ones', () => {
  it('are made one after another', async () => {
    const id = await openApp('study-queue', worker('exec sleep 0.1'));
    const told: string[] = [];
    const tell = (name: string) => (news: StudyNews) => told.push(`${name} ${news.kind}`);
    await Promise.all([study(id, { workers: [1] }, tell('a')), study(id, { workers: [1] }, tell('b'))]);
    expect(told[0]).toBe('b queued');
    expect(told.indexOf('b begins')).toBeGreaterThan(told.lastIndexOf('a ran'));
    expect(await test.core.studies.list(id)).toHaveLength(2);
  });

  it('wait for one of another Flotilla on the same data', async () => {
    const id = await openApp('study-locked', worker('exec sleep 0.1'));
    const lock = join(test.folder, 'data', 'studies', 'lock');
    mkdirSync(join(test.folder, 'data', 'studies'), { recursive: true });
    // Process 1 lives as long as the machine.
    writeFileSync(lock, JSON.stringify({ pid: 1 }));
    const told: string[] = [];
    const waiting = study(id, { workers: [1] }, ({ kind }) => told.push(kind));
    await expect.poll(() => told).toEqual(['queued']);
    writeFileSync(lock, '{}');
    expect(outcomes(await waiting)).toEqual(['1 ok', '1 ok']);
  });

  it('are refused with what to do', async () => {
    const id = await openApp('study-bad', worker('true'));
    await expect(study(id, { workers: [] })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(study(id, { workers: [0] })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(study(id, { workers: [1], repetitions: 0 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(study(id, { workers: [1], service: 'x' })).rejects.toMatchObject({
      code: 'not-found',
      hint: 'There are: worker.',
    });
    const two = worker('true') + worker('true').replace('services:\n  worker:', '  other:');
    await expect(study(await openApp('study-two', two), { workers: [1] })).rejects.toMatchObject({
      message: 'The app has several worker services: worker, other.',
    });
    const reaching = worker('true').replace('    command', '    privileged: true\n    command');
    await expect(study(await openApp('study-reach', reaching), { workers: [1] })).rejects.toMatchObject({
      code: 'consent-required',
    });
    expect(await test.core.studies.list(id)).toEqual([]);
  });
});

describe('an engine that is lost in the middle of a study', () => {
  it('costs the run that was under way, which is made again', async () => {
    const engine = await startLabEngine();
    await test.dispose();
    test = await startTestCore(engine.host);
    try {
      const id = await openApp('study-lost', worker('exec sleep 1'));
      const told: string[] = [];
      let restarted: Promise<void> | undefined;
      const record = await study(id, { workers: [1, 2] }, (news) => {
        told.push(news.kind);
        if (news.kind === 'running' && news.done === 1)
          restarted ??= engine.kill('SIGKILL').then(() => engine.start());
      });
      await restarted;
      expect(told).toContain('engine-lost');
      expect(outcomes(record).map((text) => text.slice(2))).toEqual(['ok', 'ok', 'ok', 'ok']);
      expect(remainingRuns(record.plan, record.runs)).toEqual([]);
      const { containers } = await test.core.engine.relist();
      expect(containers.size).toBe(0);
    } finally {
      await test.dispose();
      await engine.dispose();
      test = await startTestCore();
    }
  });
});
