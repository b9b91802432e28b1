import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../study/SeededRandom.ts';
import { findStragglers, type StragglerInput } from './findStragglers.ts';
import { compareRobustly } from './robustScore.ts';

const CELLS = 40;
const constant = (value: number): number[] => Array.from({ length: CELLS }, () => value);

/** A worker that uses one core, unless said otherwise. */
function worker(index: number, change: Partial<StragglerInput> = {}): StragglerInput {
  return {
    worker: `w-${index}`,
    service: 'w',
    phase: 'running',
    oomKills: 0,
    ...change,
    means: { cores: constant(1), ...change.means },
  };
}

const team = (odd: Partial<StragglerInput>, peers = 5): StragglerInput[] => [
  ...Array.from({ length: peers }, (_, index) => worker(index + 2)),
  worker(1, odd),
];
const found = (inputs: StragglerInput[]) =>
  findStragglers(inputs).map(({ worker: w, cause }) => `${w} ${cause}`);

describe('naming the slow worker', () => {
  it.each<[string, Partial<StragglerInput>, string, RegExp]>([
    [
      'throttled',
      { means: { cores: constant(0.25), throttledPeriods: constant(0.9) } },
      'w-1 throttled',
      /^w-1 uses 0\.25 cores, its peers 1\.00: its CPU limit holds it back in 90 % of the periods \(its peers 0 %\)\.$/,
    ],
    [
      'killed for want of memory',
      { oomKills: 2, means: { cores: constant(0.9) } },
      'w-1 memory',
      /killed it 2 times/,
    ],
    [
      'paging',
      { means: { cores: constant(0.3), faults: constant(400), read: constant(5e6) } },
      'w-1 memory',
      /reads 400\/s pages back/,
    ],
    [
      'at a disk',
      { means: { cores: constant(0.3), read: constant(50e6), written: constant(2e6) } },
      'w-1 disk',
      /49\.6 MiB\/s to and from disks/,
    ],
    [
      'out of work early',
      { means: { cores: constant(1).fill(0, 20) } },
      'w-1 lessWork',
      /^w-1 computed like its peers and has ceased: 0\.00 cores now, its peers 1\.00\.$/,
    ],
    ['never at work', { means: { cores: constant(0.001) } }, 'w-1 idle', /has no work/],
    ['waiting', { means: { cores: constant(0.4) } }, 'w-1 waiting', /it waits\.$/],
  ])('%s', (_, odd, expected, text) => {
    const stragglers = findStragglers(team(odd));
    expect(stragglers.map(({ worker: w, cause }) => `${w} ${cause}`)).toEqual([expected]);
    expect(stragglers[0]?.text).toMatch(text);
  });

  it('sees memory that is nearly full where the peers’ is not', () => {
    const memory = (full: number) => ({ memory: constant(full * 1e9), memoryLimit: constant(1e9) });
    const inputs = team({ means: { cores: constant(0.5), ...memory(0.99) } }).map((input) =>
      input.worker === 'w-1' ? input : { ...input, means: { ...input.means, ...memory(0.4) } },
    );
    expect(found(inputs)).toEqual(['w-1 memory']);
  });

  it('heeds what workers say of their progress', () => {
    const at = (share: number) => ({ progress: constant(share).map((end, cell) => (end * cell) / CELLS) });
    const peersAt = (share: number, odd: Partial<StragglerInput>) =>
      team(odd).map((input, index) =>
        index === 5 ? input : { ...input, means: { ...input.means, ...at(share + 0.01 * index) } },
      );
    const [behind, ...others] = findStragglers(peersAt(0.6, { means: { cores: constant(1), ...at(0.2) } }));
    expect(others).toEqual([]);
    expect(behind).toMatchObject({
      worker: 'w-1',
      cause: 'behind',
      text: expect.stringMatching(
        /^w-1 is at 20 % of its work, its peers at 60 %, and uses 1\.00 cores, its peers 1\.00: /,
      ),
    });
    const [slow] = findStragglers(peersAt(0.6, { means: { cores: constant(0.4), ...at(0.2) } }));
    expect(slow).toMatchObject({
      cause: 'waiting',
      text: expect.stringMatching(/ It is at 20 % of its work/),
    });
    // A little behind is none, nor is one that has done its work and computes no more.
    expect(found(peersAt(0.6, { means: { cores: constant(1), ...at(0.55) } }))).toEqual([]);
    expect(found(peersAt(0.6, { means: { cores: constant(1).fill(0, 20), progress: constant(1) } }))).toEqual(
      [],
    );
  });

  it('names who goes on when the others have ended, or are idle', () => {
    const ended = [2, 3, 4].map((index) => worker(index, { phase: 'ended' }));
    expect(found([...ended, worker(5), worker(1)])).toEqual(['w-5 moreWork', 'w-1 moreWork']);
    const idle = [2, 3, 4, 5].map((index) => worker(index, { means: { cores: constant(1).fill(0, 25) } }));
    expect(found([...idle, worker(1)])).toEqual(['w-1 moreWork']);
  });

  it('holds its peace over a team that is alike, whatever it does', () => {
    expect(found(team({}))).toEqual([]);
    const all = (means: StragglerInput['means']) => [1, 2, 3, 4].map((index) => worker(index, { means }));
    expect(found(all({ cores: constant(0) }))).toEqual([]);
    expect(found(all({ cores: constant(0.2), throttledPeriods: constant(1) }))).toEqual([]);
    expect(found(all({ cores: constant(1).fill(0, 20) }))).toEqual([]);
  });

  it('does not take the noise of an even team for a straggler', () => {
    const random = new SeededRandom(7);
    let named = 0;
    for (let round = 0; round < 60; round += 1)
      named += findStragglers(
        [1, 2, 3, 4, 5, 6].map((index) =>
          worker(index, { means: { cores: constant(0).map(() => 0.9 + 0.2 * random.next()) } }),
        ),
      ).length;
    expect(named).toBe(0);
  });

  it('is not led astray by a second straggler: both are found, the worse one first', () => {
    const inputs = team({ means: { cores: constant(0.1) } }, 6);
    inputs[0] = worker(2, { means: { cores: constant(0.5), throttledPeriods: constant(0.5) } });
    const [first, second] = findStragglers(inputs);
    expect(found(inputs).sort()).toEqual(['w-1 waiting', 'w-2 throttled']);
    expect(first?.severity).toBeGreaterThan(second?.severity ?? Infinity);
  });

  it('compares within a service, and says nothing of fewer than three or of too little time', () => {
    expect(found(team({ means: { cores: constant(0.2) } }, 1))).toEqual([]);
    const brief = team({}).map((input) => ({ ...input, means: { cores: [1, null, 1, null, 0, 1] } }));
    expect(found(brief)).toEqual([]);
    const other = [1, 2, 3, 4].map((index) =>
      worker(index, { worker: `v-${index}`, service: 'v', means: { cores: constant(0.1) } }),
    );
    expect(found([...team({}), ...other])).toEqual([]);
    expect(found([])).toEqual([]);
  });

  it('takes gaps and missing metrics as unknown', () => {
    const inputs = team({
      means: { cores: constant(0.3).map((value, index) => (index % 2 === 0 ? value : Number.NaN)) },
    });
    expect(found(inputs)).toEqual(['w-1 waiting']);
  });
});

describe('the robust score', () => {
  it('is that of median and MAD, with a least scale', () => {
    // Median 3, deviations 2 1 0 1 97: MAD 1.
    expect(compareRobustly(10, [1, 2, 3, 4, 100], 0)).toEqual({ centre: 3, score: 7 / 1.4826 });
    expect(compareRobustly(2, [1, 1, 1], 0.1)).toEqual({ centre: 1, score: 10 });
    expect(compareRobustly(2, [100, 100, 100], 0.1)).toEqual({ centre: 100, score: -19.6 });
    expect(compareRobustly(1, [], 0.1)).toBeUndefined();
  });
});
