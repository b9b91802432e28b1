import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countJobs, jobsOf } from '#shared/sweep/sweepJobs.ts';
import { failedAttempt, testAttempt, testSweep } from '#shared/sweep/testSweep.ts';
import { SweepStore } from './SweepStore.ts';

let root: string;
let store: SweepStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotilla-sweeps-'));
  store = new SweepStore(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('sweeps on the disk', () => {
  const plan = testSweep({ command: ['x'], timeoutMs: 5_000, name: 'n' });

  it('are what was written, wherever the last line breaks off, and can be written on', async () => {
    await store.create(plan);
    await store.append(plan, { attempt: failedAttempt(0) });
    await store.append(plan, { again: [0] });
    await store.append(plan, { attempt: testAttempt(1) });
    const whole = await store.find('a1b');
    expect(whole).toEqual({
      plan,
      entries: [{ attempt: failedAttempt(0) }, { again: [0] }, { attempt: testAttempt(1) }],
    });
    const path = join(store.folderOf(plan), 'sweep.jsonl');
    const size = readFileSync(path).length;
    for (const cut of [1, 2, 40]) {
      truncateSync(path, size - cut);
      expect((await store.find(plan.id)).entries).toEqual(whole.entries.slice(0, 2));
    }
    await store.reopen(plan);
    await store.append(plan, { attempt: testAttempt(2) });
    expect((await store.find(plan.id)).entries).toEqual([
      ...whole.entries.slice(0, 2),
      { attempt: testAttempt(2) },
    ]);
  });

  it('are found by the first characters of their ids, and listed newest first', async () => {
    await store.create(plan);
    await store.create(testSweep({ id: 'a1ffff', createdAt: plan.createdAt + 1 }));
    expect((await store.list('app')).map((record) => record.plan.id)).toEqual(['a1ffff', 'a1b2c3']);
    await expect(store.find('a1')).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.find('b')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.find('')).rejects.toMatchObject({ code: 'not-found' });
    expect(() => store.folderOf({ ...plan, appId: '../x' })).toThrow('not on the list');
  });

  it('keep the log of each try until they are removed', async () => {
    await store.create(plan);
    await store.writeLog(plan, { job: 0, number: 2 }, ['a', '', 'b']);
    expect(await store.readLog(plan, { job: 0, number: 2 })).toEqual(['a', '', 'b']);
    expect(await store.readLog(plan, { job: 0, number: 1 })).toEqual([]);
    await store.remove(plan);
    expect(readdirSync(join(root, 'app'))).toEqual([]);
  });

  it('of thousands of jobs are read quickly enough to be listed', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => [String(at), '1']);
    const large = testSweep({ rows });
    await store.create(large);
    const jobs = jobsOf(await store.find(large.id));
    expect(countJobs(jobs)).toMatchObject({ waiting: 10_000 });
  });
});
