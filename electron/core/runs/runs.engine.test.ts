import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord, RunSummary } from '#shared/domain/Run.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
const none = new AbortController().signal;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.dispose());

async function open(name: string, services: string): Promise<string> {
  return (await test.core.apps.open(test.project(name, { 'compose.yaml': `services:\n${services}` }))).id;
}

/** A run begins by what the engine tells, which may be late. `after`: the one that is known already. */
const newest = async (appId: string, after?: RunRecord): Promise<RunSummary> => {
  let run: RunSummary | undefined;
  await expect
    .poll(async () => (run = await test.core.runs.newest(appId))?.id, { timeout: 60_000 })
    .not.toBe(after?.summary.id);
  if (run === undefined) throw new Error('No run was written down.');
  return run;
};
const whole = async (appId: string, after?: RunRecord): Promise<RunRecord> => {
  const { id } = await newest(appId, after);
  await test.core.runs.ended(id, { closed: true, signal: none });
  return test.core.runs.collected(id, none);
};
const resultFile = (record: RunRecord, ...path: string[]): string =>
  readFileSync(join(record.folder, 'results', ...path), 'utf8');
const worker = (script: string, more: string): string =>
  `  worker:\n    image: busybox:latest\n    command: [sh, -c, '${script}']\n    init: true\n    stop_grace_period: 1s\n${more}`;

describe('the ledger of runs on a real engine', () => {
  it('copies the results of four workers with their hashes, before they are removed', async () => {
    const id = await open(
      'runs-four',
      `  main:\n    image: busybox:latest\n    command: [sh, -c, 'sleep 1; exit 3']\n    environment: { SEED: "7", API_TOKEN: hush }\n    cpus: 0.5\n    mem_limit: 64m\n    x-flotilla: { role: main }\n${worker(
        'mkdir -p /out/deep; echo $$WORKER_INDEX > /out/deep/n.txt; head -c 400000 /dev/zero > /out/big; ln /out/big /out/again; ln -s /etc/passwd /out/leak; ln -s ../../../escape /out/up; mkfifo /out/pipe; echo ready; sleep 1000',
        '    scale: 4\n    x-flotilla: { role: worker, results: [/out, /absent] }\n',
      )}`,
    );
    await test.core.apps.up(id, {});
    const { id: runId } = await newest(id);
    await test.core.runs.ended(runId, { signal: none });
    // Workers go on when main has ended; taking them down is their end.
    expect((await test.core.runs.find(runId)).closedAt).toBeUndefined();
    for (const index of [1, 2, 3, 4])
      await expect.poll(() => docker('logs', `runs-four-worker-${index}`)).toBe('ready');
    await test.core.apps.down(id, {});
    const record = await whole(id);
    expect(record.summary).toMatchObject({
      id: runId,
      origin: 'flotilla',
      outcome: 'failed',
      reason: 'main-1 ended with code 3',
      exitCode: 3,
      containers: 5,
      results: { files: 12, incomplete: 4 },
    });
    const { startedAt, endedAt = 0 } = record.summary;
    expect(endedAt - startedAt).toBeGreaterThan(900);
    const main = record.workers.find(({ key }) => key === 'main-1');
    expect(main).toMatchObject({
      exitCode: 3,
      placement: { cpus: 0.5, memoryBytes: 64 * 1024 ** 2 },
      environment: { SEED: '7', API_TOKEN: '••••••' },
    });
    expect(record.compose).toContain('SEED: "7"');
    expect(record.compose).not.toContain('hush');
    expect(readFileSync(join(record.folder, 'app.json'), 'utf8')).not.toContain('hush');
    expect(record.host).toMatchObject({ cpus: expect.any(Number), kernel: expect.any(String) });
    expect(record.git).toEqual({ known: false, reason: 'the folder is in no git repository' });

    expect(record.results.map(({ worker: key }) => key).sort()).toEqual([
      'worker-1',
      'worker-2',
      'worker-3',
      'worker-4',
    ]);
    const zeros = createHash('sha256').update(Buffer.alloc(400_000)).digest('hex');
    for (const result of record.results) {
      const { worker: key, folder = '' } = result;
      expect(result).toMatchObject({ state: 'partial', files: 3, bytes: 800_002, skipped: 3, failed: 1 });
      expect(result.problems.map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
        '/absent: there is nothing at this path',
        'out/leak: a symbolic link to /etc/passwd, which is not followed',
        'out/pipe: a named pipe',
        'out/up: a symbolic link to ../../../escape, which is not followed',
      ]);
      expect(resultFile(record, folder, 'out/deep/n.txt')).toBe(`${key.slice(-1)}\n`);
      expect(existsSync(join(record.folder, 'results', folder, 'out/leak'))).toBe(false);
      const list = readFileSync(join(record.folder, 'manifests', `${folder}.jsonl`));
      expect(createHash('sha256').update(list).digest('hex')).toBe(result.manifestSha256);
      expect(list.toString()).toContain(`{"path":"out/big","size":400000,"sha256":"${zeros}"}`);
    }
    const [first] = record.results;
    expect(await test.core.runs.listResults(runId, first?.folder ?? '', 'out')).toMatchObject({
      total: 3,
      entries: [{ name: 'deep', kind: 'folder' }, { name: 'again', size: 400_000 }, { name: 'big' }],
    });
    expect(await test.core.runs.previewResult(runId, first?.folder ?? '', 'out/deep/n.txt')).toMatchObject({
      kind: 'text',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    for (const path of ['../../detail.jsonl', '../worker-2/out/big'])
      await expect(test.core.runs.previewResult(runId, first?.folder ?? '', path)).rejects.toMatchObject({
        code: 'not-found',
      });
  });

  it('copes with many files, keeps to its limits, and says what others removed', async () => {
    const id = await open(
      'runs-many',
      worker(
        'mkdir /out; cd /out; i=0; while test $$i -lt 3000; do echo $$i > f$$i; i=$$((i+1)); done',
        '    x-flotilla: { role: worker, results: [/out] }\n',
      ) +
        `  few:\n    image: busybox:latest\n    command: [sh, -c, 'mkdir /out; for i in 1 2 3 4 5; do echo $$i > /out/$$i; done']\n    x-flotilla: { role: worker, results: { paths: [/out], max_files: 3 } }\n  huge:\n    image: busybox:latest\n    command: [sh, -c, 'mkdir /out; truncate -s 10G /out/sparse']\n    x-flotilla: { role: worker, results: { paths: [/out], max_size: 1g } }\n  gone:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    x-flotilla: { role: worker, results: [/out] }\n`,
    );
    await test.core.apps.up(id, {});
    docker('rm', '-f', test.core.apps.containers(id).find(({ service }) => service === 'gone')?.id ?? '');
    const { results, summary } = await whole(id);
    expect(results.find(({ worker: key }) => key === 'worker-1')).toMatchObject({
      state: 'ok',
      files: 3000,
      problems: [],
    });
    expect(results.find(({ worker: key }) => key === 'few-1')).toMatchObject({
      state: 'partial',
      files: 3,
      problems: [
        {
          path: '/out',
          reason: 'there are more than 3 files; x-flotilla.results.max_files lets more through',
        },
      ],
    });
    expect(results.find(({ worker: key }) => key === 'huge-1')).toMatchObject({
      state: 'failed',
      bytes: 0,
      problems: [{ reason: expect.stringContaining('with out/sparse (10.0 GiB) it is more than 1.00 GiB') }],
    });
    expect(results.find(({ worker: key }) => key === 'gone-1')).toMatchObject({
      state: 'failed',
      problems: [{ reason: 'the container was removed before its results could be copied' }],
    });
    expect(summary).toMatchObject({ outcome: 'stopped', reason: 'gone-1 was ended by SIGKILL' });
  });

  it('tells what it used while nobody watched, and which container ran out of memory', async () => {
    const id = await open(
      'runs-used',
      `  burner:
    image: busybox:latest
    command: [sh, -c, 'end=$$(($$(date +%s)+7)); while test $$(date +%s) -lt $$end; do :; done']
    cpus: 0.5
    x-flotilla: { role: worker }
  hog:
    image: busybox:latest
    command: [sh, -c, 'sleep 3; tail /dev/zero']
    mem_limit: 16m
    memswap_limit: 16m
    x-flotilla: { role: worker }
`,
    );
    await test.core.apps.up(id, {});
    const { summary, workers, hasMetrics, folder } = await whole(id);
    expect(summary).toMatchObject({ outcome: 'failed', reason: 'hog-1 ran out of memory', oomKilled: true });
    const [burner, hog] = ['burner-1', 'hog-1'].map((name) => workers.find(({ key }) => key === name));
    expect(hog).toMatchObject({ oomKilled: true, exitCode: 137 });
    const seconds = burner?.usage?.coreSeconds ?? 0;
    expect(seconds).toBeGreaterThan(0.3);
    // Half a core for as long as it ran.
    expect(seconds).toBeLessThan(((burner?.finishedAt ?? 0) - (burner?.startedAt ?? 0)) / 2_000 + 0.5);
    expect(burner?.usage?.peakMemoryBytes).toBeGreaterThan(0);
    expect(summary.usage?.coreSeconds).toBeGreaterThanOrEqual(seconds);
    expect(summary.usage?.seen).toBeGreaterThan(0);
    expect(hasMetrics).toBe(true);
    const kept = await test.core.runs.metrics(summary.id);
    const cores = kept?.workers.find(({ worker: key }) => key === 'burner-1')?.means.cores ?? [];
    expect(Math.max(...cores.map((value) => value ?? 0))).toBeGreaterThan(0.1);
    await test.core.apps.down(id, {});
    // Nobody looks any more, and what was seen is in the folder.
    expect(JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'))).toEqual(kept);
  });

  it('is made again from the very images and settings, secrets from the files; never from other images', async () => {
    const compose = (seed: string, secret: string): string =>
      worker(
        'env | sort; mkdir /out; env > /out/env',
        `    environment: { SEED: "${seed}", API_KEY: ${secret} }\n    x-flotilla: { role: worker, results: [/out/env] }\n`,
      );
    const id = await open('runs-again', compose('7', 'one'));
    await test.core.apps.up(id, {});
    const first = await whole(id);
    await test.core.runs.annotate(first.summary.id, {
      name: 'base',
      tags: ['good', 'good'],
      note: 'as it was',
    });
    await test.core.apps.down(id, {});
    test.project('runs-again', { 'compose.yaml': `services:\n${compose('8', 'two')}` });
    await test.core.runs.rerun(first.summary.id, {});
    const second = await whole(id, first);
    expect(second.summary).toMatchObject({
      rerunOf: first.summary.id,
      outcome: 'ok',
      composeHash: first.summary.composeHash,
    });
    const file = resultFile(second, 'worker-1', 'out/env');
    expect(file).toContain('SEED=7');
    expect(file).toContain('API_KEY=two');
    expect(second.services[0]?.imageId).toBe(first.services[0]?.imageId);
    // The app is what its files say again.
    expect(test.core.apps.runFacts(id)?.app.services[0]?.environment['SEED']).toBe('8');
    await test.core.apps.down(id, {});
    await test.core.apps.up(id, {});
    const third = await whole(id, second);
    const { facts, settings } = await test.core.runs.compare(first.summary.id, third.summary.id);
    expect(facts[0]).toEqual({ what: 'outcome', left: 'ok', right: 'ok' });
    expect(settings).toContainEqual({ what: 'worker: variable SEED', left: '7', right: '8' });
    expect(JSON.stringify([facts, settings])).not.toMatch(/one|two/);
    expect(
      (await test.core.runs.list({ appId: id, filter: 'tag:good is:ok' })).runs.map(({ name }) => name),
    ).toEqual(['base']);
    await test.core.runs.remove(first.summary.id);
    expect(existsSync(first.folder)).toBe(false);
    await expect(test.core.runs.show(first.summary.id)).rejects.toMatchObject({ code: 'not-found' });
    // What is deleted does not come back by what is left on the engine.
    expect((await newest(id)).id).toBe(third.summary.id);

    const target = join(test.folder, 'again.tar');
    for await (const _ of test.core.runs.export({ id: third.summary.id, path: target, format: 'tar' }, none))
      continue;
    const listed = execFileSync('tar', ['-tf', target], { encoding: 'utf8' });
    expect(listed.split('\n')).toEqual(
      expect.arrayContaining(['run.json', 'compose.yaml', 'results/worker-1/out/env']),
    );
    const stopped = new AbortController();
    const other = join(test.folder, 'other.tar');
    await expect(
      (async () => {
        for await (const _ of test.core.runs.export(
          { id: third.summary.id, path: other, format: 'tar' },
          stopped.signal,
        ))
          stopped.abort();
      })(),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect([existsSync(other), existsSync(`${other}.partial`)]).toEqual([false, false]);
  });

  it('refuses to make a run again whose image is gone', async () => {
    docker('tag', 'busybox:latest', 'runs-gone-image:1');
    const id = (
      await test.core.apps.open(
        test.project('runs-image', {
          'compose.yaml': 'services:\n  worker:\n    build: .\n    x-flotilla: { role: worker }\n',
          Dockerfile: 'FROM busybox:latest\nENV MADE=here\nCMD ["true"]\n',
        }),
      )
    ).id;
    await test.core.apps.up(id, {});
    const { summary } = await whole(id);
    await test.core.apps.down(id, {});
    docker('rmi', '-f', 'runs-image-worker', 'runs-gone-image:1');
    await expect(test.core.runs.rerun(summary.id, {})).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('The image of worker in run'),
    });
  });
});
