import { beforeEach, describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { FakeClock, settle } from '../testing/FakeClock.ts';
import { FAKE_START_MS, FakeLog, fakeRow } from '../testing/FakeLog.ts';
import { LogViewClient } from './LogViewClient.ts';
import { FOLLOW_MS } from './FollowPace.ts';
import { LogWindow } from './LogWindow.ts';
import { RESTS_AFTER_MS } from './ReaderMotion.ts';
import { PREFETCH_ROWS } from './rowsRequest.ts';

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
});

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => fakeRow(from + at, `line ${from + at}`));
/** Epoch µs of a row of `many`. */
const us = (line: number) => (FAKE_START_MS + line) * 1000;

const open = async (log: FakeLog, query: LogQuery = {}) => {
  const view = new LogViewClient(log.client, { appId: 'a', query, clock });
  const rows = new LogWindow(view);
  view.open();
  await settle();
  return { view, rows };
};
const texts = (rows: LogWindow) => rows.rows.map((row) => row.text);
const lastText = (rows: LogWindow) => texts(rows)[rows.rows.length - 1];

describe('LogWindow', () => {
  it('follows the end, fetching at most once per FOLLOW_MS however many states come', async () => {
    const log = new FakeLog(many(1000));
    const { rows } = await open(log);
    expect(rows.following).toBe(true);
    expect(lastText(rows)).toBe('line 999');
    clock.advance(FOLLOW_MS);
    const before = log.asked('logs.rows').length;
    for (let round = 0; round < 50; round += 1) {
      log.append(...many(10, 1000 + round * 10));
      log.tell(us(1000 + round * 10));
      await settle();
      clock.advance(4);
    }
    // 200 ms: one at once, one after 125 ms and at most one more.
    expect(log.asked('logs.rows').length - before).toBeLessThanOrEqual(3);
    clock.advance(FOLLOW_MS);
    await settle();
    expect(lastText(rows)).toBe('line 1499');
    expect(rows.rows.length).toBeLessThan(200);
  });

  it('fetches less often while it takes long until rows are on screen', async () => {
    const log = new FakeLog(many(1000));
    await open(log);
    clock.advance(100);
    for (const painted of clock.painted.splice(0)) painted();
    clock.advance(FOLLOW_MS);
    const before = log.asked('logs.rows').length;
    const come = async (line: number) => {
      log.append(...many(10, line));
      log.tell(us(line));
      await settle();
      return log.asked('logs.rows').length - before;
    };
    expect(await come(1000)).toBe(0);
    clock.advance(500 - 2 * FOLLOW_MS);
    expect(await come(1010)).toBe(0);
    clock.advance(FOLLOW_MS);
    await settle();
    expect(log.asked('logs.rows').length - before).toBe(1);
    for (const painted of clock.painted.splice(0)) painted();
    clock.advance(FOLLOW_MS);
    expect(await come(1020)).toBe(2);
  });

  it('stands still while lines come, counts them, and refetches only what touches its rows', async () => {
    const log = new FakeLog(many(5000));
    const { rows } = await open(log);
    rows.stand({ row: 2000, offset: 7 });
    await settle();
    expect(rows.rowAt(2000)?.text).toBe('line 2000');
    expect(rows.firstRow).toBe(2000 - PREFETCH_ROWS);
    const asked = log.asked('logs.rows').length;
    log.append(...many(300, 5000));
    log.tell(us(5000));
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked);
    expect([rows.missed, rows.place]).toEqual([300, { row: 2000, offset: 7 }]);
    clock.advance(RESTS_AFTER_MS);
    log.tell(us(2100));
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked + 1);
    rows.follow();
    await settle();
    expect([rows.missed, lastText(rows)]).toEqual([0, 'line 5299']);
  });

  it('asks for nothing while one scrolls but what is in sight, and catches up when one rests', async () => {
    const log = new FakeLog(many(5000));
    const { rows } = await open(log);
    rows.setVisibleRows(30);
    rows.stand({ row: 4900, offset: 0 });
    await settle();
    rows.stand({ row: 4890, offset: 0 });
    await settle();
    const asked = log.asked('logs.rows').length;
    const come = async (from: number, line: number) => {
      log.append(...many(100, from));
      log.tell(us(line));
      await settle();
      return log.asked('logs.rows').length - asked;
    };
    // Lines below, and out of order among those below: they can wait.
    expect(await come(5000, 4990)).toBe(0);
    clock.advance(RESTS_AFTER_MS - 1);
    rows.stand({ row: 4880, offset: 0 });
    expect(await come(5100, 4990)).toBe(0);
    clock.advance(1);
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked);
    // A line among those in sight cannot.
    expect(await come(5200, 4895)).toBe(1);
    log.tell(us(4990));
    clock.advance(RESTS_AFTER_MS);
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked + 2);
  });

  it('holds the row it stands on by its id while earlier rows come in', async () => {
    const log = new FakeLog(many(3000));
    const { rows } = await open(log);
    rows.stand({ row: 1500, offset: 3 });
    await settle();
    rows.cursor.set(1502);
    log.array.splice(
      100,
      0,
      ...Array.from({ length: 40 }, (_, at) => fakeRow(9000 + at, 'late', { atMs: 99.5 })),
    );
    log.tell(us(99));
    await settle();
    expect(rows.place).toEqual({ row: 1540, offset: 3 });
    expect(rows.rowAt(1540)?.text).toBe('line 1500');
    expect(rows.cursor.row).toBe(1542);
  });

  it('fetches more before the edge is reached, and only once it is near', async () => {
    const log = new FakeLog(many(5000));
    const { rows } = await open(log);
    rows.stand({ row: 2000, offset: 0 });
    await settle();
    const asked = log.asked('logs.rows').length;
    rows.stand({ row: 2050, offset: 0 });
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked);
    rows.stand({ row: 2170, offset: 0 });
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked + 1);
    expect(rows.rowAt(2170 + PREFETCH_ROWS)?.text).toBe(`line ${2170 + PREFETCH_ROWS}`);
  });

  it('has one request under way, and then asks for the newest wish only', async () => {
    const log = new FakeLog(many(50_000));
    const { rows } = await open(log);
    log.held = true;
    const asked = log.asked('logs.rows').length;
    for (let row = 1000; row <= 40_000; row += 1000) {
      rows.stand({ row, offset: 0 });
      await settle();
    }
    expect(log.asked('logs.rows')).toHaveLength(asked + 1);
    log.held = false;
    log.release();
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked + 2);
    expect(rows.rowAt(40_000)?.text).toBe('line 40000');
  });

  it('comes back to the same row by its id after a loss', async () => {
    const log = new FakeLog(many(3000));
    const { rows, view } = await open(log);
    rows.stand({ row: 1500, offset: 5 });
    await settle();
    log.end(new FlotillaError('disconnected', 'gone'));
    expect(view.status).toBe('lost');
    expect(rows.rowAt(1500)?.text).toBe('line 1500');
    // Meanwhile old lines were dropped.
    log.array.splice(0, 200);
    clock.advance(500);
    await settle();
    expect(log.opened).toBe(2);
    expect(rows.place).toEqual({ row: 1300, offset: 5 });
    expect(rows.rowAt(1300)?.text).toBe('line 1500');
  });

  it('stays near its row when the lines are filtered, also while they are still being found', async () => {
    const log = new FakeLog(many(3000));
    const { rows, view } = await open(log);
    rows.stand({ row: 2000, offset: 0 });
    await settle();
    log.scanLimit = 500;
    view.setQuery({ include: [{ text: '0 ' }, { text: 'line', matchCase: true }].slice(1) });
    await settle();
    expect(rows.total).toBe(500);
    log.scanLimit = Number.POSITIVE_INFINITY;
    log.tell(0);
    await settle();
    expect(rows.rowAt(rows.place.row)?.text).toBe('line 2000');
  });

  it('fetches nothing while the document is hidden, and catches up when it is seen', async () => {
    const log = new FakeLog(many(100));
    const { rows } = await open(log);
    clock.advance(1000);
    clock.hidden = true;
    const asked = log.asked('logs.rows').length;
    log.append(...many(100, 100));
    log.tell(us(100));
    await settle();
    expect(log.asked('logs.rows')).toHaveLength(asked);
    clock.hidden = false;
    rows.visibilityChanged();
    await settle();
    expect(lastText(rows)).toBe('line 199');
  });

  it('freezes while paused, counts what comes, and loses nothing', async () => {
    const log = new FakeLog(many(100));
    const { rows } = await open(log);
    clock.advance(1000);
    rows.setPaused(true);
    log.append(...many(50, 100));
    log.tell(us(100));
    await settle();
    expect([lastText(rows), rows.missed]).toEqual(['line 99', 50]);
    rows.setPaused(false);
    clock.advance(1000);
    await settle();
    expect([lastText(rows), rows.missed]).toEqual(['line 149', 0]);
  });

  it('keeps the objects of rows that are as before, so that they are not drawn again', async () => {
    const log = new FakeLog(many(100));
    const { rows } = await open(log);
    clock.advance(1000);
    const before = rows.rows[rows.rows.length - 1];
    log.append(fakeRow(100, 'next'));
    log.tell(us(100));
    await settle();
    expect(rows.rows[rows.rows.length - 2]).toBe(before);
  });

  it('reveals a row by id and by time, with what stands around it', async () => {
    const log = new FakeLog(many(5000));
    const { rows } = await open(log);
    rows.setVisibleRows(20);
    rows.reveal({ kind: 'id', id: fakeRow(3000, '').id });
    await settle();
    expect(rows.place.row).toBe(2990);
    expect(rows.cursor.row).toBe(3000);
    rows.reveal({ kind: 'time', timeMs: FAKE_START_MS + 100 }, 'top');
    await settle();
    expect(rows.rowAt(rows.place.row)?.text).toBe('line 100');
  });
});

describe('LogViewClient', () => {
  it('opens again after a loss with growing delays, and not after what will not change', async () => {
    const log = new FakeLog(many(10));
    const { view } = await open(log);
    log.end(new FlotillaError('engine-unavailable', 'gone'));
    expect(clock.waiting).toEqual([500]);
    clock.advance(500);
    log.end(new FlotillaError('disconnected', 'gone'));
    expect(clock.waiting).toEqual([1000]);
    clock.advance(1000);
    await settle();
    expect(view.status).toBe('open');
    log.end(new FlotillaError('timeout', 'The expression takes too long.'));
    expect([view.status, view.error?.message, clock.waiting]).toEqual([
      'refused',
      'The expression takes too long.',
      [],
    ]);
    view.retry();
    await settle();
    expect(view.status).toBe('open');
  });

  it('closes the stream of a query it has left, and keeps its state until the next one comes', async () => {
    const log = new FakeLog(many(10));
    const { view } = await open(log);
    view.setQuery({ workers: ['worker-1'] });
    expect([log.views.size, view.stale, view.state?.total]).toEqual([1, true, 10]);
    await settle();
    expect([view.stale, view.state?.total]).toEqual([false, 5]);
    view.setQuery({ workers: ['worker-1'] });
    expect(log.opened).toBe(2);
    view.close();
    expect(log.views.size).toBe(0);
  });
});
