import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import type { SweepJob, SweepSummary } from '#shared/domain/Sweep.ts';
import { readFileColumn, readLogColumn } from '#shared/sweep/readColumns.ts';
import { jobsOf } from '#shared/sweep/sweepJobs.ts';
import { startLabEngine } from '../../../e2e/lab/LabEngine.ts';
import { buildTestCli, type TestCli } from '../../../e2e/lab/testCli.ts';
import { docker, leftOf, startTestCore, type TestCore, testHost } from '../testCore.ts';
import type { SweepNews, SweepOptions } from './SweepApi.ts';

let test: TestCore;
let stop: AbortController;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.dispose());
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

const worker = (script: string, more = ''): string =>
  `services:\n  worker:\n    image: busybox:latest\n    init: true\n    command: [sh, -c, '${script}']\n${more}    x-flotilla: { role: worker }\n`;

const OUT = '    volumes: [out:/out]\n';
const VOLUMES = 'volumes: { out: {} }\n';

async function openApp(name: string, compose: string, on = test): Promise<string> {
  return (await on.core.apps.open(on.project(name, { 'compose.yaml': compose }))).id;
}

const rowsOf = (count: number): Pick<SweepOptions, 'parameters' | 'rows'> => ({
  parameters: ['i'],
  rows: Array.from({ length: count }, (_, index) => [String(index)]),
});

const sweep = (
  appId: string,
  options: SweepOptions,
  onNews: (news: SweepNews) => void = () => undefined,
  signal = stop.signal,
) => test.core.sweeps.run(appId, options, { signal, onNews });

const outcomes = (jobs: readonly SweepJob[]): string[] =>
  jobs.map(({ state, tries, last }) => `${state} ${tries} ${last?.reason ?? (last?.values ?? []).join(' ')}`);

/** The most containers of a sweep that ran at one time, by the engine's own events. */
function mostAtOnce(sweepId: string, sinceMs: number): number {
  const text = docker(
    ...['events', '--since', String(Math.floor(sinceMs / 1_000) - 1)],
    ...['--until', String(Math.ceil(Date.now() / 1_000))],
    ...['--filter', `label=io.flotilla.sweep=${sweepId}`],
    ...['--filter', 'event=start', '--filter', 'event=die'],
    ...['--format', '{{.TimeNano}} {{.Action}}'],
  );
  const events = text.split('\n').sort();
  let now = 0;
  return Math.max(...events.map((event) => (now += event.endsWith('start') ? 1 : -1)));
}

/** The lines that jobs wrote to the app's volume, sorted. */
const written = (app: string): string[] =>
  docker('run', '--rm', '-v', `${app}_out:/out`, 'busybox:latest', 'cat', '/out/done').split('\n').sort();

const containersOf = (sweepId: string): string =>
  docker('ps', '-aq', '--filter', `label=io.flotilla.sweep=${sweepId}`);

describe('a sweep on a real engine', () => {
  it('runs so many jobs at once, tries those that fail again, and fills columns from log and JSON', async () => {
    const script =
      'echo step 1 loss $$a; echo "loss $$((a * 10)) of $$JOB_INDEX/$$JOB_COUNT"; echo careful >&2; grep Cpus_allowed_list /proc/self/status; echo "{\\"r\\":[{\\"v\\":\\"$$b\\"}]}" > r.json; sleep 0.4; test $$a != 3 || test $$b = y || exit 4';
    const placed = worker(script, '    working_dir: /tmp\n').replace(
      'role: worker',
      'role: worker, placement: { cpus_per_worker: 1 }',
    );
    const id = await openApp('sweep-table', placed);
    const began = Date.now();
    const { plan, jobs } = await sweep(id, {
      parameters: ['a', 'b'],
      rows: ['1', '2', '3'].flatMap((a) => ['x', 'y'].map((b) => [a, b])),
      concurrency: 2,
      retries: 1,
      columns: [
        readLogColumn('loss=loss (\\d+)'),
        readFileColumn('v=r.json:r[0].v'),
        readFileColumn('none=/nowhere/r.json:x'),
        readLogColumn('cpus=Cpus_allowed_list:\\s+(\\S+)'),
      ],
    });
    const found = jobs.map(({ last }) => last?.values ?? []);
    expect(
      jobs.map(({ state, tries, last }, at) =>
        [state, tries, last?.reason ?? found[at]?.slice(0, 3).join(' ')].join(' '),
      ),
    ).toEqual([
      'ok 1 10 x ',
      'ok 1 10 y ',
      'ok 1 20 x ',
      'ok 1 20 y ',
      'failed 2 it ended with code 4',
      'ok 1 30 y ',
    ]);
    expect(jobs[4]?.last).toMatchObject({
      exitCode: 4,
      number: 2,
      values: ['30', 'x', null, expect.any(String) as string],
    });
    // Each of the two at once has a CPU of its own.
    for (const [, , , cpus] of found) expect(cpus).toMatch(/^\d+$/);
    expect(new Set(found.map(([, , , cpus]) => cpus)).size).toBeLessThanOrEqual(2);
    expect(jobs[0]?.last?.problems).toEqual(['none: there is no /nowhere/r.json']);
    expect(jobs[0]?.last?.timeMs).toBeGreaterThan(300);
    expect(mostAtOnce(plan.id, began)).toBe(2);
    const log = await test.core.sweeps.log(plan.id, 5);
    expect(log.filter((line) => !line.startsWith('Cpus')).toSorted()).toEqual([
      'careful',
      'loss 30 of 6/6',
      'step 1 loss 3',
    ]);
    expect(leftOf(plan.project)).toEqual([]);
    expect(containersOf(plan.id)).toBe('');
    // It is no part of the app.
    expect(test.core.apps.containers(id)).toEqual([]);
    expect((await test.core.sweeps.list(id))[0]?.counts).toEqual({
      waiting: 0,
      running: 0,
      ok: 5,
      failed: 1,
    });

    const nothing = test.core.sweeps.resume(plan.id, {}, { signal: stop.signal, onNews: () => undefined });
    await expect(nothing).rejects.toMatchObject({
      code: 'conflict',
      hint: 'One job has failed for good: --retry-failed tries again.',
    });
    const again = await test.core.sweeps.resume(
      plan.id,
      { retryFailed: true },
      { signal: stop.signal, onNews: () => undefined },
    );
    expect(outcomes(again.jobs)[4]).toBe('failed 4 it ended with code 4');
    test.project('sweep-table', { 'compose.yaml': worker('true') });
    await expect(
      test.core.sweeps.resume(
        plan.id,
        { retryFailed: true },
        { signal: stop.signal, onNews: () => undefined },
      ),
    ).rejects.toMatchObject({ code: 'conflict', message: 'The app has changed since its sweep was begun.' });
    await test.core.sweeps.remove(plan.id);
    expect(await test.core.sweeps.list(id)).toEqual([]);
  });

  it('has jobs that cannot start, never end or are removed by others as outcomes', async () => {
    const id = await openApp('sweep-bad', worker('true').replace('init: true', 'init: false'));
    const { plan, jobs } = await sweep(
      id,
      {
        parameters: ['program', 'arg'],
        rows: [
          ['no-such-program', '1'],
          ['sleep', '1000'],
          ['true', ''],
          ['sleep', '999'],
        ],
        command: ['{program}', '{arg}'],
        concurrency: 4,
        timeoutMs: 6_000,
        columns: [readLogColumn('x=y')],
      },
      (news) => {
        if (news.kind !== 'job' || news.job.index !== 3 || news.job.runningSince === undefined) return;
        const named = docker('ps', '-aq', '--filter', 'label=io.flotilla.sweep.job=3');
        if (named !== '') docker('rm', '-f', named);
      },
    );
    expect(outcomes(jobs)).toEqual([
      expect.stringMatching(/^failed 1 job 1 could not be started: .*no-such-program/) as string,
      'failed 1 it took longer than 6.00 s',
      'ok 1 ',
      'failed 1 The container of job 4 was removed by somebody else',
    ]);
    expect(jobs[2]?.last?.problems).toEqual(['x: no line of the log matches y']);
    expect(containersOf(plan.id)).toBe('');
  });

  it('that is cancelled leaves nothing behind, and goes on after a restart without doing anything twice', async () => {
    const compose = `${worker(
      'ping -c 1 -W 5 db >/dev/null && sleep 0.3 && echo $$i >> /out/done',
      `${OUT}    depends_on: { db: { condition: service_healthy } }\n`,
    )}  db:\n    image: busybox:latest\n    init: true\n    command: [sleep, "1000"]\n    volumes: [data:/data]\n    healthcheck: { test: [CMD, "true"], interval: 1s }\nvolumes: { out: {}, data: {} }\n`;
    const id = await openApp('sweep-cancel', compose);
    const cancel = new AbortController();
    let done = 0;
    let sweepId = '';
    let project = '';
    const run = sweep(
      id,
      { ...rowsOf(6), concurrency: 2 },
      (news) => {
        if (news.kind === 'begins') ({ id: sweepId, project } = news.plan);
        if (news.kind === 'job' && news.job.state === 'ok' && (done += 1) === 2) cancel.abort();
      },
      cancel.signal,
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftOf(project)).toEqual([]);
    expect(containersOf(sweepId)).toBe('');
    await test.restart();
    const okBefore = jobsOf(await test.core.sweeps.find(sweepId)).filter(({ state }) => state === 'ok');
    expect(okBefore.length).toBeGreaterThanOrEqual(2);
    const { jobs } = await test.core.sweeps.resume(
      sweepId,
      {},
      { signal: stop.signal, onNews: () => undefined },
    );
    expect(outcomes(jobs)).toEqual(Array.from({ length: 6 }, () => 'ok 1 '));
    const lines = written('sweep-cancel');
    expect([...new Set(lines)]).toEqual(['0', '1', '2', '3', '4', '5']);
    // What was done before is not done again; one that was broken off may have got as far as its line.
    for (const { index } of okBefore)
      expect(lines.filter((line) => line === String(index))).toEqual([String(index)]);
    expect(leftOf(project)).toEqual([]);
  });

  it('waits for a study or another sweep, and is refused with what to do', async () => {
    const id = await openApp('sweep-queue', worker('sleep 0.1'));
    const told: string[] = [];
    const request = (name: string) => ({
      signal: stop.signal,
      onNews: ({ kind }: { kind: string }) => void told.push(`${name} ${kind}`),
    });
    await Promise.all([
      test.core.studies.run(id, { workers: [1], repetitions: 1, cooldownMs: 0 }, request('study')),
      test.core.sweeps.run(id, rowsOf(1), request('sweep')),
      test.core.sweeps.run(id, rowsOf(1), request('other')),
    ]);
    expect(told.slice(0, 2)).toEqual(['sweep queued', 'other queued']);
    expect(told.indexOf('sweep begins')).toBeGreaterThan(told.lastIndexOf('study ran'));
    expect(told.indexOf('other begins')).toBeGreaterThan(told.lastIndexOf('sweep job'));

    const bad = (options: SweepOptions) => expect(sweep(id, options)).rejects;
    await bad({ ...rowsOf(1), service: 'x' }).toMatchObject({
      code: 'not-found',
      hint: 'There are: worker.',
    });
    await bad({ ...rowsOf(1), concurrency: 0 }).toMatchObject({ message: '0 is no number of jobs at once.' });
    await bad({ ...rowsOf(1), retries: 101 }).toMatchObject({ code: 'invalid-input' });
    await bad(rowsOf(0)).toMatchObject({ message: 'There is no job.' });
    const reaching = await openApp('sweep-reach', worker('true', '    pid: host\n'));
    await expect(sweep(reaching, rowsOf(1))).rejects.toMatchObject({ code: 'consent-required' });
    expect(await test.core.sweeps.list(reaching)).toEqual([]);
  });
});

describe('a sweep whose process is killed', () => {
  let cli: TestCli;
  beforeAll(async () => {
    cli = await buildTestCli();
  });
  afterAll(() => cli.dispose());

  it('is gone on with: what ended well is taken over, what runs is waited for, and nothing is done twice', async () => {
    // Job 3 takes so long that it still runs when the command comes back.
    const script = 'if test $$i = 3; then sleep 12; else sleep 0.5; fi; echo $$i >> /out/done';
    const path = test.project('sweep-killed', { 'compose.yaml': worker(script, OUT) + VOLUMES });
    const at = ['--data', join(test.folder, 'killed')];
    const killed = await cli.run(testHost(), ['sweep', path, '--grid', 'i=0..5', '--jobs', '2', ...at], {
      signal: 'SIGKILL',
      of: /\/start/,
      nth: 4,
      when: 'after',
    });
    expect(killed.code).toBeNull();
    const label = 'label=com.docker.compose.service=worker';
    const running = (): string[] =>
      docker('ps', '-q', '--filter', label, '--filter', 'label=io.flotilla.sweep.job')
        .split('\n')
        .filter(Boolean);
    // Job 3, or the one beside it as well, runs on; that one ends while nobody looks.
    await expect.poll(() => running().length).toBe(1);
    const again = await cli.run(testHost(), ['sweep', path, '--resume', ...at]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.errors).toMatch(/^Sweep [0-9a-f]{12}: \d of 6 jobs of worker, 2 at once$/m);
    expect(written('sweep-killed')).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(docker('ps', '-aq', '--filter', label, '--filter', 'label=io.flotilla.sweep')).toBe('');
    expect(docker('network', 'ls', '-q', '--filter', 'name=sweep-killed-sweep')).toBe('');
  });

  it('has what it left written down and removed by the next sweep', async () => {
    const path = test.project('sweep-left', {
      'compose.yaml': worker('test $$i = 1 && exec sleep 1000; echo $$i >> /out/done', OUT) + VOLUMES,
    });
    const data = join(test.folder, 'left');
    const killed = await cli.run(
      testHost(),
      ['sweep', path, '--grid', 'i=0..1', '--jobs', '2', '--data', data],
      { signal: 'SIGKILL', of: /\/start/, nth: 2, when: 'after' },
    );
    expect(killed.code).toBeNull();
    const found = (): string =>
      docker('ps', '-a', '--filter', 'label=io.flotilla.sweep', '--format', '{{.State}}');
    await expect.poll(() => found().split('\n').sort().join(' ')).toMatch(/^(exited )?running$/);
    const next = await cli.run(testHost(), ['sweep', path, '--grid', 'i=2', '--data', data]);
    expect(next.code).toBe(0);
    expect(found()).toBe('');
    expect(docker('network', 'ls', '-q', '--filter', 'name=sweep-left-sweep')).toBe('');
    expect(written('sweep-left')).toEqual(['0', '2']);
  });
});

describe('an engine that is lost in the middle of a sweep', () => {
  it('costs the jobs that ran, which are run again', async () => {
    const engine = await startLabEngine();
    const other = await startTestCore(engine.host).catch(async (error: unknown) => {
      await engine.dispose();
      throw error;
    });
    try {
      const id = await openApp('sweep-lost', worker('exec sleep 1'), other);
      const told: string[] = [];
      let restarted: Promise<void> | undefined;
      const { jobs } = await other.core.sweeps.run(
        id,
        { ...rowsOf(4), concurrency: 2 },
        {
          signal: stop.signal,
          onNews: (news) => {
            told.push(news.kind);
            if (news.kind === 'job' && news.job.index === 2 && news.job.runningSince !== undefined)
              restarted ??= engine.kill('SIGKILL').then(() => engine.start());
          },
        },
      );
      await restarted;
      expect(told).toContain('engine-lost');
      expect(outcomes(jobs)).toEqual(Array.from({ length: 4 }, () => 'ok 1 '));
      expect((await other.core.engine.relist()).containers.size).toBe(0);
      const [summary] = (await other.core.sweeps.list(id)) satisfies SweepSummary[];
      expect(summary?.counts.ok).toBe(4);
    } finally {
      await other.dispose();
      await engine.dispose();
    }
  });
});
