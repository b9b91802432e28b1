import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removePartials } from './removePartials.ts';
import { writeBeside } from './writeBeside.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flotilla-partials-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const age = (name: string, minutes: number): void => {
  const time = new Date(Date.now() - minutes * 60_000);
  utimesSync(join(folder, name), time, time);
};

it('removes what a writer left that was killed, and nothing else', async () => {
  const target = join(folder, 'projects.json');
  const written = async (): Promise<string> =>
    (await writeBeside(target, '{}', { mode: 0o600 })).slice(folder.length + 1);
  const writer = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(writer, 'spawn');
  const own = await written();
  const left = own.replace(`.${process.pid}-`, `.${writer.pid ?? 0}-`);
  renameSync(join(folder, own), join(folder, left));
  age(left, 10);
  // It lives, however long it takes.
  await removePartials(folder);
  expect(readdirSync(folder)).toEqual([left]);
  writer.kill('SIGKILL');
  await once(writer, 'close');

  const mine = await written();
  age(mine, 10);
  const kept = ['projects.json', 'notes.tmp', '.notes.tmp', '.a.b.tmp'];
  for (const name of kept) {
    writeFileSync(join(folder, name), '');
    age(name, 10);
  }
  mkdirSync(join(folder, '.folder.abcdefabcdef.tmp'));
  const [earlier, fresh] = ['.projects.json.0123456789ab.tmp', left.replace(/-[0-9a-f]/, '-f')];
  for (const name of [earlier, fresh]) writeFileSync(join(folder, name), '');
  age(earlier, 10);

  await removePartials(folder);
  expect(readdirSync(folder).sort()).toEqual([...kept, '.folder.abcdefabcdef.tmp', mine, fresh].sort());
  age(fresh, 10);
  await removePartials(folder);
  expect(readdirSync(folder)).not.toContain(fresh);
  await removePartials(join(folder, 'not there'));
});
