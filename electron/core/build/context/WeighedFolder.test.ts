import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeighedFolder } from './WeighedFolder.ts';

function weigh(files: Record<string, number>): WeighedFolder {
  const folder = new WeighedFolder();
  for (const [path, bytes] of Object.entries(files)) folder.add(path, bytes);
  return folder;
}

const paths = (folder: WeighedFolder, count = 10): string[] =>
  folder.heaviest(count).map((item) => item.path);

const many = (folder: string, count: number, bytes: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/f${at}`, bytes]));

describe('WeighedFolder', () => {
  it('lets a folder stand for its thousand files', () => {
    expect(paths(weigh({ ...many('data', 1000, 9), ...many('docs', 50, 2), 'a.py': 1 }))).toEqual([
      'data/',
      'docs/',
      'a.py',
    ]);
  });

  it('names the child that is most of its folder', () => {
    expect(paths(weigh({ 'x/y/big.bin': 1000, 'x/y/small': 10, 'x/z': 5, a: 20 }))).toEqual([
      'x/y/big.bin',
      'a',
      'x/y/small',
      'x/z',
    ]);
  });

  it('looks into the folder that is most of everything, but not into one that is one thing', () => {
    const inside = { ...many('app/data', 20, 50), ...many('app/code', 20, 10) };
    expect(paths(weigh(inside))).toEqual(['app/data/', 'app/code/']);
    expect(paths(weigh({ ...many('.git/objects', 20, 50), ...many('src', 20, 1) }))).toEqual([
      '.git/',
      'src/',
    ]);
    expect(paths(weigh({ ...many('lib/node_modules/x', 20, 50), 'lib/a': 1 }))).toEqual([
      'lib/node_modules/',
      'lib/a',
    ]);
  });

  it('never lists both a folder and what is in it, nor more than all there is', () => {
    const name = fc.constantFrom('a', 'b', 'data', 'c');
    const file = fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(file, { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (files, count) => {
        const folder = new WeighedFolder();
        // As on a disk: what is a folder is no file.
        for (const [parts, bytes] of files) folder.add(`${parts.join('/')}.f`, bytes);
        const listed = folder.heaviest(count);
        expect(listed.length).toBeLessThanOrEqual(count);
        expect(listed.reduce((sum, item) => sum + item.bytes, 0)).toBeLessThanOrEqual(folder.bytes);
        const sorted = [...listed].sort((one, other) => other.bytes - one.bytes);
        expect(listed.map((item) => item.bytes)).toEqual(sorted.map((item) => item.bytes));
        for (const one of listed)
          for (const other of listed)
            if (one !== other) expect(other.path.startsWith(one.path) && one.path.endsWith('/')).toBe(false);
      }),
    );
  });
});
