import { appendFileSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BuildProblem } from '../BuildProblem.ts';
import { locateDockerfile } from '../locateDockerfile.ts';
import { DEFAULT_CONTEXT_LIMITS, type SkippedEntry } from '../walkContext.ts';
import { ContextPool, type OpenContext } from './ContextPool.ts';
import type { ContextSource } from './ContextSource.ts';
import { TestContext, unpacked } from './testContext.ts';

/** A pool that notes what is asked of its sources. */
class WatchedPool extends ContextPool {
  walks = 0;
  /** Numbers of the packs that chunks were asked of. */
  readonly packs: number[] = [];
  disposed = 0;

  override source(): ContextSource {
    const source = super.source();
    return {
      ...source,
      walk: (...args) => {
        this.walks += 1;
        return source.walk(...args);
      },
      next: (pack, at) => {
        this.packs.push(pack);
        return source.next(pack, at);
      },
      dispose: () => {
        this.disposed += 1;
        return source.dispose();
      },
    };
  }
}

let context: TestContext;
let pool: WatchedPool;
beforeEach(() => {
  context = new TestContext();
  pool = new WatchedPool({ patienceMs: 200, startMs: 200 });
  context.put('Dockerfile', 'FROM scratch\n');
});
afterEach(() => context.remove());

async function open(dockerfile = 'Dockerfile', signal?: AbortSignal): Promise<OpenContext> {
  const files = await locateDockerfile(context.root, { context: '.', dockerfile, args: {} });
  return pool.open(files, { limits: DEFAULT_CONTEXT_LIMITS, signal });
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

/** As an engine reads it: through a pipe, at its own pace. */
function throughPipe(stream: Readable): Promise<Buffer> {
  const pipe = stream.pipe(new PassThrough({ highWaterMark: 1 }));
  stream.once('error', (error) => pipe.destroy(error));
  return collect(pipe);
}

/** More than a few chunks. */
function putMuch(): void {
  for (let at = 0; at < 30; at += 1)
    context.put(`data/${at}`, Buffer.alloc(300_000 + at * 7, String.fromCharCode(65 + at)));
}

describe('ContextPool', () => {
  it('walks and reads once for services that start together, each with its own Dockerfile', async () => {
    putMuch();
    context.put('Dockerfile.worker', 'FROM scratch AS worker\n');
    const [main, worker] = await Promise.all([open(), open('Dockerfile.worker')]);
    const [first, second] = await Promise.all([throughPipe(main.read({})), collect(worker.read({}))]);
    expect(pool.walks).toBe(1);
    expect(new Set(pool.packs)).toEqual(new Set([1]));
    expect(unpacked(first)).toEqual(unpacked(second));
    expect(Object.keys(unpacked(first))).toHaveLength(33);
    main.dispose();
    expect(pool.disposed).toBe(0);
    worker.dispose();
    expect(pool.disposed).toBe(1);
  });

  it('gives the same bytes each time, and counts what it sends', async () => {
    putMuch();
    context.put('.dockerignore', 'data/7\n');
    const tars: Buffer[] = [];
    for (let time = 0; time < 2; time += 1) {
      const one = await open();
      let sent = 0;
      tars.push(await collect(one.read({ onSent: (bytes) => (sent += bytes) })));
      expect(sent).toBe(one.bytes);
      expect(one.files).toBe(31);
      one.dispose();
    }
    expect(tars[0]?.equals(tars[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('sends a Dockerfile that is ignored to whom it belongs only', async () => {
    context.put('docker/main.Dockerfile', 'FROM scratch AS main\n');
    context.put('docker/worker.Dockerfile', 'FROM scratch AS worker\n');
    context.put('docker/secret', 'x');
    context.put('.dockerignore', 'docker\n.dockerignore\nDockerfile\n');
    context.put('a');
    const [main, worker] = await Promise.all([
      open('docker/main.Dockerfile'),
      open('docker/worker.Dockerfile'),
    ]);
    const tars = await Promise.all([collect(main.read({})), collect(worker.read({}))]);
    expect(pool.walks).toBe(1);
    expect(Object.keys(unpacked(tars[0]))).toEqual([
      '.dockerignore',
      'a',
      'docker',
      'docker/main.Dockerfile',
    ]);
    expect(Object.keys(unpacked(tars[1]))).toContain('docker/worker.Dockerfile');
    const tree = await main.tree();
    expect(tree.entries.map((entry) => entry.path)).toEqual([
      '.dockerignore',
      'a',
      'docker',
      'docker/main.Dockerfile',
    ]);
    expect(main.files).toBe(3);
    main.dispose();
    worker.dispose();
  });

  it('sends the Dockerfile that was checked, not what was written meanwhile', async () => {
    chmodSync(join(context.root, 'Dockerfile'), 0o640);
    const one = await open();
    writeFileSync(join(context.root, 'Dockerfile'), 'FROM other\n');
    const tar = await collect(one.read({}));
    expect(unpacked(tar)['Dockerfile']).toBe('FROM scratch\n');
    expect(tar.includes('0000640\0')).toBe(true);
    one.dispose();
  });

  it('lets nobody wait long for one that does not take its chunks, and loses nothing for it', async () => {
    putMuch();
    const [quick, slow] = await Promise.all([open(), open()]);
    const stalled = slow.read({});
    const taken = await collect(quick.read({}));
    expect(unpacked(taken)['data/29']).toHaveLength(300_203);
    expect(new Set(pool.packs)).toEqual(new Set([1]));
    // The one that stalled goes on with a reading of its own from where it stood.
    expect((await collect(stalled)).equals(taken)).toBe(true);
    expect(new Set(pool.packs)).toEqual(new Set([1, 2]));
    quick.dispose();
    slow.dispose();
  });

  it('goes on for the others when one is cancelled in the middle', async () => {
    putMuch();
    const [stays, goes] = await Promise.all([open(), open()]);
    const leaving = goes.read({});
    const staying = throughPipe(stays.read({}));
    leaving.once('data', () => goes.dispose());
    expect(Object.keys(unpacked(await staying))).toHaveLength(32);
    expect(leaving.destroyed).toBe(true);
    expect(pool.disposed).toBe(0);
    stays.dispose();
    expect(pool.disposed).toBe(1);
  });

  it('gives those that come later, or do not begin in time, a reading of their own', async () => {
    putMuch();
    const [first, second] = await Promise.all([open(), open()]);
    // The first waits for the second no longer than a moment.
    const one = await collect(first.read({}));
    const late = await collect(second.read({}));
    expect(late.equals(one)).toBe(true);
    expect(pool.walks).toBe(1);
    context.put('new');
    const third = await open();
    expect(pool.walks).toBe(2);
    expect(Object.keys(unpacked(await collect(third.read({}))))).toContain('new');
    for (const each of [first, second, third]) each.dispose();
  });

  it('tells each what vanished, and each the failure of a file that cannot be read', async () => {
    putMuch();
    context.put('gone');
    const [one, two] = await Promise.all([open(), open()]);
    rmSync(join(context.root, 'gone'));
    const skipped: SkippedEntry[][] = [[], []];
    await Promise.all(
      [one, two].map((each, at) => collect(each.read({ onSkipped: (entry) => skipped[at]?.push(entry) }))),
    );
    expect(skipped).toEqual([
      [{ path: 'gone', reason: 'vanished before it was sent' }],
      [{ path: 'gone', reason: 'vanished before it was sent' }],
    ]);
    chmodSync(join(context.root, 'data/9'), 0);
    // Root reads everything: become somebody else for the moment.
    chmodSync(context.root, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      for (const each of [one, two])
        await expect(collect(each.read({}))).rejects.toThrow(
          'The file `data/9` of the build context cannot be read: permission denied.',
        );
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    one.dispose();
    two.dispose();
  });

  it('refuses a context over the limits to all who asked', async () => {
    putMuch();
    const files = await locateDockerfile(context.root, { context: '.', dockerfile: 'Dockerfile', args: {} });
    const limits = { files: 10, bytes: 1024 ** 3 };
    const asked = [pool.open(files, { limits }), pool.open(files, { limits })];
    for (const one of await Promise.allSettled(asked)) {
      expect(one.status === 'rejected' && one.reason).toBeInstanceOf(BuildProblem);
    }
    expect(pool.walks).toBe(1);
    expect(pool.disposed).toBe(1);
  });

  it('ends at once when it is cancelled, whenever that is', async () => {
    putMuch();
    await expect(open('Dockerfile', AbortSignal.abort())).rejects.toThrow();
    const abort = new AbortController();
    const opening = open('Dockerfile', abort.signal);
    setTimeout(() => abort.abort(), 10);
    await expect(opening).rejects.toThrow();
    const one = await open();
    const stream = one.read({});
    stream.once('data', () => one.dispose());
    await expect(collect(stream)).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = pool.packs.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pool.packs.length).toBe(asked);
  });

  it('reads no further ahead than its slowest reader lets it', async () => {
    putMuch();
    for (let at = 0; at < 40; at += 1) context.put(`more/${at}`, Buffer.alloc(500_000));
    const one = await open();
    const stream = one.read({});
    stream.once('readable', () => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const asked = pool.packs.length;
    expect(asked).toBeLessThan(8);
    appendFileSync(join(context.root, 'more/39'), 'grown');
    const skipped: SkippedEntry[] = [];
    stream.destroy();
    await collect(one.read({ onSkipped: (entry) => skipped.push(entry) }));
    // It had grown before its turn came: that is simply its size.
    expect(skipped).toEqual([]);
    one.dispose();
  });
});
