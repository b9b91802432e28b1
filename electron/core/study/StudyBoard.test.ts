import { describe, expect, it } from 'vitest';
import type { StudyRecord } from '#shared/domain/Study.ts';
import { testRecord } from '#shared/study/testStudy.ts';
import type { StudyService } from './StudyApi.ts';
import { StudyBoard } from './StudyBoard.ts';

const boardOf = (records: StudyRecord[], work: Partial<StudyService> = {}): StudyBoard =>
  new StudyBoard({ list: async () => records, ...work } as StudyService);
const record = (id: string, name?: string): StudyRecord => testRecord({ 1: [1_000] }, { id, name });

describe('the studies that windows are told of', () => {
  it('are the newest, and of the older ones those with a name, which are compared with', async () => {
    const records = Array.from({ length: 30 }, (_, index) =>
      record(String(index), index === 29 ? 'v1' : undefined),
    );
    const told = (await boardOf(records).state('a')).records.map(({ plan }) => plan.id);
    expect(told).toHaveLength(21);
    expect(told.slice(0, 2)).toEqual(['0', '1']);
    expect(told.at(-1)).toBe('29');
  });

  it('have the one under way beside them, once', async () => {
    const going = record('0');
    const board = boardOf([going, record('1')], {
      run: (_appId, _options, { onNews, signal }) =>
        new Promise((_resolve, reject) => {
          onNews({ kind: 'begins', record: going, done: 0, total: 2 });
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    });
    await board.start('a', { workers: [1] });
    expect(await board.state('a')).toMatchObject({
      records: [{ plan: { id: '1' } }],
      going: { phase: 'running', record: { plan: { id: '0' } }, total: 2 },
    });
    await expect(board.start('a', { workers: [1] })).rejects.toMatchObject({ code: 'conflict' });
    board.cancel('a');
    await expect.poll(async () => (await board.state('a')).going).toBeNull();
    expect(() => board.cancel('a')).toThrow('No study of this app is under way.');
  });
});
