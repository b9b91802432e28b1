import { describe, expect, it } from 'vitest';
import type { RunRecord, RunSummary } from '../domain/Run.ts';
import { checkRun } from './checkRun.ts';
import { compareRuns } from './compareRuns.ts';
import { filterRuns } from './filterRuns.ts';
import { parseTable } from './parseTable.ts';

const run = (id: string, change: Partial<RunSummary> = {}): RunSummary => ({
  ...{
    id,
    appId: 'a',
    project: 'p',
    title: 'Pi',
    path: '/p',
    origin: 'flotilla',
    startedAt: 1,
    containers: 1,
  },
  ...change,
});

describe('filterRuns', () => {
  const runs = [
    run('1', { outcome: 'ok', tags: ['Best'], name: 'with 8 workers' }),
    run('2', { outcome: 'failed', reason: 'main-1 ended with code 3' }),
    run('3', { commit: 'abcdef' }),
    run('4', { kind: 'study', title: 'Other', outcome: 'stopped' }),
  ];
  it.each([
    ['', ['1', '2', '3', '4']],
    ['  - ', ['1', '2', '3', '4']],
    ['kind:study', ['4']],
    ['kind:run is:ok', ['1']],
    ['tag:best', ['1']],
    ['is:failed', ['2']],
    ['is:going', ['3']],
    ['-is:failed pi', ['1', '3']],
    ['CODE', ['2']],
    ['abc', ['3']],
    ['8 workers', ['1']],
    ['nothing', []],
  ])('%j', (filter, ids) => {
    expect(filterRuns(runs, filter).map(({ id }) => id)).toEqual(ids);
  });
});

describe('parseTable', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a;b,c;d\r\n1;2;3',
      [
        ['a', 'b,c', 'd'],
        ['1', '2', '3'],
      ],
    ],
    [
      'a\tb\n"x\ty"\t"say ""hi"""\n',
      [
        ['a', 'b'],
        ['x\ty', 'say "hi"'],
      ],
    ],
    [
      'a,b\n"two\nlines",\n',
      [
        ['a', 'b'],
        ['two\nlines', ''],
      ],
    ],
  ])('%j', (text, rows) => {
    expect(parseTable(text)).toEqual({ rows, truncated: false });
  });

  it('leaves out the line that a cut goes through, and all beyond a number of rows', () => {
    expect(parseTable('a,b\n1,2\n3,', { isCut: true })).toEqual({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      truncated: true,
    });
    expect(parseTable('a,b\n1,2\n3,4\n', { mostRows: 2 })).toEqual({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      truncated: true,
    });
    expect(parseTable('just words\n')).toBeUndefined();
  });
});

describe('compareRuns', () => {
  const record = (summary: RunSummary, seed: string): RunRecord & { config: unknown } => ({
    ...{ summary, results: [], collecting: [], folder: '', logs: '', services: [], hasMetrics: false },
    workers: [
      {
        ...{
          containerId: 'c',
          key: 'w-1',
          service: 'w',
          index: 1,
          imageId: 'i',
          startedAt: 0,
          finishedAt: 500,
        },
        environment: { SEED: seed },
      },
    ],
    config: { services: { w: { cpus: 2, environment: { SEED: seed } } } },
  });
  it('tells what both came to, and only those settings that differ', () => {
    const left = record(run('1', { outcome: 'ok', endedAt: 501, exitCode: 0 }), '1');
    const right = record(run('2', { outcome: 'failed', endedAt: 801, exitCode: 3 }), '1');
    const { facts, settings, workers } = compareRuns(left, {
      ...right,
      config: { services: { w: { cpus: 4 } } },
    });
    expect(facts.slice(0, 3)).toEqual([
      { what: 'outcome', left: 'ok', right: 'failed' },
      { what: 'exit code', left: '0', right: '3' },
      { what: 'time (ms)', left: '500', right: '800' },
    ]);
    expect(settings).toEqual([{ what: 'services.w.cpus', left: '2', right: '4' }]);
    expect(workers).toEqual([]);
  });
});

describe('checkRun', () => {
  const worker = { containerId: 'c', service: 'w', index: 1, imageId: 'i', startedAt: 0 };
  const record = (change: Partial<RunSummary>) => ({
    summary: run('1', { outcome: 'ok', endedAt: 5_001, ...change }),
    services: [{ name: 'w', role: 'worker' as const, image: 'i', replicas: 2 }],
    workers: ['w-1', 'w-2'].map((key) => ({ ...worker, key })),
  });
  const usage = { coreSeconds: 8, peakMemoryBytes: 3 * 1024 ** 2, seen: 0.9 };
  const wanted: Parameters<typeof checkRun>[0] = [
    { kind: 'time', mostMs: 5_000 },
    { kind: 'time', mostMs: 4_999, at: 2 },
    { kind: 'time', mostMs: 1, at: 4 },
    { kind: 'memory', mostBytes: 2 * 1024 ** 2 },
    { kind: 'coreSeconds', most: 8 },
    { kind: 'efficiency', least: 0.5 },
  ];
  const texts = (change: Partial<RunSummary>) =>
    checkRun(wanted, record(change)).map(({ status, text }) => `${status} ${text}`);

  it('holds what one run can tell against its number of workers', () => {
    expect(texts({ usage })).toEqual([
      'pass time at most 5.00 s with 2 workers: 5.00 s',
      'fail time at most 5.00 s with 2 workers: 5.00 s',
      'fail memory at most 2.0 MiB with 2 workers: 3.0 MiB',
      'pass core-seconds at most 8.00 with 2 workers: ≥ 8.00 core-s',
    ]);
  });

  it('knows nothing of a run that failed or was not looked at, and waits for one that goes on', () => {
    expect(texts({ outcome: 'failed', usage })).toEqual(
      Array.from({ length: 4 }, () =>
        expect.stringMatching(/^unknown .*: not known, the run did not succeed$/),
      ),
    );
    expect(texts({}).slice(2)).toEqual([
      expect.stringContaining('not long enough for a look at its memory'),
      expect.stringContaining('not long enough for a look at its CPU time'),
    ]);
    expect(texts({ outcome: undefined })).toEqual([]);
  });
});
