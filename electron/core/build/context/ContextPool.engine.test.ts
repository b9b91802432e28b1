import { chmodSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView, BuilderKind } from '#shared/domain/Build.ts';
import { BuildProblem } from '../BuildProblem.ts';
import type { BuildService } from '../BuildApi.ts';
import { createBuildService } from '../createBuildService.ts';
import { locateDockerfile } from '../locateDockerfile.ts';
import { testEngine } from '../testEngine.ts';
import { DEFAULT_CONTEXT_LIMITS } from '../walkContext.ts';
import { ContextPool } from './ContextPool.ts';
import { previewContext } from './previewContext.ts';
import { TestContext } from './testContext.ts';

const workerFile = join(dirname(process.env['FLOTILLA_TEST_LOG_WORKER'] ?? ''), 'contextWorker.mjs');
const { engine, client } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;

let context: TestContext;
beforeEach(() => {
  context = new TestContext();
});
afterEach(() => context.remove());

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

const locate = (dockerfile = 'Dockerfile') =>
  locateDockerfile(context.root, { context: '.', dockerfile, args: {} });
const limits = DEFAULT_CONTEXT_LIMITS;

describe('a context read in a thread of its own', () => {
  it('is the same as one read here, alone and shared', async () => {
    context.put('Dockerfile', 'FROM scratch\n');
    context.put('.dockerignore', 'b*\n!b/keep\n');
    for (let at = 0; at < 12; at += 1) context.put(`a/${at}`, Buffer.alloc(400_000 + at, at));
    context.put('b/keep');
    context.put('b/not');
    const here = await new ContextPool().open(await locate(), { limits });
    const expected = await collect(here.read({}));
    here.dispose();
    const pool = new ContextPool({ workerFile });
    // Announced twice, it is as if it had been once.
    pool.prepare();
    pool.prepare();
    const [one, two] = await Promise.all([
      pool.open(await locate(), { limits }),
      pool.open(await locate(), { limits }),
    ]);
    const [first, second] = await Promise.all([collect(one.read({})), collect(two.read({}))]);
    expect(first.equals(expected)).toBe(true);
    expect(second.equals(expected)).toBe(true);
    expect((await one.tree()).entries.map((entry) => entry.path).slice(-2)).toEqual(['b', 'b/keep']);
    expect({ files: one.files, bytes: one.bytes }).toEqual({ files: here.files, bytes: here.bytes });
    one.dispose();
    two.dispose();
    const preview = await previewContext(
      pool,
      context.root,
      { context: '.', dockerfile: 'Dockerfile', args: {} },
      limits,
    );
    expect(preview).toMatchObject({ files: 15, ignoredFiles: 1, ignoreFile: '.dockerignore' });
    expect(preview.heaviest[0]).toEqual({ path: 'a/', bytes: 4_800_066, files: 12 });
  });

  it('tells its problems as they are, and ends when it is cancelled', async () => {
    context.put('Dockerfile', 'FROM scratch\n');
    for (let at = 0; at < 60; at += 1) context.put(`a/${at}`, Buffer.alloc(500_000));
    const pool = new ContextPool({ workerFile });
    const files = await locate();
    await expect(pool.open(files, { limits: { files: 5, bytes: 1e9 } })).rejects.toThrow(BuildProblem);
    const abort = new AbortController();
    const opening = pool.open(files, { limits, signal: abort.signal });
    abort.abort();
    await expect(opening).rejects.toThrow(/abort/i);
    const open = await pool.open(files, { limits });
    const stream = open.read({});
    stream.once('data', () => open.dispose());
    await expect(collect(stream)).rejects.toThrow();
    await expect(open.tree()).rejects.toThrow('was stopped');
  });
});

describe.each<BuilderKind>(['classic', 'buildkit'])('builds that share a context, with %s', (builder) => {
  let builds: BuildService;
  const tags: string[] = [];
  beforeEach(() => {
    builds = createBuildService({ engine, contextWorkerFile: workerFile });
  });
  afterEach(async () => {
    await builds.dispose();
    for (const tag of tags.splice(0))
      await client
        .request({ method: 'DELETE', path: `/images/${tag}`, query: { force: true } })
        .catch(() => {});
  });

  const start = (service: string, dockerfile: string): Promise<BuildView> => {
    const tag = `contexttest-${unique}-${builder}-${service}:latest`;
    tags.push(tag);
    return builds.wait(
      builds.start({
        appId: 'app',
        service,
        tag,
        projectRoot: context.root,
        labels: {},
        noCache: false,
        builder,
        build: { context: '.', dockerfile, args: {} },
      }).id,
    );
  };
  const said = (view: BuildView): string =>
    builds
      .output(view.id)
      .lines.map((line) => line.text)
      .join('\n');

  it('each gets its own Dockerfile, and none sees an ignored one', async () => {
    for (const service of ['main', 'worker'])
      context.put(
        `docker/${service}.Dockerfile`,
        `FROM busybox\nCOPY . /ctx\nRUN echo I am ${service} ${unique}${builder}; find /ctx | sort\n`,
      );
    context.put('.dockerignore', 'docker\n');
    context.put('code/run.sh', 'true\n');
    chmodSync(join(context.root, 'code/run.sh'), 0o751);
    for (let at = 0; at < 8; at += 1) context.put(`data/${at}`, Buffer.alloc(300_000));
    const views = await Promise.all([
      start('main', 'docker/main.Dockerfile'),
      start('worker', 'docker/worker.Dockerfile'),
    ]);
    for (const [at, service] of ['main', 'worker'].entries()) {
      const view = views[at];
      if (view === undefined) throw new Error('No view.');
      expect(view.error).toBeUndefined();
      expect(view.state).toBe('succeeded');
      expect(said(view)).toContain(`I am ${service}`);
      expect(said(view)).toContain('/ctx/code/run.sh');
      expect(said(view)).not.toMatch(/\.Dockerfile$/m);
    }
  });

  it('comes from the cache when only times have changed, and not when content or mode has', async () => {
    context.put('Dockerfile', `FROM busybox\nCOPY code /code\nRUN echo ${unique}${builder} > /made\n`);
    context.put('code/run.sh', 'true\n');
    context.put('data', 'x');
    expect((await start('cached', 'Dockerfile')).state).toBe('succeeded');
    const isCached = async (): Promise<boolean> => {
      const view = await start('cached', 'Dockerfile');
      expect(view.error).toBeUndefined();
      return view.steps.filter((step) => /COPY code/.test(step.instruction)).every((step) => step.cached);
    };
    for (const path of ['code/run.sh', 'code', 'Dockerfile'])
      utimesSync(join(context.root, path), new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await isCached()).toBe(true);
    chmodSync(join(context.root, 'code/run.sh'), 0o755);
    expect(await isCached()).toBe(false);
    context.put('code/run.sh', 'false\n');
    expect(await isCached()).toBe(false);
  });
});
