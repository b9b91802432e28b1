import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContextPreview } from '#shared/domain/Build.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { locateDockerfile } from '../locateDockerfile.ts';
import { DEFAULT_CONTEXT_LIMITS } from '../walkContext.ts';
import { ContextPool } from './ContextPool.ts';
import { ignorePath, type IgnorePathOptions } from './ignorePath.ts';
import { previewContext } from './previewContext.ts';
import { TestContext } from './testContext.ts';

let context: TestContext;
beforeEach(() => {
  context = new TestContext();
  context.put('Dockerfile', 'FROM scratch\n');
});
afterEach(() => context.remove());

const build = (change: Partial<BuildModel> = {}): BuildModel => ({
  context: '.',
  dockerfile: 'Dockerfile',
  args: {},
  ...change,
});
const preview = (
  change: Partial<BuildModel> = {},
  limits = DEFAULT_CONTEXT_LIMITS,
): Promise<ContextPreview> => previewContext(new ContextPool(), context.root, build(change), limits);
const rules = (): string => readFileSync(join(context.root, '.dockerignore'), 'utf8');
const ignore = (path: string, options: IgnorePathOptions = {}): Promise<{ isNew: boolean }> =>
  ignorePath(context.root, build(), path, options);

const INLINE = { text: 'FROM scratch\n', file: 'compose.yaml', line: 4, firstLine: 5 };

describe('previewContext', () => {
  it('tells what would be sent, what weighs most and what the rules save', async () => {
    for (let at = 0; at < 20; at += 1) context.put(`data/run${at}/field.bin`, Buffer.alloc(10_000));
    for (let at = 0; at < 5; at += 1) context.put(`.git/objects/${at}`, Buffer.alloc(2_000));
    context.put('src/main.py', Buffer.alloc(500));
    context.put('node_modules/a/b/c.js');
    context.put('node_modules/d.js');
    context.put('x.tmp');
    symlinkSync('/etc/passwd', join(context.root, 'out'));
    context.put('.dockerignore', 'node_modules\n*.tmp\n');
    const seen = await preview();
    expect(seen).toMatchObject({ files: 29, ignoredFiles: 3, ignoreFile: '.dockerignore' });
    expect(seen.bytes).toBe(200_000 + 10_000 + 500 + 13 + 19);
    expect(seen.heaviest.slice(0, 3)).toEqual([
      { path: 'data/', bytes: 200_000, files: 20 },
      { path: '.git/', bytes: 10_000, files: 5 },
      { path: 'src/main.py', bytes: 500, files: 1 },
    ]);
    expect(seen.skipped.map((entry) => entry.path)).toEqual(['out']);
    expect(seen.problem).toBeUndefined();
  });

  it.each([
    ['no rules', {}, undefined],
    ['rules that leave nothing of the build’s own out', {}, 'x.tmp\n'],
    ['rules that leave the Dockerfile and themselves out', {}, 'Dockerfile\n.dockerignore\n'],
    ['rules that leave all out but one', {}, '*\n!a\n'],
    ['a Dockerfile in a folder left out', { dockerfile: 'docker/Main' }, 'docker\n'],
    ['a Dockerfile outside the context', { context: 'sub', dockerfile: '../Dockerfile' }, undefined],
    ['one in the compose file', { dockerfileInline: INLINE }, 'x.tmp\n'],
  ])('tells the sizes that the build itself tells: %s', async (_, change, ignoring) => {
    context.put('a', Buffer.alloc(500));
    context.put('x.tmp', Buffer.alloc(70));
    context.put('docker/Main', 'FROM scratch\n');
    context.put('sub/b', Buffer.alloc(30));
    if (ignoring !== undefined) context.put('.dockerignore', ignoring);
    const pool = new ContextPool();
    const files = await locateDockerfile(context.root, build(change));
    const opened = await pool.open(files, { limits: DEFAULT_CONTEXT_LIMITS });
    opened.dispose();
    const { files: count, bytes } = await preview(change);
    expect({ count, bytes }).toEqual({ count: opened.files, bytes: opened.bytes });
  });

  it('says what is wrong beside what it found', async () => {
    context.put('a', Buffer.alloc(1000));
    expect(await preview({}, { files: 1, bytes: 1024 ** 3 })).toMatchObject({
      files: 2,
      heaviest: [{ path: 'a' }],
      problem: { code: 'too-large', message: expect.stringContaining('more than 1 files') as string },
    });
    expect(await preview({ dockerfile: 'Other' })).toMatchObject({
      files: 2,
      problem: { code: 'build-failed', message: 'There is no Dockerfile at `Other`.' },
    });
    expect(await preview({ context: 'nowhere' })).toMatchObject({
      files: 0,
      problem: { message: 'The build context `nowhere` does not exist.' },
    });
    expect(await preview({ dockerfileInline: { ...INLINE, text: '# nothing\n' } })).toMatchObject({
      files: 2,
      problem: {
        message: 'The text of `dockerfile_inline` holds only comments, no instruction.',
        detail: { file: 'compose.yaml', line: 5 },
      },
    });
    context.put('.dockerignore', 'a\n[\n');
    expect((await preview()).problem).toMatchObject({
      message: '.dockerignore:2: the pattern `[` is not valid.',
      detail: { file: '.dockerignore', line: 2 },
    });
  });

  it('names the ignore file that belongs to the Dockerfile, before the other', async () => {
    context.put('a');
    context.put('b');
    context.put('.dockerignore', 'a\n');
    context.put('Dockerfile.dockerignore', 'b\n*.dockerignore\n');
    const seen = await preview();
    expect(seen.ignoreFile).toBe('Dockerfile.dockerignore');
    expect(seen.files).toBe(2);
  });

  it('does not fail for a folder that nobody may read, if it is ignored', async () => {
    mkdirSync(join(context.root, 'closed'));
    chmodSync(join(context.root, 'closed'), 0);
    chmodSync(context.root, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect((await preview()).problem?.message).toBe(
        'The folder `closed` of the build context cannot be read: permission denied.',
      );
      if (isRoot) process.seteuid?.(0);
      context.put('.dockerignore', 'closed\n!x*\n');
      if (isRoot) process.seteuid?.(65_534);
      expect((await preview()).problem).toBeUndefined();
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(context.root, 'closed'), 0o755);
    }
  });

  it('stops when it is cancelled', async () => {
    for (let at = 0; at < 2_000; at += 1) context.put(`d/${at}`);
    const abort = new AbortController();
    const asked = previewContext(
      new ContextPool(),
      context.root,
      build(),
      DEFAULT_CONTEXT_LIMITS,
      abort.signal,
    );
    setTimeout(() => abort.abort(), 5);
    await expect(asked).rejects.toThrow(/abort/i);
  });
});

describe('ignorePath', () => {
  it.each([
    'data/',
    'a*b',
    'a?b',
    '[x]',
    'back\\slash',
    '#hash',
    '!bang',
    ' lead',
    'trail ',
    'c++',
    'a^b',
    'new\nline',
    'x|y (1){2}$',
    'π',
    '\u00a0odd',
    'deep/ in/*',
    '**',
    '-rf',
    'constructor',
    '.git/',
  ])('takes out %j and nothing beside it, until it is undone', async (path) => {
    const file = path.endsWith('/') ? `${path}inside` : path;
    context.put(file);
    context.put('other');
    context.put('deep/in');
    context.put('axb');
    await ignore(path);
    const tree = await preview();
    expect(tree.files).toBe(5);
    expect(tree.ignoredFiles).toBe(1);
    const once = rules();
    await ignore(path);
    expect(rules()).toBe(once);
    await ignore(path, { undo: true });
    expect(rules()).toBe('');
    expect((await preview()).files).toBe(6);
  });

  it.each([
    ['a\nb\n', 'a\nb\ndata\n', 'a\nb\n'],
    ['a\nb', 'a\nb\ndata', 'a\nb'],
    ['a\r\nb\r\n', 'a\r\nb\r\ndata\r\n', 'a\r\nb\r\n'],
    ['a\r\nb', 'a\r\nb\r\ndata', 'a\r\nb'],
    ['\uFEFFa\n', '\uFEFFa\ndata\n', '\uFEFFa\n'],
    ['# mine\n\n', '# mine\n\ndata\n', '# mine\n\n'],
    ['data\n!data\n', 'data\n!data\ndata\n', 'data\n!data\n'],
  ])('keeps what is in the file: %j', async (before, after, undone) => {
    context.put('.dockerignore', before);
    chmodSync(join(context.root, '.dockerignore'), 0o640);
    await ignore('data');
    expect(rules()).toBe(after);
    await ignore('data', { undo: true });
    expect(rules()).toBe(undone);
  });

  it('writes through a link inside the project, and leaves alone what is ignored already', async () => {
    context.put('rules.txt', '*.bin\n');
    symlinkSync('rules.txt', join(context.root, '.dockerignore'));
    await ignore('x.bin');
    await ignore('y.dat');
    expect(readFileSync(join(context.root, 'rules.txt'), 'utf8')).toBe('*.bin\ny.dat\n');
  });

  it('takes the file it made away with its only line, and no file that was there or has more in it', async () => {
    const undo = { undo: true, removeFile: true };
    expect(await ignore('data')).toEqual({ isNew: true });
    expect(await ignore('more')).toEqual({ isNew: false });
    await ignore('data', undo);
    expect(rules()).toBe('more\n');
    await ignore('more', undo);
    expect(existsSync(join(context.root, '.dockerignore'))).toBe(false);
    context.put('.dockerignore', '');
    expect(await ignore('data')).toEqual({ isNew: false });
    await ignore('data', { undo: true });
    expect(rules()).toBe('');
    context.put('rules.txt', 'data\n');
    rmSync(join(context.root, '.dockerignore'));
    symlinkSync('rules.txt', join(context.root, '.dockerignore'));
    await ignore('data', undo);
    expect(readFileSync(join(context.root, 'rules.txt'), 'utf8')).toBe('');
  });

  it('writes to the ignore file in force', async () => {
    context.put('Dockerfile.dockerignore', 'a\n');
    await ignore('b');
    expect(readFileSync(join(context.root, 'Dockerfile.dockerignore'), 'utf8')).toBe('a\nb\n');
    expect(() => rules()).toThrow();
  });

  it.each(['', '/', '../x', 'a/../b', './a', 'a//b', '/etc', 'a\0b'])('refuses the path %j', async (path) => {
    await expect(ignore(path)).rejects.toThrow(FlotillaError);
    expect(() => rules()).toThrow();
  });

  it('refuses to touch a file it cannot keep whole', async () => {
    writeFileSync(join(context.root, '.dockerignore'), Buffer.from([0x61, 0xff, 0x0a]));
    await expect(ignore('b')).rejects.toThrow('is not UTF-8 text; it was left as it is');
    context.put('.dockerignore', '[\n');
    await expect(ignore('b')).rejects.toThrow('.dockerignore:1: the pattern `[` is not valid.');
    expect(rules()).toBe('[\n');
  });
});
