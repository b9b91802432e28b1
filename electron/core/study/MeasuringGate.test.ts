import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';
import { MeasuringGate } from './MeasuringGate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-gate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is closed while times are taken here, also when that fails, and tells both', async () => {
  const gate = new MeasuringGate(folder);
  const heard: boolean[] = [];
  const listening = gate.onChange(() => heard.push(gate.isClosed));
  await gate.during(() => gate.during(async () => expect(gate.isClosed).toBe(true)));
  await expect(gate.during(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(heard).toEqual([true, true, true, false, true, false]);
  await listening.dispose();
  await gate.during(async () => undefined);
  expect(heard).toHaveLength(6);
});

it('is closed while another process that lives has a study', () => {
  const gate = new MeasuringGate(folder);
  expect(gate.isClosed).toBe(false);
  const own = SpoolLock.take(folder);
  // Between two runs of our own study.
  expect(gate.isClosed).toBe(false);
  own?.release();
  const lock = (pid: number) => writeFileSync(join(folder, 'lock'), JSON.stringify({ pid }));
  lock(process.ppid);
  expect(gate.isClosed).toBe(true);
  lock(2 ** 22 + 1);
  expect(gate.isClosed).toBe(false);
});
