import { describe, expect } from 'vitest';
import { analyseStudy } from '#shared/study/analyseStudy.ts';
import { docker, leftOf, testHost } from '../testCore.ts';
import { it, outcomes, worker } from './testStudies.ts';

describe('a study on a real engine', () => {
  // It measures the machine it runs on: a test beside it may delay a start by more than 5 % of this, thrice in a row hardly.
  it('finds the speedups of a program of known serial fraction within 5 %, on any number of cores', {
    retry: 2,
  }, async ({ studies: { openApp, study } }) => {
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
});

describe.concurrent('runs of a study', () => {
  it('runs beside the app and changes nothing of it; main is started when all workers run', async ({
    studies: { openApp, study, test },
  }) => {
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

  it('keeps runs that fail, with the reason, and gives a count up that only fails', async ({
    studies: { openApp, study },
  }) => {
    const id = await openApp('study-fails', worker('test $$WORKER_COUNT = 2 && exit 7; exec sleep 0.4'));
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

  it('breaks off a worker that never ends, and what cannot be started is an outcome as well', async ({
    studies: { openApp, study },
  }) => {
    const id = await openApp('study-late', worker('exec sleep 1000'));
    const record = await study(id, { workers: [1], timeoutMs: 1_000 });
    expect(outcomes(record)).toEqual(
      Array.from({ length: 2 }, () => '1 timeout: it took longer than 1.00 s'),
    );
    expect(leftOf(record.plan.project)).toEqual([]);
    const broken = worker('x').replace("[sh, -c, 'x']", '[no-such-program]');
    const record2 = await study(await openApp('study-broken', broken), { workers: [1] });
    expect(outcomes(record2)[0]).toMatch(/^1 failed: worker-1 could not be started: .*no-such-program/);
    expect(leftOf(record2.plan.project)).toEqual([]);
  });

  it('takes the time between two lines of the log', async ({ studies: { openApp, study } }) => {
    const id = await openApp(
      'study-marks',
      worker('sleep 1; echo so it begins; sleep 0.5; echo it is done; sleep 2'),
    );
    const [, measured] = (await study(id, { workers: [1], from: 'begins', to: 'done' })).runs;
    expect(measured?.outcome).toBe('ok');
    expect(measured?.timeMs).toBeGreaterThan(200);
    expect(measured?.timeMs).toBeLessThan(2_400);
    const silent = await openApp('study-silent', worker('true'));
    const missing = await study(silent, { workers: [1], from: 'never said' });
    expect(outcomes(missing)[0]).toBe('1 failed: no line of its log holds “never said”');
  });

  it('binds each worker to its CPU, and runs a count again while its interval is wide', async ({
    studies: { openApp, study, test },
  }) => {
    const script =
      'grep -q "^Cpus_allowed_list:[[:space:]]*[0-9]*$$" /proc/self/status || exit 9; exec sleep 0.2';
    const bound = worker('x').replace("[sh, -c, 'x']", JSON.stringify(['sh', '-c', script]));
    const id = await openApp('study-bound', bound);
    const record = await study(id, { workers: [2], cpusPerWorker: 1, mostRepetitions: 2 });
    expect(outcomes(record)).toEqual(['2 ok', '2 ok', '2 ok']);
    expect(analyseStudy(record).notes.join(' ')).toMatch(
      /Each worker (had a CPU of its own|was bound to a CPU)/,
    );
    // And as the file places it, with the threads to match, where nothing else is asked for.
    const threads = 'test "$$OMP_NUM_THREADS" = 1 || exit 8';
    const placed = await openApp(
      'study-placed',
      worker('x')
        .replace("[sh, -c, 'x']", () => JSON.stringify(['sh', '-c', `${threads}; ${script}`]))
        .replace('role: worker', 'role: worker, placement: { cpus_per_worker: 1, smt: use }'),
    );
    expect(outcomes(await study(placed, { workers: [1] })).every((outcome) => outcome === '1 ok')).toBe(true);
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

  it('is refused for a main whose control door cannot be opened, and says why', async ({
    studies: { openApp, study, test },
  }) => {
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

  it('watches the memory where there is a requirement of it', async ({ studies: { openApp, study } }) => {
    const compose = `${worker('exec sleep 3')}x-flotilla: { requirements: [ { memory: 64m } ] }\n`;
    const record = await study(await openApp('study-memory', compose), { workers: [1] });
    expect(record.runs[1]?.peakMemoryBytes).toBeGreaterThan(0);
    expect(record.runs[1]?.peakMemoryBytes).toBeLessThan(64 * 1024 ** 2);
  });
});
