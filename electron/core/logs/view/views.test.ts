import fc from 'fast-check';
import { openSync, closeSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { type TestLine, TestSpool } from '../testSpool.ts';
import { LogCursor } from './LogCursor.ts';

let spools: TestSpool[] = [];
afterEach(() => {
  for (const spool of spools) spool.dispose();
  spools = [];
});
const newSpool = (limit?: number) => {
  const spool = new TestSpool(limit);
  spools.push(spool);
  return spool;
};

const START = 1_795_507_200_000_000;

/** What a view must show: written without an index, by sorting everything. */
function expected(lines: readonly TestLine[], keep: (line: TestLine) => boolean): string[] {
  const counts = new Map<string, number>();
  const keys = new Map<string, number>();
  const workers = [...new Set(lines.map((line) => line.worker))];
  return lines
    .map((line) => {
      const number = counts.get(line.worker) ?? 0;
      counts.set(line.worker, number + 1);
      const before = keys.get(line.worker) ?? 0;
      const key = line.continues === true ? before : Math.max(before, line.micros);
      keys.set(line.worker, key);
      return { line, key, worker: workers.indexOf(line.worker), number };
    })
    .filter(({ line }) => keep(line))
    .sort((a, b) => a.key - b.key || a.worker - b.worker || a.number - b.number)
    .map(({ line, worker, number }) => `${worker + 1}:${number} ${line.text}`);
}

const shown = (rows: { id: string; text: string }[]) => rows.map((row) => `${row.id} ${row.text}`);

const lineArbitrary = fc.record({
  worker: fc.constantFrom('worker-1', 'worker-2', 'main-1'),
  micros: fc.nat({ max: 2_000 }).map((offset) => START + offset),
  text: fc.oneof(
    fc.constantFrom(
      'error: it broke',
      'er\u001b[31mror within a colour',
      'er\u009b0mror in eight bits',
      'loss=0.5 step=3',
      '{"rank":3,"msg":"hi"}',
      '',
      'Überlauf ERROR',
      'x'.repeat(400),
    ),
    fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\r\n\u001b\u009b]/g, '')),
  ),
  level: fc.constantFrom(...LOG_LEVELS),
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
  continues: fc.boolean(),
});

const plain = (line: TestLine) => line.text.replaceAll(/[\u001b]\[31m|\u009b0m/g, '');

const queries: [LogQuery, (line: TestLine) => boolean][] = [
  [{}, () => true],
  [{ workers: ['worker-2'] }, (line) => line.worker === 'worker-2'],
  [{ hiddenWorkers: ['worker-1'] }, (line) => line.worker !== 'worker-1'],
  [{ services: ['worker'] }, (line) => line.worker.startsWith('worker-')],
  [{ levels: ['error', 'fatal'] }, (line) => line.level === 'error' || line.level === 'fatal'],
  [{ stream: 'stderr' }, (line) => line.stream === 'stderr'],
  [{ include: [{ text: 'ERROR' }] }, (line) => /error/i.test(plain(line))],
  [{ include: [{ text: 'ERROR', matchCase: true }] }, (line) => line.text.includes('ERROR')],
  [{ include: [{ text: 'über' }] }, (line) => line.text.toLowerCase().includes('über')],
  [{ include: [{ text: '^x+$', regex: true }] }, (line) => /^x+$/i.test(line.text)],
  [{ exclude: [{ text: 'e' }] }, (line) => !/e/i.test(plain(line))],
  [{ fields: [{ field: 'loss', operator: '<', value: '1' }] }, (line) => line.text.startsWith('loss=')],
  [
    { fromMs: (START + 500) / 1000, toMs: (START + 1500) / 1000, foldTraces: true },
    () => true, // compared by its own rule below
  ],
];

describe('a view of several logs', () => {
  it('shows exactly the lines of its query in the order of time, from every place', () => {
    fc.assert(
      fc.property(
        fc.array(lineArbitrary, { maxLength: 400 }),
        fc.nat({ max: queries.length - 2 }),
        fc.array(fc.nat(), { minLength: 3, maxLength: 6 }),
        fc.nat({ max: 3 }),
        (lines, which, places, cuts) => {
          const spool = new TestSpool();
          try {
            const [query, keep] = queries[which] as (typeof queries)[number];
            const view = spool.view(query);
            // Lines come in several publications, so that blocks grow under the view.
            const size = Math.max(1, Math.ceil(lines.length / (cuts + 1)));
            for (let at = 0; at < lines.length; at += size) {
              spool.append(lines.slice(at, at + size));
              spool.publish();
              view.scan(Number.POSITIVE_INFINITY);
            }
            const all = expected(lines, keep);
            expect(view.rows.total).toBe(all.length);
            expect(shown(view.rows.rows(0, all.length + 5, 4096))).toEqual(all);
            for (const place of places) {
              if (all.length === 0) break;
              const row = place % all.length;
              expect(shown(view.rows.rows(row, 7, 4096))).toEqual(all.slice(row, row + 7));
              const id = (all[row] as string).split(' ')[0] as string;
              expect(view.rows.rowOf({ kind: 'id', id })).toEqual({ row, isExact: true });
              const window = view.rows.window({ kind: 'id', id }, 3, 4, 4096);
              expect(window.firstRow).toBe(Math.max(0, row - 3));
              expect(window.rows[window.anchorRow - window.firstRow]?.id).toBe(id);
            }
            expect(shown(view.rows.window({ kind: 'end' }, 2, 3, 4096).rows)).toEqual(all.slice(-5));
          } finally {
            spool.dispose();
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds row numbers among hundreds of thousands of lines in many blocks', () => {
    const spool = newSpool();
    const lines: TestLine[] = Array.from({ length: 60_000 }, (_, at) => ({
      worker: `worker-${(at % 5) + 1}`,
      micros: START + Math.floor(at / 7) * 10,
      text: `line ${at} ${at % 1000 === 0 ? 'needle' : ''}`,
      level: at % 100 === 0 ? 'error' : 'info',
    }));
    spool.append(lines);
    spool.publish();
    const all = expected(lines, () => true);
    const view = spool.view();
    for (const row of [0, 1, 999, 12_345, 59_990]) {
      expect(shown(view.rows.rows(row, 10, 4096))).toEqual(all.slice(row, row + 10));
      expect(view.rows.rowOf({ kind: 'id', id: (all[row] as string).split(' ')[0] as string }).row).toBe(row);
    }
    const at = START + 40_000;
    const before = lines.filter((line) => line.micros < at).length;
    expect(view.rows.rowOf({ kind: 'time', timeMs: at / 1000 }).row).toBe(before);
    const needles = spool.view({ include: [{ text: 'NEEDLE' }] });
    expect(needles.rows.total).toBe(60);
    expect(shown(needles.rows.rows(0, 100, 4096))).toEqual(
      expected(lines, (line) => line.text.includes('needle')),
    );
    const histogram = view.histogram(13, undefined, undefined);
    const sum = histogram.buckets.flat().reduce((a, b) => a + b, 0);
    expect(sum).toBe(60_000);
    expect(histogram.buckets.reduce((total, bucket) => total + (bucket[5] ?? 0), 0)).toBe(600);
    const [first] = view.histogram(2, START / 1000, at / 1000).buckets;
    expect(first?.reduce((a, b) => a + b, 0)).toBe(
      lines.filter((line) => line.micros < START + 20_000).length,
    );
    const { workers } = view.workerCounts(2, START / 1000, START / 1000 + 40);
    const until = (worker: string, end: number) =>
      lines.filter((line) => line.worker === worker && line.micros < START + end).length;
    expect(workers).toEqual(
      [...new Set(lines.map(({ worker }) => worker))].sort().map((worker) => ({
        worker,
        buckets: [until(worker, 20_000), until(worker, 40_000) - until(worker, 20_000)],
      })),
    );
  });

  it('keeps a stack trace together, folds it, and says how long it is', () => {
    const spool = newSpool();
    spool.append([
      { worker: 'a-1', micros: START, text: 'Traceback', level: 'error' },
      { worker: 'b-1', micros: START + 1, text: 'between' },
      { worker: 'a-1', micros: START + 2, text: '  File "x"', level: 'error', continues: true },
      { worker: 'a-1', micros: START + 3, text: 'ValueError', level: 'error', continues: true },
      { worker: 'a-1', micros: START + 4, text: 'after' },
    ]);
    spool.publish();
    const rows = spool.view().rows.rows(0, 10, 4096);
    expect(rows.map((row) => row.text)).toEqual([
      'Traceback',
      '  File "x"',
      'ValueError',
      'between',
      'after',
    ]);
    expect(rows.map((row) => [row.continued, row.continuation])).toEqual([
      [2, undefined],
      [undefined, true],
      [undefined, true],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    const folded = spool.view({ foldTraces: true }).rows;
    expect(folded.rows(0, 10, 4096).map((row) => row.text)).toEqual(['Traceback', 'between', 'after']);
    expect(folded.continuedBy('1:0', 4096).map((row) => row.text)).toEqual(['  File "x"', 'ValueError']);
  });

  it('survives a restart and a crash: all that was flushed is there, and goes on', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.array(lineArbitrary, { maxLength: 120 }),
            fc.constantFrom('crash' as const, 'close' as const),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        (rounds) => {
          const spool = new TestSpool();
          try {
            const all: TestLine[] = [];
            for (const [lines, how] of rounds) {
              spool.append(lines);
              all.push(...lines);
              spool.publish();
              spool.reopen(how);
              const rows = spool.view().rows.rows(0, 10_000, 4096);
              // Containers keep their numbers; which comes first is theirs, not the order of the test's lines.
              expect(rows.map((row) => row.text).sort()).toEqual(all.map((line) => line.text).sort());
              for (const worker of new Set(all.map((line) => line.worker)))
                expect(rows.filter((row) => row.worker === worker).map((row) => row.text)).toEqual(
                  all.filter((line) => line.worker === worker).map((line) => line.text),
                );
            }
          } finally {
            spool.dispose();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out a damaged block, says so in its place, and shows all others', () => {
    const spool = newSpool();
    const lines: TestLine[] = Array.from({ length: 6_000 }, (_, at) => ({
      worker: 'worker-1',
      micros: START + at,
      text: `line ${at} ${'x'.repeat(80)}`,
    }));
    spool.append(lines);
    spool.publish();
    spool.reopen('close');
    const container = spool.index.containers.get(1);
    if (container === undefined) throw new Error('no container');
    const file = join(
      container.folder,
      readdirSync(container.folder).find((name) => name.endsWith('.log')) ?? '',
    );
    const at = container.table.offset(2) + 5_000;
    const fd = openSync(file, 'r+');
    const byte = Buffer.alloc(1);
    readSync(fd, byte, 0, 1, at);
    writeSync(fd, Buffer.from([(byte[0] as number) ^ 0xff]), 0, 1, at);
    closeSync(fd);
    const lost = container.table.lines(2);
    const view = spool.view();
    // Reading it shows the damage; from then on the view counts one row for it.
    view.rows.rows(0, 6_000, 4096);
    const rows = view.rows.rows(0, 6_000, 4096);
    expect(rows.length).toBe(6_000 - lost + 1);
    const gap = rows.filter((row) => row.kind === 'gap');
    expect(gap.map((row) => row.text)).toEqual([
      `${lost.toLocaleString('en')} lines kept on disk are damaged and cannot be shown`,
    ]);
    expect(rows.at(-1)?.text).toContain('line 5999');
    const search = spool.view({ include: [{ text: 'line' }] });
    expect(search.rows.total).toBe(6_000 - lost + 1);
    const cursor = new LogCursor({ query: {}, isSnapshot: true }, spool.index, spool.reader);
    let count = 0;
    let skipped = 0;
    for (let pulled = cursor.pull(1_000); ; pulled = cursor.pull(1_000)) {
      for (const item of pulled.items) {
        if (item.kind === 'lines') count += item.lines.length;
        else if (item.notice.kind === 'skipped') skipped += item.notice.count;
      }
      if (pulled.remaining === 0) break;
    }
    expect([count, skipped]).toEqual([6_000 - lost, lost]);
  });

  it('keeps within its limit, oldest first, and tells a reader how many lines it missed', () => {
    const spool = newSpool(8 * 1024 * 1024);
    const cursor = new LogCursor({ query: {}, isSnapshot: false }, spool.index, spool.reader);
    const view = spool.view({ include: [{ text: 'line' }] });
    const text = 'x'.repeat(1_000);
    let written = 0;
    for (let round = 0; round < 30; round += 1) {
      spool.append(
        Array.from({ length: 1_000 }, (_, at) => ({
          worker: `worker-${(at % 3) + 1}`,
          micros: START + written + at,
          text: `line ${written + at} ${text}`,
        })),
      );
      written += 1_000;
      spool.publish();
      view.scan(Number.POSITIVE_INFINITY);
      expect(spool.spool.diskBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    }
    const kept = written - spool.spool.evictedLines;
    expect(kept).toBeGreaterThan(5_000);
    expect(view.rows.total).toBe(kept);
    const rows = view.rows.rows(0, kept, 4096);
    expect(rows.length).toBe(kept);
    expect(rows.at(-1)?.text.startsWith(`line ${written - 1} `)).toBe(true);
    let count = 0;
    let skipped = 0;
    for (let pulled = cursor.pull(5_000); ; pulled = cursor.pull(5_000)) {
      for (const item of pulled.items) {
        if (item.kind === 'lines') count += item.lines.length;
        else if (item.notice.kind === 'skipped') skipped += item.notice.count;
      }
      if (pulled.remaining === 0) break;
    }
    expect(count).toBe(kept);
    expect(count + skipped).toBe(written);
  });
});

describe('a cursor', () => {
  it('hands every line over once, in order, while more come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(lineArbitrary, { maxLength: 60 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (rounds, most) => {
          const spool = new TestSpool();
          try {
            const cursor = new LogCursor({ query: {}, isSnapshot: false }, spool.index, spool.reader);
            const texts = new Map<string, string[]>();
            for (const round of rounds) {
              spool.append(round);
              spool.publish();
              for (;;) {
                const pulled = cursor.pull(most);
                for (const item of pulled.items)
                  if (item.kind === 'lines')
                    for (const line of item.lines)
                      texts.set(line.worker, [...(texts.get(line.worker) ?? []), line.text]);
                if (pulled.remaining === 0) break;
              }
            }
            const all = rounds.flat();
            for (const worker of new Set(all.map((line) => line.worker)))
              expect(texts.get(worker)).toEqual(
                all.filter((line) => line.worker === worker).map((line) => line.text),
              );
          } finally {
            spool.dispose();
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('begins with the last lines of each worker, notices not counted', () => {
    const spool = newSpool();
    spool.append([
      ...Array.from({ length: 3_000 }, (_, at) => ({
        worker: 'worker-1',
        micros: START + at,
        text: `a${at}`,
      })),
      { worker: 'worker-1', micros: START + 5_000, text: 'exited with code 0', stream: 'notice' as const },
      { worker: 'worker-2', micros: START + 10, text: 'b0' },
    ]);
    spool.publish();
    const cursor = new LogCursor({ query: {}, tail: 2, isSnapshot: true }, spool.index, spool.reader);
    const { items } = cursor.pull(100);
    expect(
      items.flatMap((item) =>
        item.kind === 'lines' ? item.lines.map((line) => line.text) : [item.notice.kind],
      ),
    ).toEqual(['b0', 'a2998', 'a2999', 'ended']);
  });
});
