import { describe, expect, it } from 'vitest';
import { parseCounts, usualCounts } from './parseCounts.ts';
import { parsePrice, parseWorkers } from './parseCost.ts';
import { parseDetails } from './parseDetails.ts';
import { NO_DETAILS, type StudyDetailTexts } from './StudyDetails.tsx';

describe('worker counts', () => {
  it('are read however they are separated, each once, in order', () => {
    expect(parseCounts(' 4, 1 2;8,4 ')).toEqual([1, 2, 4, 8]);
  });

  it.each(['', ' , ', '0', '-1', '1.5', 'two', '1, x', '1001', '1e3'])('are none in “%s”', (text) =>
    expect(parseCounts(text)).toBeUndefined(),
  );

  it('are doublings up to the CPUs, and at least two of them', () => {
    expect(usualCounts(1)).toEqual([1, 2]);
    expect(usualCounts(2)).toEqual([1, 2]);
    expect(usualCounts(8)).toEqual([1, 2, 4, 8]);
    expect(usualCounts(12)).toEqual([1, 2, 4, 8, 12]);
  });
});

describe('what a cost is reckoned with', () => {
  it.each([
    ['', 0],
    [' 0.04 ', 0.04],
    ['0,04', 0.04],
    ['.5', 0.5],
    ['12.', 12],
    ['-1', undefined],
    ['a lot', undefined],
    ['1e99', undefined],
    ['99999999999', undefined],
    ['1.2.3', undefined],
  ])('is a price in “%s”', (text, price) => expect(parsePrice(text)).toBe(price));

  it.each([
    ['16', 16],
    ['0', undefined],
    ['1.5', undefined],
    ['', undefined],
    ['-4', undefined],
  ])('is a number of workers in “%s”', (text, workers) => expect(parseWorkers(text)).toBe(workers));
});

describe('further settings of a study', () => {
  const parse = (texts: Partial<StudyDetailTexts>) =>
    parseDetails({ ...NO_DETAILS, ...texts }, { repetitions: 7, cpus: 4 });

  it('are left out where nothing is typed', () => expect(parse({})).toEqual({ options: {}, errors: {} }));

  it('are read, spaces within a line of the log as they are', () =>
    expect(
      parse({
        name: ' v1 ',
        from: ' begins',
        timeout: '2',
        seed: '0',
        mostRepetitions: '20',
        cpusPerWorker: '4',
      }),
    ).toEqual({
      options: {
        name: 'v1',
        from: ' begins',
        timeoutMs: 120_000,
        seed: 0,
        mostRepetitions: 20,
        cpusPerWorker: 4,
      },
      errors: {},
    }));

  it('are each told what is wrong with them', () =>
    expect(
      parse({ seed: '-1', timeout: '0', mostRepetitions: '6', cpusPerWorker: '5', name: 'x'.repeat(1_001) }),
    ).toEqual({
      errors: {
        name: 'At most 1000 characters.',
        seed: 'Give a whole number from 0 to 4294967295.',
        timeout: 'Give a whole number from 1 to 10080.',
        mostRepetitions: 'Give a whole number from 7 to 1000.',
        cpusPerWorker: 'Give a whole number from 1 to 4.',
      },
    }));
});
