import { describe, expect, it } from 'vitest';
import { parseLogFilter } from '#shared/logs/parseLogFilter.ts';
import { buildLogQuery, isFiltered, levelsFrom, type QueryParts } from './buildLogQuery.ts';
import { ALL_WORKERS, choiceValue, readChoiceValue } from './WorkerChoice.ts';

const parts = (change: Partial<QueryParts> = {}): QueryParts => ({
  choice: ALL_WORKERS,
  hiddenWorkers: [],
  filter: {},
  levels: null,
  clearedMs: null,
  span: null,
  foldTraces: false,
  ...change,
});

describe('buildLogQuery', () => {
  it('restricts nothing where nothing is chosen', () => {
    expect(buildLogQuery(parts())).toEqual({});
    expect(isFiltered({})).toBe(false);
    expect(isFiltered({ workers: ['a-1'], foldTraces: true })).toBe(false);
    expect(isFiltered({ fromMs: 1 })).toBe(true);
  });

  it('joins the choice of workers, the filter field, levels and times', () => {
    const query = buildLogQuery(
      parts({
        choice: { kind: 'service', service: 'worker' },
        hiddenWorkers: ['worker-3'],
        filter: parseLogFilter('chunk -debug rank=3 level:>=info').query,
        levels: levelsFrom('warn'),
        clearedMs: 500,
        span: { fromMs: 100, toMs: 900 },
        foldTraces: true,
      }),
    );
    expect(query).toEqual({
      services: ['worker'],
      hiddenWorkers: ['worker-3'],
      include: [{ text: 'chunk' }],
      exclude: [{ text: 'debug' }],
      fields: [{ field: 'rank', operator: '=', value: '3' }],
      levels: ['warn', 'error', 'fatal'],
      fromMs: 500,
      toMs: 900,
      foldTraces: true,
    });
  });

  it('shows a worker chosen by name though it is hidden among all', () => {
    const choice = { kind: 'worker', worker: 'worker-3' } as const;
    expect(buildLogQuery(parts({ choice, hiddenWorkers: ['worker-3'] }))).toEqual({ workers: ['worker-3'] });
    expect(readChoiceValue(choiceValue(choice))).toEqual(choice);
    expect(readChoiceValue('service:a:b')).toEqual({ kind: 'service', service: 'a:b' });
  });
});
