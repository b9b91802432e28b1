import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutColours } from './withoutColours.ts';

const ESC = '\u001b';

describe('withoutColours', () => {
  it.each([
    ['plain [31m text', 'plain [31m text'],
    [`${ESC}[31mred${ESC}[0m`, 'red'],
    [`er${ESC}[1mro${ESC}[0mr`, 'error'],
    [`${ESC}[38;2;1;2;3mx${ESC}[4:3my`, 'xy'],
    ['\u009b31mc1\u009b0m', 'c1'],
    [`a${ESC}[2Kb${ESC}[?25lc`, 'abc'],
    [`${ESC}]0;title\u0007after`, 'after'],
    [`${ESC}]8;;https://x.example${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}Pq#0${ESC}\\ok`, 'ok'],
    [`${ESC}(Bok${ESC}=`, 'ok'],
    [`cut ${ESC}`, 'cut '],
    [`cut ${ESC}[`, 'cut '],
    [`cut ${ESC}[3`, 'cut '],
    [`${ESC}[é`, 'é'],
    [`${ESC}${ESC}[31mx`, 'x'],
    ['é 漢 😀\ttab', 'é 漢 😀\ttab'],
  ])('%j is read as %j', (raw, text) => {
    expect(withoutColours(raw)).toBe(text);
  });

  it('leaves no escape, and text without one as it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(ESC, `${ESC}[`, `${ESC}]`, '\u009b', '31m', '\u0007', `${ESC}\\`, ';'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const raw = pieces.join('');
        const text = withoutColours(raw);
        expect(text).not.toMatch(/[\u001b\u009b]/);
        if (!/[\u001b\u009b]/.test(raw)) expect(text).toBe(raw);
      }),
    );
  });

  it('takes time in proportion to the length', () => {
    const started = performance.now();
    withoutColours(`${ESC}]`.repeat(100_000));
    withoutColours(`${ESC}[${';'.repeat(200_000)}`);
    withoutColours(`${ESC}P`.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
