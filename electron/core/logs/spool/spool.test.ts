import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readLogLimit } from '../readLogLimit.ts';
import { type TestLine, TestSpool } from '../testSpool.ts';
import { SpoolLock } from './SpoolLock.ts';

const START = 1_795_507_200_000_000;
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
if (!isRoot) console.log('Disk-full test: not run: it mounts a small file system, which takes root on Linux');

let cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.reverse()) cleanup();
  cleanups = [];
});
const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-spool-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
const spoolIn = (folder?: string, limit?: number) => {
  const spool = new TestSpool(limit, folder);
  cleanups.push(() => spool.dispose());
  return spool;
};
const lines = (count: number, from = 0, worker = 'worker-1'): TestLine[] =>
  Array.from({ length: count }, (_, at) => ({
    worker,
    micros: START + from + at,
    text: `line ${from + at} ${'x'.repeat(100)}`,
  }));
const texts = (spool: TestSpool) =>
  spool
    .view()
    .rows.rows(0, 1_000_000, 40)
    .map((row) => Number(/^line (\d+)/.exec(row.text)?.[1]));
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, at) => from + at);

describe('the spool', () => {
  it('keeps the newest lines in memory while the disk is full, says so, and writes again when there is room', {
    skip: !isRoot,
  }, () => {
    const mount = temporary();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mount]);
    cleanups.push(() => execFileSync('umount', ['-l', mount]));
    const spool = spoolIn(join(mount, 'app'));
    writeFileSync(join(mount, 'ballast'), Buffer.alloc(1024 * 1024));
    for (let round = 0; round < 30; round += 1) {
      spool.append(lines(1_000, round * 1_000));
      spool.publish();
    }
    expect(spool.spool.warnings[0]).toMatch(/not written to disk now: the disk is full/);
    // Nothing is missing between what is on disk and what is in memory.
    const seen = texts(spool);
    expect(seen).toEqual(upTo(30_000));
    rmSync(join(mount, 'ballast'));
    spool.spool.retryDisk();
    expect(spool.spool.warnings).toHaveLength(1); // not before ten seconds have passed
    const now = Date.now;
    Date.now = () => now() + 20_000;
    try {
      spool.spool.retryDisk();
      expect(spool.spool.warnings).toEqual([]);
      spool.append(lines(1_000, 30_000));
      spool.publish();
    } finally {
      Date.now = now;
    }
    spool.reopen('close');
    const kept = texts(spool);
    expect(kept.slice(-1_000)).toEqual(upTo(1_000, 30_000));
    expect(kept.slice(0, 1_000)).toEqual(upTo(1_000));
  });

  it('works from memory alone where its folder cannot be made, and keeps what is newest of a flood', () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    const spool = spoolIn(join(file, 'app'));
    expect(spool.spool.warnings[0]).toMatch(/the spool folder cannot be written/);
    for (let round = 0; round < 300; round += 1) {
      spool.append(lines(1_000, round * 1_000));
      if (round % 10 === 0) spool.publish();
    }
    spool.publish();
    const seen = texts(spool);
    expect(seen.at(-1)).toBe(299_999);
    expect(seen.length).toBeGreaterThan(50_000);
    expect(seen).toEqual(upTo(seen.length, 300_000 - seen.length));
    expect(spool.spool.evictedLines).toBe(300_000 - seen.length);
  });

  it('finds its lines again after a crash in the middle of a record, and goes on behind them', () => {
    const spool = spoolIn();
    spool.append(lines(3_000));
    spool.publish();
    const folder = join(spool.folder, readdirSync(spool.folder).find((name) => name.startsWith('1-')) ?? '');
    const file = join(folder, '000001.log');
    const size = readFileSync(file).length;
    spool.spool.close();
    truncateSync(file, size - 50);
    rmSync(join(folder, '000001.index'));
    spool.reopen('close');
    expect(texts(spool)).toEqual(upTo(2_999));
    expect(spool.spool.warnings[0]).toMatch(/bytes at the end of segment 1 are damaged and were left out/);
    spool.append(lines(10, 2_999));
    spool.publish();
    spool.reopen('close');
    expect(texts(spool)).toEqual(upTo(3_009));
    expect(spool.spool.warnings).toEqual([]);
  });

  it('leaves out a segment that is none and a folder that is foreign, tells of both, and reads the rest', () => {
    const spool = spoolIn(undefined, 8 * 1024 * 1024);
    spool.append(lines(10_000));
    spool.append(lines(10, 0, 'other-1'));
    spool.publish();
    spool.spool.close();
    const names = readdirSync(spool.folder);
    const folder = join(spool.folder, names.find((name) => name.startsWith('1-')) ?? '');
    const segments = readdirSync(folder).filter((name) => name.endsWith('.log')).length;
    expect(segments).toBeGreaterThan(2);
    writeFileSync(join(folder, '000002.log'), 'this is not a segment');
    writeFileSync(
      join(spool.folder, names.find((name) => name.startsWith('2-')) ?? '', 'container.json'),
      '{',
    );
    spool.reopen('close');
    expect(spool.spool.warnings.join('\n')).toMatch(
      /worker-1: Segment 2 cannot be read \(it does not begin as one\)/,
    );
    expect(spool.spool.warnings.join('\n')).toMatch(/kept log in 2-.* cannot be read/);
    const seen = texts(spool);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(9_999);
    expect(seen.length).toBeGreaterThan(1_000);
  });

  it('is written by one process at a time; another reads what is kept and writes elsewhere', () => {
    const first = spoolIn();
    first.append(lines(100));
    first.append(lines(100, 0, 'gone-1'));
    first.publish();
    const second = spoolIn(first.folder);
    for (const entry of second.spool.containers.values()) expect(entry.isForeign).toBe(true);
    second.append(lines(5, 1_000));
    second.publish();
    const own = [...second.spool.containers.values()].filter((entry) => !entry.isForeign);
    expect(own).toHaveLength(1);
    expect(own[0]?.folder.startsWith(first.folder)).toBe(false);
    first.append(lines(1, 100));
    first.publish();
    first.reopen('close');
    expect(first.view({ workers: ['worker-1'] }).rows.total).toBe(101);
    second.spool.close();
    expect(existsSync(own[0]?.folder ?? '')).toBe(false);
  });

  it('writes files for its user alone', { skip: process.platform === 'win32' }, () => {
    const spool = spoolIn();
    spool.append(lines(10));
    spool.publish();
    const listing = execFileSync('find', [spool.folder, '-perm', '/077'], { encoding: 'utf8' });
    expect(listing).toBe('');
    chmodSync(spool.folder, 0o700);
  });
});

describe('the lock', () => {
  it('is held by a process that lives and by no other', async () => {
    const folder = temporary();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid }));
    expect(SpoolLock.take(folder)).toBeUndefined();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const lock = SpoolLock.take(folder);
    expect(lock).toBeDefined();
    expect(SpoolLock.take(folder)).toBeUndefined();
    lock?.release();
    writeFileSync(join(folder, 'lock'), 'half a');
    expect(SpoolLock.take(folder)).toBeDefined();
  });

  it('is not held by a process that only has the same number', { skip: process.platform !== 'linux' }, () => {
    const folder = temporary();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, startedAt: 'another time' }));
    expect(SpoolLock.take(folder)).toBeDefined();
  });
});

describe('the limit', () => {
  it.each([
    [undefined, 2 * 1024 ** 3],
    ['512m', 512 * 1024 ** 2],
    ['8G', 8 * 1024 ** 3],
    ['1.5 GiB', 1.5 * 1024 ** 3],
    ['0', 8 * 1024 ** 2],
    ['100', 8 * 1024 ** 2],
    ['-1', 2 * 1024 ** 3],
    ['much', 2 * 1024 ** 3],
  ])('%s', (text, bytes) => expect(readLogLimit(text)).toBe(bytes));
});
