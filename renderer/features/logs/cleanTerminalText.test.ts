import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ansiSpans } from './ansiSpans.ts';
import { cleanTerminalText, withoutColours } from './cleanTerminalText.ts';

const ESC = '\u001b';

describe('cleanTerminalText', () => {
  it.each([
    ['plain text', 'plain text'],
    [`${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
    [`${ESC}]0;evil title\u0007after`, 'after'],
    [`${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}]52;c;aGFjaw==\u0007x`, 'x'],
    [`${ESC}]0;never ended`, ''],
    [`a${ESC}[2Jb${ESC}[1049hc${ESC}[?25ld`, 'abcd'],
    [`${ESC}[10;20Hmoved${ESC}[K`, 'moved'],
    [`${ESC}P1;2q#0;sixel${ESC}\\ok`, 'ok'],
    [`${ESC}_apc${ESC}\\ok`, 'ok'],
    [`${ESC}c${ESC}(B${ESC}=reset`, 'reset'],
    ['\u009b31mc1\u009b0m', `${ESC}[31mc1${ESC}[0m`],
    ['10 %\r50 %\r100 %\r', '100 %'],
    ['bell\u0007 back\b\u0000 nul', 'bell back nul'],
    ['user\u202Egnp.exe', 'usergnp.exe'],
    ['tab\tstays', 'tab\tstays'],
    [`cut off ${ESC}`, 'cut off '],
    [`cut off ${ESC}[`, 'cut off '],
    [`cut off ${ESC}[3`, 'cut off '],
    [`${ESC}[>4;2mxterm keys`, 'xterm keys'],
  ])('%j becomes %j', (raw, wanted) => {
    expect(cleanTerminalText(raw)).toBe(wanted);
  });

  it('leaves no control but tab and colour escapes, whatever comes', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom(
            ESC,
            `${ESC}[`,
            `${ESC}]`,
            '\u0007',
            `${ESC}\\`,
            'm',
            ';',
            '31',
            '\r',
            '\u009d',
            '\u202e',
          ),
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, (raw) => {
        const cleaned = cleanTerminalText(raw);
        expect(withoutColours(cleaned)).not.toMatch(
          /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
        const shown = ansiSpans(cleaned)
          .map((span) => span.text)
          .join('');
        expect(shown).toBe(withoutColours(cleaned));
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the length', () => {
    const started = performance.now();
    cleanTerminalText(`${ESC}]`.repeat(100_000));
    cleanTerminalText(`${ESC}[${';'.repeat(200_000)}`);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('ansiSpans', () => {
  it('gives colours as data', () => {
    const spans = ansiSpans(`a${ESC}[1;31mb${ESC}[0mc${ESC}[38;5;208md${ESC}[48;2;1;2;3me${ESC}[0m`);
    expect(spans.map((span) => [span.text, span.foreground, span.background, span.bold])).toEqual([
      ['a', undefined, undefined, false],
      ['b', 'red', undefined, true],
      ['c', undefined, undefined, false],
      ['d', '255, 135, 0', undefined, false],
      ['e', '255, 135, 0', '1, 2, 3', false],
    ]);
  });

  it('never makes markup of text', () => {
    expect(ansiSpans(`${ESC}[31m<img src=x onerror=alert(1)>`)[0]?.text).toBe('<img src=x onerror=alert(1)>');
  });
});
