import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { END_OF_TAR_BYTES, tarHeader, type TarEntry } from './tarHeader.ts';

/** Lists with the system's tar, which shares no code with ours. */
function listing(headers: Buffer[]): string[] {
  return execFileSync(
    'tar',
    ['--numeric-owner', '--quoting-style=escape', '--full-time', '--utc', '-tvf', '-'],
    {
      input: Buffer.concat([...headers, Buffer.alloc(END_OF_TAR_BYTES)]),
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    },
  )
    .trimEnd()
    .split('\n');
}

const entry = (change: Partial<TarEntry>): TarEntry => ({
  path: 'f',
  kind: 'file',
  sizeBytes: 0,
  mode: 0o644,
  modifiedMs: 0,
  ...change,
});

describe('tarHeader', () => {
  it('is one block for what USTAR can say, and takes a PAX record for the rest', () => {
    expect(tarHeader(entry({ path: 'x'.repeat(100) }))).toHaveLength(512);
    for (const path of ['x'.repeat(101), 'π', 'new\nline'])
      expect(tarHeader(entry({ path })).length).toBeGreaterThan(512);
    // The slash of a folder counts.
    expect(tarHeader(entry({ kind: 'folder', path: 'x'.repeat(100) })).length).toBeGreaterThan(512);
    expect(tarHeader(entry({ sizeBytes: 8 ** 11 - 1 }))).toHaveLength(512);
    expect(tarHeader(entry({ sizeBytes: 8 ** 11 })).toString('latin1')).toContain('19 size=8589934592\n');
  });

  it('keeps kind, mode, time and link target, and nobody’s name', () => {
    expect(
      listing([
        tarHeader(entry({ path: 'run', mode: 0o104755, modifiedMs: 1_700_000_000_999 })),
        tarHeader(entry({ path: 'd', kind: 'folder', mode: 0o40700 })),
        tarHeader(entry({ path: 'l', kind: 'link', mode: 0o120777, linkTarget: 'to/π' })),
        tarHeader(entry({ path: 'old', modifiedMs: -5_000 })),
        tarHeader(entry({ path: 'future', modifiedMs: 9e15 })),
        tarHeader(entry({ path: 'odd', modifiedMs: Number.NaN })),
      ]).map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      '-rwsr-xr-x 0/0 0 2023-11-14 22:13:20 run',
      'drwx------ 0/0 0 1970-01-01 00:00:00 d/',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 l -> to/π',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00:00 old',
      '-rw-r--r-- 0/0 0 2038-01-19 03:14:07 future',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00:00 odd',
    ]);
  });

  it('counts the length of its records right at every length', () => {
    const paths = Array.from({ length: 1_000 }, (_, at) => `é${'x'.repeat(at)}`);
    const names = listing(paths.map((path) => tarHeader(entry({ path })))).map((line) =>
      line.slice(line.indexOf('é')),
    );
    expect(names).toEqual(paths);
  });

  it('is read back for whatever name and target', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
      .map((name) => name.replaceAll('\0', '_'))
      .filter((name) => Buffer.from(name).toString() === name && !name.endsWith('/'));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 40 }), (links) => {
        const read = listing(
          links.map(([path, linkTarget]) => tarHeader(entry({ path, kind: 'link', linkTarget }))),
        );
        expect(read).toHaveLength(links.length);
      }),
      { numRuns: 20 },
    );
  });
});
