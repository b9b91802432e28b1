import { chmodSync, lstatSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { changedSince } from './changedSince.ts';
import { ContextPool } from './ContextPool.ts';
import { TestContext } from './testContext.ts';

let context: TestContext;
let sinceMs = 0;
const build: BuildModel = { context: '.', dockerfile: 'Dockerfile', args: {} };
const at = (path: string): string => join(context.root, path);

beforeEach(async () => {
  context = new TestContext();
  context.put('Dockerfile', 'FROM scratch\nCOPY src data /\n');
  for (const path of ['src/a.py', 'src/b.py', 'src/notes.tmp', 'data/x.csv', 'README', 'out/y'])
    context.put(path, 'before');
  context.put('.dockerignore', '*.tmp\n**/*.tmp\n');
  sinceMs = await later();
});
afterEach(() => context.remove());

/** A moment after which every change is later, by the clock that files are stamped with. */
async function later(): Promise<number> {
  const now = lstatSync(context.root).ctimeMs;
  for (;;) {
    writeFileSync(at('out/clock'), '');
    const { ctimeMs } = lstatSync(at('out/clock'));
    if (ctimeMs > now + 20) return ctimeMs;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const changed = async (hidden: string[] = [], byTheWay: string[] = [], covered: string[] = []) => {
  const found = await changedSince(new ContextPool(), context.root, build, {
    sinceMs,
    hidden,
    covered,
    byTheWay,
  });
  return found && { files: found.files, newest: found.newest.map(({ path }) => path) };
};

it('finds what changed of what the build copies, the last first', async () => {
  await pause();
  context.put('README', 'after');
  context.put('out/y', 'after');
  context.put('src/notes.tmp', 'after');
  expect(await changed()).toEqual({ files: 0, newest: [] });
  context.put('src/a.py', 'after');
  await pause();
  context.put('src/new.py', 'new');
  await pause();
  chmodSync(at('src/b.py'), 0o755);
  await pause();
  context.put('data/x.csv', 'after');
  expect(await changed()).toEqual({ files: 4, newest: ['data/x.csv', 'src/b.py', 'src/new.py'] });
  expect(await changed(['data', 'src/b.py', 'src/new'])).toEqual({
    files: 2,
    newest: ['src/new.py', 'src/a.py'],
  });
});

it('is not deceived by times that are set back, nor by a file that takes the place of another', async () => {
  await pause();
  context.put('src/a.py', 'after');
  utimesSync(at('src/a.py'), 1, 1);
  await pause();
  renameSync(at('README'), at('src/b.py'));
  expect(await changed()).toEqual({ files: 2, newest: ['src/b.py', 'src/a.py'] });
});

it('counts the Dockerfile, also one that is left out of the context', async () => {
  await pause();
  context.put('Dockerfile', 'FROM scratch\nCOPY src /\n');
  expect(await changed()).toEqual({ files: 1, newest: ['Dockerfile'] });
  context.put('.dockerignore', 'Dockerfile\n');
  expect(await changed()).toEqual({ files: 1, newest: ['Dockerfile'] });
});

it('says nothing where a build could not begin, and stops when told', async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(
    changedSince(
      new ContextPool(),
      context.root,
      build,
      { sinceMs, hidden: [], covered: [], byTheWay: [] },
      stopped,
    ),
  ).rejects.toThrow('enough');
  rmSync(at('Dockerfile'));
  expect(await changed()).toBeUndefined();
});

it('counts what is there by the way only where a step names it', async () => {
  await pause();
  context.put('src/a.py', 'after');
  context.put('out/y', 'after');
  expect(await changed([], ['src', 'out'])).toEqual({ files: 1, newest: ['src/a.py'] });
  expect(await changed(['src'], ['out'])).toEqual({ files: 0, newest: [] });
  context.put('Dockerfile', 'FROM scratch\nCOPY . /\n');
  expect(await changed([], ['src', 'out'])).toEqual({ files: 1, newest: ['Dockerfile'] });
  context.put('Dockerfile', 'FROM scratch\nCOPY . /\nCOPY src/a.py /\n');
  expect(await changed([], ['src', 'out'])).toEqual({ files: 2, newest: ['Dockerfile', 'src/a.py'] });
});

it('counts the Dockerfile alone where containers see all that is copied', async () => {
  await pause();
  context.put('src/a.py', 'after');
  expect(await changed([], [], ['/other'])).toEqual({ files: 1, newest: ['src/a.py'] });
  expect(await changed([], [], ['/other', '/'])).toEqual({ files: 0, newest: [] });
  await pause();
  context.put('Dockerfile', 'FROM scratch\nCOPY src data /app/\n');
  expect(await changed([], [], ['/app'])).toEqual({ files: 1, newest: ['Dockerfile'] });
});
