import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResumeFilter } from './ResumeFilter.ts';

const at = (micros: number, nanos = 0) => ({ micros, nanos });

/** The lines of a reopened log that are taken as new. */
function fresh(kept: { micros: number; nanos: number }[], log: { micros: number; nanos: number }[]) {
  const filter = new ResumeFilter(kept);
  const taken = log.filter((line) => !filter.isKnown(line.micros, line.nanos));
  return { taken, isContiguous: filter.isContiguous };
}

describe('taking up a log', () => {
  it('drops what is kept and nothing else: also lines of the very same nanosecond', () => {
    expect(fresh([at(5, 1)], [at(5, 1), at(5, 1), at(6)])).toEqual({
      taken: [at(5, 1), at(6)],
      isContiguous: true,
    });
    expect(fresh([at(5), at(5)], [at(5), at(5), at(5)])).toEqual({ taken: [at(5)], isContiguous: true });
  });

  it('follows lines that are out of order, as two streams can be, and a clock that was set back', () => {
    const kept = [at(7), at(9), at(5)];
    expect(fresh(kept, [...kept, at(6), at(8)]).taken).toEqual([at(6), at(8)]);
  });

  it('takes a log that was rotated from where it begins, and notices that it does not reach back', () => {
    expect(fresh([at(5), at(6), at(7)], [at(7), at(8)])).toEqual({ taken: [at(8)], isContiguous: false });
    expect(fresh([at(5)], [at(8), at(9)])).toEqual({ taken: [at(8), at(9)], isContiguous: false });
  });

  it('takes everything of a log that is new', () => {
    expect(fresh([], [at(1), at(1)])).toEqual({ taken: [at(1), at(1)], isContiguous: true });
  });

  it('neither loses nor repeats a line, wherever the log was left', () => {
    const times = fc.array(fc.record({ micros: fc.nat({ max: 6 }), nanos: fc.nat({ max: 2 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(times, fc.nat(), (log, place) => {
        const left = (place % log.length) + 1;
        const last = log[left - 1] as { micros: number; nanos: number };
        const isWanted = (line: { micros: number; nanos: number }) =>
          line.micros > last.micros || (line.micros === last.micros && line.nanos >= last.nanos);
        const kept = log.slice(0, left).filter(isWanted);
        // The engine gives all lines at or after the last one's time.
        expect(fresh(kept, log.filter(isWanted)).taken).toEqual(log.slice(left).filter(isWanted));
      }),
    );
  });
});
