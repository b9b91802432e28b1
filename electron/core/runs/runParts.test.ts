import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execFileSync } from 'node:child_process';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary, RunWorker } from '#shared/domain/Run.ts';
import { advanceRun, type RunState, type SeenContainer } from './advanceRun.ts';
import { readGit } from './readGit.ts';
import { extractArchive, TooMuch } from './results/extractArchive.ts';
import { ResultWriter } from './results/ResultWriter.ts';
import { safeParts } from './results/safePath.ts';
import { RunIndex } from './RunIndex.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const summary = (id: string, change: Partial<RunSummary> = {}): RunSummary => ({
  ...{
    id,
    appId: 'app',
    project: 'p',
    title: 'P',
    path: '/p',
    origin: 'flotilla',
    startedAt: 1,
    containers: 0,
  },
  ...change,
});

describe('the ledger', () => {
  it('loses no more than the line that was being written, whoever writes on', async () => {
    const path = join(folder, 'ledger.jsonl');
    const index = new RunIndex(path);
    await index.append(summary('a'));
    await index.append({ id: 'a', endedAt: 5, outcome: 'ok', closedAt: 5, name: 'first' });
    await index.append(summary('b', { startedAt: 9 }));
    // Killed half way through a line.
    appendFileSync(path, readFileSync(path).subarray(0, 40));
    const other = new RunIndex(path);
    await other.refresh();
    expect(other.list().map(({ id }) => id)).toEqual(['b', 'a']);
    await other.append({ id: 'b', name: 'second' });
    await other.append({ id: 'a', name: null });
    await index.refresh();
    expect(index.list('app')).toEqual([
      summary('b', { startedAt: 9, name: 'second' }),
      summary('a', { endedAt: 5, outcome: 'ok', closedAt: 5 }),
    ]);
    // A byte of it turns over: that line is passed over, those after it are not.
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('"first"') + 1] = 0x58;
    writeFileSync(path, bytes);
    const damaged = new RunIndex(path);
    await damaged.refresh();
    expect(damaged.list().map(({ id, outcome }) => [id, outcome])).toEqual([
      ['b', undefined],
      ['a', undefined],
    ]);
  });

  it('remembers until when an app ran, also when the run is deleted', async () => {
    const path = join(folder, 'ledger.jsonl');
    const index = new RunIndex(path);
    await index.append(summary('a', { closedAt: 70 }));
    await index.remove(index.get('a') ?? summary('a'));
    const other = new RunIndex(path);
    await other.refresh();
    expect(other.list()).toEqual([]);
    expect(other.closedUntil('app')).toBe(70);
  });
});

const seen = (id: string, change: Partial<SeenContainer> = {}): SeenContainer => ({
  ...{ id, key: `${id}-1`, service: id, index: 1, imageId: 'i', state: 'running', startedAt: 10 },
  ...change,
});
const ended = (finishedAt: number, exitCode: number): Partial<SeenContainer> => ({
  state: 'ended',
  finishedAt,
  exitCode,
});
const AROUND: Parameters<typeof advanceRun>[2] = {
  heard: () => undefined,
  roleOf: (service: string) => (service === 'main' ? 'main' : 'worker'),
  isStopped: () => false,
  mayEnd: true,
};
const after = (run: RunState, step: ReturnType<typeof advanceRun>): RunState => ({
  ...run,
  ...step.summary,
  workers: new Map<string, RunWorker>([
    ...run.workers,
    ...step.workers.map((one) => [one.containerId, one] as const),
  ]),
});
const begun = (...containers: SeenContainer[]): RunState => {
  const run: RunState = { since: 5, workers: new Map() };
  return after(run, advanceRun(run, containers, AROUND));
};

describe('a run', () => {
  it('ends with main and is closed with the last worker', () => {
    const run = begun(seen('main'), seen('w'));
    const first = advanceRun(run, [seen('main', ended(50, 0)), seen('w')], AROUND);
    expect(first.summary).toEqual({ endedAt: 50, exitCode: 0, outcome: 'ok' });
    const second = advanceRun(
      after(run, first),
      [seen('main', ended(50, 0)), seen('w', ended(80, 143))],
      AROUND,
    );
    expect(second.summary).toEqual({ closedAt: 80 });
    expect(second.workers).toMatchObject([{ containerId: 'w', finishedAt: 80, exitCode: 143 }]);
  });

  it('takes a step of the start for no end', () => {
    const run = begun(seen('init'));
    const over = [seen('init', ended(20, 0))];
    expect(advanceRun(run, over, { ...AROUND, mayEnd: false }).summary).toEqual({});
    expect(advanceRun(run, over, AROUND).summary).toMatchObject({ outcome: 'ok', closedAt: 20 });
  });

  it('tells what failed, was stopped, ran out of memory, vanished', () => {
    const of = (change: Partial<SeenContainer>, around: Partial<typeof AROUND> = {}) =>
      advanceRun(begun(seen('main')), [seen('main', change)], { ...AROUND, ...around }).summary;
    expect(of(ended(20, 3))).toMatchObject({ outcome: 'failed', reason: 'main-1 ended with code 3' });
    expect(of({ ...ended(20, 137), oomKilled: true })).toMatchObject({ outcome: 'failed', oomKilled: true });
    expect(of(ended(20, 143))).toMatchObject({ outcome: 'stopped', reason: 'main-1 was ended by SIGTERM' });
    expect(of(ended(20, 0), { isStopped: () => true })).toMatchObject({ outcome: 'stopped' });
    expect(advanceRun(begun(seen('main')), [], AROUND).summary).toMatchObject({
      outcome: 'lost',
      closedAt: 10,
    });
    const heard = () => ({ finishedAt: 30, exitCode: 4 });
    expect(advanceRun(begun(seen('main')), [], { ...AROUND, heard }).summary).toMatchObject({
      outcome: 'failed',
      endedAt: 30,
      exitCode: 4,
    });
  });

  it('goes on with a container that starts again', () => {
    const run = begun(seen('w'), seen('v'));
    const once = after(run, advanceRun(run, [seen('w', ended(20, 1)), seen('v')], AROUND));
    const again = advanceRun(once, [seen('w', { startedAt: 25 }), seen('v')], AROUND);
    expect(again.workers).toEqual([
      { containerId: 'w', key: 'w-1', service: 'w', index: 1, imageId: 'i', startedAt: 10 },
    ]);
    expect(again.summary).toEqual({});
  });
});

describe('results', () => {
  it.each([
    ['../a', 'its path leads out of the folder'],
    ['a/../../b', 'its path leads out of the folder'],
    ['a\0b', 'its name has a zero byte in it'],
    [`a/${'x'.repeat(256)}`, 'its name is too long'],
    ['d/'.repeat(201), 'it lies too deep'],
  ])('are not written to %j', (path, reason) => {
    expect(safeParts(path)).toEqual({ reason });
  });

  it('keep within their folder also on Windows', () => {
    expect(safeParts('/a//./b')).toEqual({ parts: ['a', 'b'] });
    for (const path of ['a\\..\\..\\b', 'C:evil', 'nul', 'con.txt', 'end.'])
      expect(safeParts(path, 'win32')).toEqual({ reason: 'no file may be called so on this machine' });
  });

  const write = async (
    fill: (archive: ReturnType<typeof pack>) => void,
    limits = { maxBytes: 1e9, maxFiles: 100 },
  ) => {
    const archive = pack();
    fill(archive);
    archive.finalize();
    const writer = await ResultWriter.create(join(folder, 'files'), join(folder, 'list.jsonl'));
    let failure: unknown;
    await extractArchive(Readable.from(archive), '/work/out', writer, limits, () => undefined).catch(
      (error: unknown) => (failure = error),
    );
    await writer.end();
    return { writer, failure };
  };

  it('of a hostile archive stay inside: no link, no device, no way up, nothing beside the path', async () => {
    const { writer, failure } = await write((archive) => {
      archive.entry({ name: 'out/', type: 'directory' });
      archive.entry({ name: 'out/link', type: 'symlink', linkname: '/tmp' });
      archive.entry({ name: 'out/link/evil' }, 'x');
      archive.entry({ name: 'out/../../../evil' }, 'x');
      archive.entry({ name: '/etc/evil' }, 'x');
      archive.entry({ name: 'out/null', type: 'character-device', devmajor: 1, devminor: 3 });
      archive.entry({ name: 'out/a' }, 'aaa');
      archive.entry({ name: 'out/a' }, 'bbb');
      archive.entry({ name: 'out/hard', type: 'link', linkname: 'out/a' });
      archive.entry({ name: 'out/out', type: 'link', linkname: '../../../../etc/passwd' });
    });
    expect(failure).toBeUndefined();
    expect(readFileSync(join(folder, 'files/work/out/a'), 'utf8')).toBe('aaa');
    expect(readFileSync(join(folder, 'files/work/out/hard'), 'utf8')).toBe('aaa');
    // What the archive has below its link is a folder of its own here.
    expect(readFileSync(join(folder, 'files/work/out/link/evil'), 'utf8')).toBe('x');
    expect(writer.files).toBe(3);
    expect(
      writer.problems.map(({ path, reason, skipped }) => `${skipped} ${path}: ${reason}`).sort(),
    ).toEqual([
      'false /etc/evil: it is not below the path that was asked for',
      'false out/../../../evil: its path leads out of the folder',
      'false work/out/a: it comes twice in the archive',
      'false work/out/out: a link, and its path leads out of the folder',
      'true work/out/link: a symbolic link to /tmp, which is not followed',
      'true work/out/null: a device',
    ]);
  });

  it('stop at their limits and keep what came before', async () => {
    const fill = (archive: ReturnType<typeof pack>): void => {
      for (const name of ['a', 'b', 'c']) archive.entry({ name: `out/${name}` }, Buffer.alloc(10));
    };
    const files = await write(fill, { maxBytes: 1e9, maxFiles: 2 });
    expect(files.failure).toBeInstanceOf(TooMuch);
    expect(files.writer.files).toBe(2);
    rmSync(join(folder, 'files'), { recursive: true });
    rmSync(join(folder, 'list.jsonl'));
    expect((await write(fill, { maxBytes: 15, maxFiles: 100 })).writer).toMatchObject({
      files: 1,
      bytes: 10,
    });
  });

  it('say of a file that is too large what it is, before any of it has come', async () => {
    const archive = pack();
    // Broken off, both sides of it fail.
    for (const side of [archive, archive.entry({ name: 'out/huge', size: 10 * 1024 ** 3 })])
      side.on('error', () => undefined);
    const writer = await ResultWriter.create(join(folder, 'files'), join(folder, 'list.jsonl'));
    await expect(
      extractArchive(
        Readable.from(archive),
        '/out',
        writer,
        { maxBytes: 1024 ** 3, maxFiles: 9 },
        () => undefined,
      ),
    ).rejects.toThrow(
      'with out/huge (10.0 GiB) it is more than 1.00 GiB; x-flotilla.results.max_size lets more through',
    );
    await writer.end();
    expect(writer.files).toBe(0);
    archive.destroy();
  });

  it('tell of an archive that is cut off', async () => {
    const archive = pack();
    archive.entry({ name: 'out/a', size: 1_000_000 }).write('only this');
    const writer = await ResultWriter.create(join(folder, 'files'), join(folder, 'list.jsonl'));
    const chunks: Buffer[] = [];
    archive.on('data', (chunk: unknown) => void chunks.push(chunk as Buffer));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(
      extractArchive(Readable.from(chunks), '/out', writer, { maxBytes: 1e9, maxFiles: 9 }, () => undefined),
    ).rejects.toThrow();
    await writer.end();
    archive.destroy();
  });
});

describe('git', () => {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      encoding: 'utf8',
    });

  it('tells commit and changes, and runs nothing of the repository’s own', async () => {
    expect(await readGit(folder)).toEqual({ known: false, reason: 'the folder is in no git repository' });
    git('init', '-q', '-b', 'trunk');
    expect(await readGit(folder)).toEqual({ known: false, reason: 'the repository has no commit yet' });
    writeFileSync(join(folder, 'a'), '1');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(await readGit(folder)).toEqual({
      known: true,
      commit,
      branch: 'trunk',
      dirty: false,
      changed: [],
    });
    writeFileSync(join(folder, 'a'), '2');
    writeFileSync(join(folder, 'new one'), '');
    expect(await readGit(folder)).toMatchObject({ dirty: true, changed: ['a', 'new one'] });
    const mark = join(folder, '.git', 'ran');
    git('config', 'core.fsmonitor', `touch ${mark}; true`);
    git('config', 'filter.evil.clean', `touch ${mark}; cat`);
    writeFileSync(join(folder, '.gitattributes'), '* filter=evil\n');
    expect(await readGit(folder)).toEqual({ known: true, commit, branch: 'trunk', changed: [] });
    expect(() => readFileSync(mark)).toThrow();
  });
});
