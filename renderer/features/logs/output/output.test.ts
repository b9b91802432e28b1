import { describe, expect, it } from 'vitest';
import { FakeLog, fakeRow } from '../testing/FakeLog.ts';
import { settle } from '../testing/FakeClock.ts';
import { LogViewClient } from '../view/LogViewClient.ts';
import { exportLog, exportName } from './exportLog.ts';
import { MOST_COPIED_ROWS, readRows } from './readRows.ts';
import { rowsText } from './rowsText.ts';

const viewOf = async (log: FakeLog) => {
  const view = new LogViewClient(log.client, { appId: 'a', query: {} });
  view.open();
  await settle();
  return view;
};

describe('readRows', () => {
  it('reads far beyond what a window holds, in order, each row once', async () => {
    const log = new FakeLog(Array.from({ length: 9000 }, (_, at) => fakeRow(at, `line ${at}`)));
    const rows = await readRows(await viewOf(log), { from: 50, to: 7049 });
    expect(rows).toHaveLength(7000);
    expect(rows.every((row, at) => row.text === `line ${at + 50}`)).toBe(true);
  });

  it('ends at the limit, at the end of the log, and when it is told to', async () => {
    const log = new FakeLog();
    log.rows = { length: 12_000_000, at: (row) => fakeRow(row, `line ${row}`) };
    const view = await viewOf(log);
    const told: number[] = [];
    const rows = await readRows(
      view,
      { from: 1000, to: 11_999_999 },
      { onProgress: (done) => told.push(done) },
    );
    expect(rows).toHaveLength(MOST_COPIED_ROWS);
    expect(told[told.length - 1]).toBe(MOST_COPIED_ROWS);
    log.rows = Array.from({ length: 10 }, (_, at) => fakeRow(at, 'x'));
    expect(await readRows(view, { from: 5, to: 100 })).toHaveLength(5);
    const controller = new AbortController();
    controller.abort();
    await expect(readRows(view, { from: 0, to: 9 }, { signal: controller.signal })).rejects.toThrow();
  });
});

describe('rowsText', () => {
  it('puts the worker in front and leaves colours and controls out', () => {
    expect(
      rowsText([
        fakeRow(0, '\u001b[31mred\u001b[0m\u0007', { worker: 'w-1' }),
        fakeRow(1, 'started', { worker: 'w-2', kind: 'notice' }),
      ]),
    ).toBe('w-1  red\n— w-2 started');
  });
});

describe('exportLog', () => {
  const log = new FakeLog(Array.from({ length: 2500 }, (_, at) => fakeRow(at, `line ${at}`)));

  it('joins the pieces in order and tells how far it is', async () => {
    const told: number[] = [];
    const content = await exportLog(
      log.client,
      { appId: 'a', query: { workers: ['worker-1'] }, format: 'text' },
      { onProgress: (done) => told.push(done), signal: new AbortController().signal },
    );
    const lines = (await content.text()).trimEnd().split('\n');
    expect([lines.length, lines[0], lines[1249]]).toEqual([
      1250,
      'worker-1 | line 0',
      'worker-1 | line 2498',
    ]);
    expect(told).toEqual([1000, 1250]);
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const made = exportLog(
      log.client,
      { appId: 'a', query: {}, format: 'jsonl' },
      { onProgress: () => controller.abort(), signal: controller.signal },
    );
    await expect(made).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('names the file so that every system takes it', () => {
    const now = new Date(Date.UTC(2026, 2, 1, 14, 3, 59));
    expect(exportName('../a b:c\u202e', 'text', now)).toBe('a-b-c-2026-03-01-140359.log');
    expect(exportName('', 'jsonl', now)).toBe('log-2026-03-01-140359.jsonl');
  });
});
