import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTable } from './sweepFiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-table-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a table is read by its path, or by its name in the project’s folder', async () => {
  writeFileSync(join(folder, 'params.csv'), 'a\n1\n');
  mkdirSync(join(folder, 'sub'));
  expect(await readTable(join(folder, 'params.csv'), '/')).toBe('a\n1\n');
  expect(await readTable('params.csv', folder)).toBe('a\n1\n');
  await expect(readTable('none.csv', folder)).rejects.toThrow(
    'There is no none.csv, neither here nor in the project’s folder.',
  );
  const away = join(folder, 'none.csv');
  await expect(readTable(away, folder)).rejects.toThrow(new RegExp(`^There is no ${away}\\.$`));
  await expect(readTable('sub', folder)).rejects.toThrow('sub is a folder, not a table.');
});
