import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BuildProblem } from '../BuildProblem.ts';
import { ContextPacker, type PackPosition } from './ContextPacker.ts';
import { walkSteps } from './walkSteps.ts';
import { IgnoreRules } from '../ignoreRules.ts';
import { runInSteps, runToEnd } from './runInSteps.ts';
import { endOfTar } from './tarFile.ts';
import { type ContextTree, DEFAULT_CONTEXT_LIMITS, type SkippedEntry, walkContext } from '../walkContext.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-pack-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const walk = async (rules = '', always: string[] = []): Promise<ContextTree> =>
  runToEnd(walkContext({ root, ignore: IgnoreRules.parse(rules, '.dockerignore'), always }));

/** The whole tar, chunk by chunk. */
function* pack(
  { entries }: ContextTree,
  on: { skipped?: (entry: SkippedEntry) => void; sent?: (bytes: number) => void } = {},
): Generator<Buffer> {
  const packer = new ContextPacker({ root, entries });
  try {
    for (let done = false; !done; ) {
      const chunk = packer.next(true);
      done = chunk.done;
      for (const entry of chunk.skipped) on.skipped?.(entry);
      on.sent?.(chunk.contentBytes);
      yield chunk.bytes;
    }
    yield endOfTar();
  } finally {
    packer.close();
  }
}

const pathsOf = (tree: ContextTree): string[] => tree.entries.map((entry) => entry.path);

async function collect(tree: ContextTree) {
  const skipped: SkippedEntry[] = [];
  let sent = 0;
  const chunks = [
    ...pack(tree, {
      skipped: (entry) => skipped.push(entry),
      sent: (bytes) => {
        sent += bytes;
      },
    }),
  ];
  return { tar: Buffer.concat(chunks), skipped, sent };
}

/** Unpacks with the system's own tar, the judge that shares no code with ours. */
function unpack(tar: Buffer): string {
  const folder = join(root, '..', `${root.split('/').at(-1)}-out`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('tar', ['-xf', '-', '-C', folder], { input: tar, stdio: ['pipe', 'ignore', 'pipe'] });
  return folder;
}

function describeTree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(join(folder, path))) {
      const below = path === '' ? name : `${path}/${name}`;
      const stats = lstatSync(join(folder, below));
      if (stats.isDirectory()) {
        found[below] = 'folder';
        visit(below);
      } else if (stats.isSymbolicLink()) found[below] = `link ${readlinkSync(join(folder, below))}`;
      else
        found[below] =
          `file ${(stats.mode & 0o777).toString(8)} ${readFileSync(join(folder, below), 'latin1')}`;
    }
  };
  visit('');
  return found;
}

async function roundTrip(): Promise<{
  before: Record<string, string>;
  after: Record<string, string>;
  skipped: SkippedEntry[];
}> {
  const tree = await walk();
  const { tar, skipped } = await collect(tree);
  const out = unpack(tar);
  try {
    return { before: describeTree(root), after: describeTree(out), skipped: [...tree.skipped, ...skipped] };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function problemOf(work: Promise<unknown>): Promise<BuildProblem['failure']> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BuildProblem)) throw new Error(`not a BuildProblem: ${String(error)}`);
  return error.failure;
}

describe('walkContext', () => {
  it('lists sorted, each folder before what it holds', async () => {
    for (const path of ['b/2', 'b/1', 'a', 'c', 'B/x']) put(path);
    expect(pathsOf(await walk())).toEqual(['B', 'B/x', 'a', 'b', 'b/1', 'b/2', 'c']);
  });

  it('keeps a link that leaves the root as a link and says so, following none', async () => {
    put('in.txt');
    symlinkSync('/etc/passwd', join(root, 'absolute'));
    symlinkSync('../../outside', join(root, 'climbing'));
    symlinkSync('in.txt', join(root, 'fine'));
    symlinkSync('..', join(root, 'up'));
    const tree = await walk();
    expect(
      tree.entries.filter((entry) => entry.kind === 'link').map((entry) => [entry.path, entry.linkTarget]),
    ).toEqual([
      ['absolute', '/etc/passwd'],
      ['climbing', '../../outside'],
      ['fine', 'in.txt'],
      ['up', '..'],
    ]);
    expect(tree.skipped.map((entry) => entry.path)).toEqual(['absolute', 'climbing', 'up']);
    expect(tree.skipped[0]?.reason).toBe(
      'a symbolic link to /etc/passwd, outside the build context: sent as a link, what it points to is not',
    );
  });

  it('does not run in a circle of links', async () => {
    mkdirSync(join(root, 'sub'));
    symlinkSync('..', join(root, 'sub/up'));
    expect(pathsOf(await walk())).toEqual(['sub', 'sub/up']);
  });

  it('leaves out FIFOs, sockets and devices by name', async () => {
    put('a');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer().listen(join(root, 'sock'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const tree = await walk();
      expect(pathsOf(tree)).toEqual(['a']);
      expect(tree.skipped).toEqual([
        { path: 'pipe', reason: 'a FIFO (named pipe); not sent' },
        { path: 'sock', reason: 'a socket; not sent' },
      ]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('fails naming the file that may not be read', async () => {
    put('secret');
    mkdirSync(join(root, 'closed'));
    chmodSync(join(root, 'secret'), 0);
    chmodSync(root, 0o755);
    const asRoot = process.getuid?.() === 0;
    // Root reads everything: become somebody else for the moment.
    if (asRoot) process.seteuid?.(65_534);
    try {
      const tree = await walk('closed');
      const failure = await problemOf(collect(tree));
      expect(failure.message).toBe(
        'The file `secret` of the build context cannot be read: permission denied.',
      );
      expect(failure.file).toBe('secret');
      expect(failure.hint).toBe('Make it readable, or add the line `secret` to .dockerignore.');
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
    chmodSync(join(root, 'closed'), 0);
    if (asRoot) process.seteuid?.(65_534);
    try {
      expect((await problemOf(walk())).message).toBe(
        'The folder `closed` of the build context cannot be read: permission denied.',
      );
      // What is ignored need not be readable.
      expect(pathsOf(await walk('closed'))).toEqual(['secret']);
    } finally {
      if (asRoot) process.seteuid?.(0);
      chmodSync(join(root, 'closed'), 0o755);
    }
  });

  it('reports a name that is not UTF-8 and sends the rest', async () => {
    put('good');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff, 0xfe])]), 'x');
    const tree = await walk();
    expect(pathsOf(tree)).toEqual(['good']);
    expect(tree.skipped).toEqual([
      { path: 'bad-\uFFFD\uFFFD', reason: 'its name is not valid UTF-8; not sent' },
    ]);
  });

  it('stops at the limits with a message that says which', async () => {
    put('a', '12345');
    put('b', '12345');
    const over = (limits: { files: number; bytes: number }) =>
      problemOf((async () => runToEnd(walkContext({ root, limits })))());
    expect((await over({ files: 1, bytes: 100 })).message).toBe(
      'The build context holds more than 1 files; the last one met was `b`.',
    );
    const large = await over({ files: 10, bytes: 9 });
    expect(large.message).toContain('The build context holds more than 0 MiB');
    expect(large.hint).toContain('.dockerignore');
    expect(runToEnd(walkContext({ root, limits: { files: 2, bytes: 10 } })).files).toBe(2);
    expect(DEFAULT_CONTEXT_LIMITS).toEqual({ files: 200_000, bytes: 2_147_483_648 });
  });

  it('ignores all but what is taken back, and reads no folder in vain', async () => {
    for (const path of ['Dockerfile', 'x/y/keep.txt', 'x/y/other', 'z/other', 'node_modules/m/i.js'])
      put(path);
    expect(pathsOf(await walk('*', ['Dockerfile']))).toEqual(['Dockerfile']);
    expect(pathsOf(await walk('*\n!x/y/keep.txt'))).toEqual(['x', 'x/y', 'x/y/keep.txt']);
    expect(pathsOf(await walk('*\n!**/keep.txt'))).toEqual(['x', 'x/y', 'x/y/keep.txt']);
    expect(pathsOf(await walk('*', ['x/y/other']))).toEqual(['x', 'x/y', 'x/y/other']);
    expect(pathsOf(await walk('node_modules\nx\nz'))).toEqual(['Dockerfile']);
  });

  it('leaves out what lies deeper than the system can open by name, and sends what lies above', async () => {
    const deep = (name: string): string => [name, ...Array<string>(11).fill('d'.repeat(200))].join('/');
    for (const name of ['a', 'b']) put(`${deep(name)}/f`);
    // Two of a length that can be opened, one moved to the end of the other.
    renameSync(join(root, 'b'), join(root, deep('a'), 'b'));
    try {
      const tree = await walk();
      expect(tree.skipped.length).toBeGreaterThan(0);
      for (const { reason } of tree.skipped)
        expect(reason).toBe('its path is longer than the system can open; not sent');
      expect(tree.files).toBe(1);
      const { skipped } = await collect(tree);
      expect(skipped).toEqual([]);
    } finally {
      renameSync(join(root, deep('a'), 'b'), join(root, 'b'));
    }
  });

  it('leaves out a device by name', async () => {
    if (process.getuid?.() !== 0) return;
    execFileSync('mknod', [join(root, 'null'), 'c', '1', '3']);
    expect((await walk()).skipped).toEqual([{ path: 'null', reason: 'a device; not sent' }]);
  });

  it('lists nothing of a folder that becomes a link while others are read', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'flotilla-outside-'));
    try {
      writeFileSync(join(outside, 'secret'), 'x');
      for (let at = 0; at < 100; at += 1) put(`a/${at}`);
      put('z/mine');
      const seen: string[] = [];
      const skipped: SkippedEntry[] = [];
      const steps = walkSteps(
        { root, ignore: IgnoreRules.none, always: [] },
        { keep: (entry) => seen.push(entry.path), skip: (entry) => skipped.push(entry) },
      );
      // The root has been looked at, `z` was a folder there.
      steps.next();
      rmSync(join(root, 'z'), { recursive: true });
      symlinkSync(outside, join(root, 'z'));
      while (steps.next().done !== true);
      expect(seen.filter((path) => path.startsWith('z'))).toEqual(['z']);
      expect(skipped.map((entry) => entry.path)).toEqual(['z']);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('reports a link whose target is not UTF-8', async () => {
    symlinkSync(Buffer.from([0x61, 0xff]), join(root, 'odd'));
    const tree = await walk();
    expect(tree.entries).toEqual([]);
    expect(tree.skipped).toEqual([{ path: 'odd', reason: 'its target cannot be read' }]);
  });

  it('stops when it is cancelled', async () => {
    put('a');
    await expect(runInSteps(walkContext({ root }), AbortSignal.abort())).rejects.toThrow();
  });
});

describe('ContextPacker', () => {
  it('packs names with newline, space, dash and non-ASCII letters, and very long ones', async () => {
    const long = `${'d'.repeat(120)}/${'e'.repeat(120)}/${'f'.repeat(200)}`;
    for (const path of [
      'new\nline',
      'a space',
      '-rf',
      'π/∑.txt',
      'n'.repeat(255),
      long,
      '__proto__',
      'constructor',
    ])
      put(path);
    symlinkSync(`${'t'.repeat(150)}/π`, join(root, 'long-link'));
    const { before, after } = await roundTrip();
    expect(after).toEqual(before);
    expect(Object.keys(after)).toContain('new\nline');
    expect(Object.keys(after)).toContain(long);
  });

  it('keeps modes, empty files, empty folders and hard links as files', async () => {
    put('run.sh');
    chmodSync(join(root, 'run.sh'), 0o755);
    put('none');
    chmodSync(join(root, 'none'), 0o000);
    put('empty', '');
    mkdirSync(join(root, 'hollow'));
    linkSync(join(root, 'run.sh'), join(root, 'twin.sh'));
    const { before, after } = await roundTrip();
    expect(after).toEqual(before);
    expect(after['none']).toBe('file 0 none');
    expect(after['twin.sh']).toBe('file 755 run.sh');
  });

  it('makes the same bytes twice', async () => {
    put('b');
    put('a/c');
    const tree = await walk();
    expect((await collect(tree)).tar.equals((await collect(await walk())).tar)).toBe(true);
    const listing = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], {
      input: (await collect(tree)).tar,
      encoding: 'utf8',
    });
    expect(
      listing
        .trim()
        .split('\n')
        .every((line) => line.includes(' 0/0 ')),
    ).toBe(true);
  });

  it('reports a file that vanished since the walk, and packs the rest', async () => {
    put('a');
    put('gone');
    put('z');
    const tree = await walk();
    rmSync(join(root, 'gone'));
    const { tar, skipped } = await collect(tree);
    expect(skipped).toEqual([{ path: 'gone', reason: 'vanished before it was sent' }]);
    const out = unpack(tar);
    expect(readdirSync(out)).toEqual(['a', 'z']);
    rmSync(out, { recursive: true });
  });

  it.each([
    [
      'grows',
      (path: string) => appendFileSync(path, 'more'),
      /^grew while it was being sent; only its first 1048576 bytes/,
    ],
    [
      'shrinks',
      (path: string) => truncateSync(path, 300_000),
      /^shrank while it was being sent; its last \d+ bytes/,
    ],
  ])('keeps the tar whole when a file %s under its hands', async (_, change, reason) => {
    const large = join(root, 'a-large');
    writeFileSync(large, Buffer.alloc(1024 * 1024, 'x'));
    put('z', 'end');
    const tree = await walk();
    const skipped: SkippedEntry[] = [];
    const chunks: Buffer[] = [];
    let changed = false;
    for (const chunk of pack(tree, { skipped: (entry) => skipped.push(entry) })) {
      chunks.push(Buffer.from(chunk));
      if (changed) continue;
      changed = true;
      change(large);
    }
    expect(skipped).toHaveLength(1);
    expect(skipped[0]?.path).toBe('a-large');
    expect(skipped[0]?.reason).toMatch(reason);
    const out = unpack(Buffer.concat(chunks));
    expect(lstatSync(join(out, 'a-large')).size).toBe(1024 * 1024);
    expect(readFileSync(join(out, 'z'), 'utf8')).toBe('end');
    rmSync(out, { recursive: true });
  });

  it('does not read through a file or folder that became a link, nor hang on one that became a FIFO', async () => {
    put('file');
    put('folder/inner');
    put('pipe');
    const tree = await walk();
    for (const path of ['file', 'folder', 'pipe']) rmSync(join(root, path), { recursive: true });
    const outside = mkdtempSync(join(tmpdir(), 'flotilla-outside-'));
    try {
      writeFileSync(join(outside, 'inner'), 'SECRET');
      symlinkSync(join(outside, 'inner'), join(root, 'file'));
      symlinkSync(outside, join(root, 'folder'));
      execFileSync('mkfifo', [join(root, 'pipe')]);
      const { tar, skipped } = await collect(tree);
      expect(tar.includes('SECRET')).toBe(false);
      expect(skipped.map((entry) => entry.path)).toEqual(['file', 'folder/inner', 'pipe']);
      for (const entry of skipped) expect(entry.reason).toMatch(/^became something other than a file/);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('goes on from where another packer stood, in the middle of a file too', async () => {
    for (let at = 0; at < 6; at += 1) put(`f${at}`, String(at).repeat(700_000));
    put('π/long', 'x');
    const { entries } = await walk();
    const whole = new ContextPacker({ root, entries });
    const chunks: { bytes: Buffer; next: PackPosition }[] = [];
    for (;;) {
      const chunk = whole.next(true);
      chunks.push(chunk);
      if (chunk.done) break;
    }
    whole.close();
    const tar = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    let before = 0;
    for (const [at, chunk] of chunks.entries()) {
      before += chunk.bytes.length;
      const second = new ContextPacker({ root, entries, at: chunk.next });
      const rest: Buffer[] = [];
      for (let done = false; !done; ) {
        const more = second.next(true);
        rest.push(more.bytes);
        done = more.done;
      }
      second.close();
      expect(Buffer.concat(rest).equals(tar.subarray(before)), `after chunk ${at}`).toBe(true);
    }
    expect(chunks.filter((chunk) => chunk.next.file !== undefined).length).toBeGreaterThan(3);
  });

  it('fills up what a file lost while two packers read it', async () => {
    put('f', 'x'.repeat(1_500_000));
    const { entries } = await walk();
    const first = new ContextPacker({ root, entries });
    const { next, bytes } = first.next(true);
    first.close();
    rmSync(join(root, 'f'));
    const second = new ContextPacker({ root, entries, at: next });
    const chunks = [bytes];
    const skipped: SkippedEntry[] = [];
    for (let done = false; !done; ) {
      const chunk = second.next(true);
      chunks.push(chunk.bytes);
      skipped.push(...chunk.skipped);
      done = chunk.done;
    }
    second.close();
    expect(skipped).toEqual([{ path: 'f', reason: 'vanished before it was sent' }]);
    const out = unpack(Buffer.concat([...chunks, Buffer.alloc(1024)]));
    const content = readFileSync(join(out, 'f'), 'latin1');
    rmSync(out, { recursive: true });
    expect(content).toHaveLength(1_500_000);
    expect(content.endsWith('\0')).toBe(true);
    expect(content.startsWith('xxx')).toBe(true);
  });

  it('writes a size above 8 GiB that tar reads back, without holding the file in memory', async () => {
    put('a');
    const size = 9 * 1024 ** 3;
    truncateSync(join(root, 'a'), size);
    const tree = runToEnd(walkContext({ root, limits: { files: 10, bytes: size } }));
    const chunks: Buffer[] = [];
    for (const chunk of pack(tree)) {
      chunks.push(Buffer.from(chunk));
      if (chunks.length > 3) break;
    }
    // tar lists the entry from its header, then complains that the rest is missing.
    let listing = '';
    try {
      execFileSync('tar', ['-tvf', '-'], { input: Buffer.concat(chunks), encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      listing = (error as { stdout: string }).stdout;
    }
    expect(listing).toContain(String(size));
    expect(process.memoryUsage().rss).toBeLessThan(1024 ** 3);
  });

  it('unpacks to the tree that was walked, whatever the names and contents', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
      .map((text) => text.replace(/[/\0]/g, '_'))
      .filter(
        (text) =>
          text !== '.' &&
          text !== '..' &&
          Buffer.byteLength(text) <= 255 &&
          Buffer.from(text).toString() === text,
      );
    const file = fc.tuple(
      fc.array(name, { minLength: 1, maxLength: 5 }),
      fc.uint8Array({ maxLength: 2_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 8 }), async (files) => {
        rmSync(root, { recursive: true, force: true });
        mkdirSync(root);
        for (const [parts, content] of files) {
          const path = join(root, ...parts);
          try {
            mkdirSync(dirname(path), { recursive: true });
            if (!existsSync(path)) writeFileSync(path, content);
          } catch {
            // A file stands where a folder would be: the tree is as good without it.
          }
        }
        const { before, after } = await roundTrip();
        expect(after).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});
