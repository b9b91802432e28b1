import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startsContinuation, TraceState } from './continuation.ts';

const encoder = new TextEncoder();

function continues(line: string): boolean {
  const bytes = encoder.encode(`${line} (after`);
  return startsContinuation(bytes, 0, encoder.encode(line).length);
}

/** Marks each line with `|` where it continues the one before. */
function marked(lines: readonly string[]): string[] {
  const state = new TraceState();
  return lines.map((line) => {
    const bytes = encoder.encode(line);
    return (state.next(bytes, 0, bytes.length) ? '|' : '-') + line;
  });
}

describe('startsContinuation', () => {
  it.each([
    ['  indented'],
    ['\tat com.example.Solver.run(Solver.java:12)'],
    [' x'],
    ['Caused by: java.io.IOException: gone'],
    ['... 12 more'],
    ['at com.example.Solver.<init>(Solver.java:12)'],
    ['at main(x.js)'],
    ['}'],
    [')'],
    ['}\r'],
    ['},'],
    [']'],
    [');'],
    ['During handling of the above exception, another exception occurred:'],
    ['The above exception was the direct cause of the following exception:'],
  ])('%j continues', (line) => {
    expect(continues(line)).toBe(true);
  });

  it.each([
    [''],
    ['   '],
    ['\t\r'],
    ['plain'],
    ['Caused by'],
    ['... more'],
    ['...'],
    ['... 12 less'],
    ['at home'],
    ['at home (again)'],
    ['at (x)'],
    ['attack(x)'],
    ['} else {'],
    ['}x'],
    ['During the run'],
    ['The end'],
    ['Traceback (most recent call last):'],
    ['ValueError: x'],
  ])('%j begins anew', (line) => {
    expect(continues(line)).toBe(false);
  });

  it('reads nothing behind the line', () => {
    const bytes = encoder.encode('},at a(b)');
    expect(startsContinuation(bytes, 0, 1)).toBe(true);
    expect(startsContinuation(bytes, 0, 0)).toBe(false);
    expect(startsContinuation(bytes, 2, 6)).toBe(false);
    expect(startsContinuation(bytes, 2, 9)).toBe(true);
  });
});

describe('TraceState', () => {
  it('holds a traceback together with the line that closes it', () => {
    expect(
      marked([
        'step 3',
        'Traceback (most recent call last):',
        '  File "main.py", line 3, in <module>',
        '    solve()',
        'ValueError: x',
        'step 4',
        'KeyError: of no traceback',
      ]),
    ).toEqual([
      '-step 3',
      '-Traceback (most recent call last):',
      '|  File "main.py", line 3, in <module>',
      '|    solve()',
      '|ValueError: x',
      '-step 4',
      '-KeyError: of no traceback',
    ]);
  });

  it('holds chained tracebacks together, blank lines too', () => {
    const chain = [
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in f',
      '',
      '    x',
      'torch.cuda.OutOfMemoryError: CUDA out of memory',
      '',
      'During handling of the above exception, another exception occurred:',
      '\r',
      'Traceback (most recent call last):',
      '  File "a.py", line 2, in g',
      'RuntimeError',
      '',
      'The above exception was the direct cause of the following exception:',
      '',
      'Traceback (most recent call last):',
      '  File "a.py", line 3, in h',
      '__main__.f.<locals>.Oops: é',
    ];
    expect(marked([...chain, 'next', ''])).toEqual([
      `-${chain[0]}`,
      ...chain.slice(1).map((line) => `|${line}`),
      '-next',
      '-',
    ]);
  });

  it('leaves a traceback that something else interrupts', () => {
    expect(
      marked([
        'Traceback (most recent call last):',
        '  File "a.py", line 1, in f',
        '2026-11-24 08:00:00 INFO other thread',
        'ValueError: x',
        'Traceback (most recent call last):',
        'KeyError: without frames',
        '',
        'Traceback (most recent call last):',
        '',
        'ValueError: x',
        'Traceback (most recent call last):',
        '  File "a.py", line 1, in f',
        'ValueError: x',
        'Traceback (most recent call last):',
        '  File "b.py", line 1, in f',
        'ValueError: y',
        '  note',
        'ValueError: z',
      ]),
    ).toEqual([
      '-Traceback (most recent call last):',
      '|  File "a.py", line 1, in f',
      '-2026-11-24 08:00:00 INFO other thread',
      '-ValueError: x',
      '-Traceback (most recent call last):',
      '-KeyError: without frames',
      '-',
      '-Traceback (most recent call last):',
      '-',
      '-ValueError: x',
      '-Traceback (most recent call last):',
      '|  File "a.py", line 1, in f',
      '|ValueError: x',
      '-Traceback (most recent call last):',
      '|  File "b.py", line 1, in f',
      '|ValueError: y',
      '|  note',
      '-ValueError: z',
    ]);
  });

  it('never throws, and knows at least what a line says by itself', () => {
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .constantFrom(
          'Traceback (most recent call last):',
          '  x',
          '',
          'E: x',
          'During handling of the above exception',
        )
        .map((text) => encoder.encode(text)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const state = new TraceState();
        for (const bytes of lines) {
          const isContinued = state.next(bytes, 0, bytes.length);
          if (startsContinuation(bytes, 0, bytes.length)) expect(isContinued).toBe(true);
        }
      }),
    );
  });
});
