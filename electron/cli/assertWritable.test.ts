import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { build } from 'vite';
import { assertWritable } from './assertWritable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-writable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a device and a new file in a folder can be written, a folder cannot', async () => {
  await assertWritable({ a: '/dev/null', b: join(folder, 'new'), c: undefined });
  await expect(assertWritable({ a: folder })).rejects.toThrow('that is a folder');
  await expect(assertWritable({ a: join(folder, 'no', 'new') })).rejects.toThrow('there is no folder');
});

it('who is not root may write to what is there by its own rights, and to what is not by its folder’s', async () => {
  const [file, locked] = [join(folder, 'locked', 'own'), join(folder, 'kept')];
  mkdirSync(join(folder, 'locked'));
  for (const path of [file, locked]) writeFileSync(path, '');
  chmodSync(file, 0o666);
  chmodSync(locked, 0o444);
  chmodSync(join(folder, 'locked'), 0o555);
  chmodSync(folder, 0o777);
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: join(import.meta.dirname, 'assertWritable.ts'), outDir: folder, emptyOutDir: false },
  });
  const paths = ['/dev/null', file, locked, join(folder, 'new'), join(folder, 'locked', 'new')];
  const text = `const { assertWritable } = await import(${JSON.stringify(join(folder, 'assertWritable.js'))});
    for (const path of ${JSON.stringify(paths)})
      console.log(await assertWritable({ a: path }).then(() => 'yes', ({ message }) => message.replace(/^.*: /, '')));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    encoding: 'utf8',
    cwd: folder,
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  // For who clears it away.
  chmodSync(join(folder, 'locked'), 0o777);
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    'yes',
    'yes',
    'you may not write to that file.',
    'yes',
    `you may not write to ${join(folder, 'locked')}.`,
  ]);
});
