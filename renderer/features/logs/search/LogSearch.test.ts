import { beforeEach, describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import { FakeClock, settle } from '../testing/FakeClock.ts';
import { FakeLog, fakeRow } from '../testing/FakeLog.ts';
import { LogSearch } from './LogSearch.ts';

let log: FakeLog;
let search: LogSearch;
beforeEach(() => {
  log = new FakeLog(
    Array.from({ length: 1000 }, (_, at) => fakeRow(at, at % 10 === 0 ? `pi ${at}` : 'other')),
  );
  search = new LogSearch(log.client, 'a', new FakeClock());
});
const start = async (term = { text: 'pi' }) => {
  search.set(term, {});
  await settle();
};
const end = { kind: 'end' } as const;

describe('LogSearch', () => {
  it('counts, takes the nearest, and steps in both directions around the ends', async () => {
    await start();
    expect([search.count, search.number, search.scanned]).toEqual([100, 0, 1]);
    expect((await search.nearest(end))?.id).toBe(fakeRow(990, '').id);
    expect(search.number).toBe(100);
    expect((await search.step(1, end))?.id).toBe(fakeRow(0, '').id);
    expect(search.number).toBe(1);
    await search.step(-1, end);
    await search.step(-1, end);
    expect([search.number, search.currentId]).toEqual([99, fakeRow(980, '').id]);
  });

  it('grows while the log is looked through', async () => {
    log.scanLimit = 250;
    await start();
    expect([search.count, search.scanned]).toEqual([25, 0.25]);
    log.scanLimit = 1000;
    log.tell(0);
    expect([search.count, search.scanned]).toEqual([100, 1]);
  });

  it('keeps what was found when it is stopped, and steps through that', async () => {
    log.scanLimit = 100;
    await start();
    await search.nearest({ kind: 'row', row: 0 });
    await search.stop();
    expect(log.asked('logs.stopScan')).toHaveLength(1);
    expect([log.views.size, search.count, search.stopped, search.scanned]).toEqual([1, 10, true, 1]);
    log.scanLimit = 1000;
    log.tell(0);
    expect([search.count, search.stopped]).toEqual([10, true]);
    expect((await search.step(-1, end))?.id).toBe(fakeRow(90, '').id);
    expect((await search.step(1, end))?.id).toBe(fakeRow(0, '').id);
    await start({ text: 'other' });
    expect(search.stopped).toBe(false);
  });

  it('tells of an expression that takes too long, and marks an expression only once it is known to end', async () => {
    search.set({ text: '(a+)+', regex: true }, {});
    expect(search.markTerm).toBeNull();
    await settle();
    expect(search.markTerm).not.toBeNull();
    log.end(new FlotillaError('timeout', 'Too slow.'));
    expect([search.problem, search.markTerm]).toEqual(['Too slow.', null]);
    search.set(null, {});
    expect([search.problem, search.count, search.term]).toEqual([null, 0, null]);
  });
});
