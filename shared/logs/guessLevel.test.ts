import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '../domain/LogLine.ts';
import { guessLevel } from './guessLevel.ts';

const encoder = new TextEncoder();
const ESC = '\u001b';

/** The line lies among others, as it does in a chunk: what is around must not count. */
function levelOf(line: string): string | undefined {
  const [before, bytes, after] = ['x[E', line, ':"]ERROR ERROR'].map((text) => encoder.encode(text)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const whole = new Uint8Array(before.length + bytes.length + after.length);
  whole.set(before);
  whole.set(bytes, before.length);
  whole.set(after, before.length + bytes.length);
  return LOG_LEVELS[guessLevel(whole, before.length, before.length + bytes.length)];
}

describe('guessLevel', () => {
  it.each([
    ['TRACE', 'trace'],
    ['VERBOSE', 'trace'],
    ['DEBUG', 'debug'],
    ['INFO', 'info'],
    ['NOTICE', 'info'],
    ['WARN', 'warn'],
    ['WARNING', 'warn'],
    ['ERR', 'error'],
    ['ERROR', 'error'],
    ['SEVERE', 'error'],
    ['FATAL', 'fatal'],
    ['CRIT', 'fatal'],
    ['CRITICAL', 'fatal'],
    ['PANIC', 'fatal'],
    ['EMERG', 'fatal'],
    ['ALERT', 'fatal'],
  ])('knows %s in every place', (word, level) => {
    const lower = word.toLowerCase();
    for (const line of [
      word,
      `2026-11-24 08:00:00,123 ${word} worker.main: step 3`,
      `${word}:root:step 3`,
      `[${word}] step 3`,
      `[${lower}] step 3`,
      `2026/11/24 08:00:00 [${lower}] 12#12: step 3`,
      `<${lower}> step 3`,
      `08:00|${lower}|step 3`,
      `${lower}: step 3`,
      `2026-11-24T08:00:00.123Z ${lower}: step 3`,
      `ts=1.5 level=${lower} msg="step 3"`,
      `level="${lower}" msg="step 3"`,
      `lvl=${lower}`,
      `{"msg":"step 3","level":"${lower}"}`,
      `{"severity": "${word}", "message": "step 3"}`,
      `${ESC}[31m${word}${ESC}[0m step 3`,
      `${ESC}[1;31m${lower}${ESC}[39m: step 3`,
      `08:00 [${ESC}[31m${lower}${ESC}[0m] step 3`,
      `step${ESC}[7m${word}${ESC}[0mended`,
    ])
      expect(levelOf(line), line).toBe(level);
  });

  it.each([
    // sentences
    ['errors=0'],
    ['no error'],
    ['step 3: error rate 0.1, warning none'],
    ['INFORMATION about TERROR and ERRORS and INFOS'],
    ['terror'],
    ['ERROR_COUNT of MY_ERROR is 0'],
    ['ÉERROR and ERRORÉ'],
    ['camelERROR ERRORs Error Warn'],
    ['Error rate is low'],
    ['mean error: 0.25'],
    ['3 errors, 12 error: a number is no time'],
    ['42 warning: 3'],
    ['error'],
    ['info'],
    ['error::Kind was thrown'],
    ['10:30error: x'],
    ['10:30Terror: x'],
    ['2026Zerror: x'],
    ['xlevelname=warn'],
    ['E1124 ab:00'],
    // brackets that are none of a level
    ['names[error] is set'],
    ['Result<Error> returned'],
    ['[error in brackets]'],
    ['[errors]'],
    ['(error)'],
    ['| error | loss |'],
    ['<error'],
    ['[error>'],
    // settings and arguments
    ['DEBUG=1'],
    ['python main.py --level=debug'],
    ['GET /lines?level=error&page=2'],
    ['GET /lines?a=1&level=error'],
    ['level=3'],
    ['level=errors'],
    ['sealevel=warn'],
    ['level: warn'],
    ['levels=warn'],
    ['the level was "warn"'],
    // numbers of pino that are none, and a number outside JSON
    ['{"level":35}'],
    ['{"level":300}'],
    ['{"level":30.5}'],
    ['{"level":70}'],
    ['{"level":3}'],
    ['{"x":"level","y":30}'],
    ['"level":30'],
    ['{"ERROR":3,"WARN": 1}'.replace(': ', ':')],
    // glog look-alikes
    ['W 12:00'],
    ['E112 12:00:00'],
    ['E1124 hello'],
    ['E1124 1:00'],
    ['G1124 12:00:00'],
    ['x E1124 12:00:00'],
    ['E11245 12:00:00'],
    ['<8>x'],
    ['<3'],
    ['<33>x'],
    // what only looks like a crash
    ['Traceback of the parcel'],
    ["thread 'main' finished"],
    ["the thread 'main' panicked at"],
    ['do not panic'],
    [''],
    ['   '],
    [ESC],
    [`${ESC}[`],
    [`${ESC}[31`],
  ])('finds no level in %j', (line) => {
    expect(levelOf(line)).toBe('none');
  });

  it.each([
    ['E1124 12:00:00.123456 17 main.cc:3] failed', 'error'],
    ['W1124 12:00:00.123456 17 main.cc:3] hm', 'warn'],
    ['I20261124 12:00:00 17 main.cc:3] ok', 'info'],
    ['F1124 12:00:00 17 main.cc:3] gone', 'fatal'],
    [`${ESC}[31mE1124 12:00:00 x`, 'error'],
    ['<0>gone', 'fatal'],
    ['<3>failed', 'error'],
    ['<4>hm', 'warn'],
    ['<6>ok', 'info'],
    ['<7>detail', 'debug'],
    ['Traceback (most recent call last):', 'error'],
    ['[rank0]: Traceback (most recent call last):', 'error'],
    ['panic: runtime error: index out of range', 'fatal'],
    ["thread 'main' panicked at src/main.rs:2:5:", 'fatal'],
    ["thread 'worker 3' (17) panicked at src/main.rs:2:5:", 'fatal'],
    ['{"level":10}', 'trace'],
    ['{"level":20}', 'debug'],
    ['{"level":30,"time":1700000000000,"msg":"ok"}', 'info'],
    ['{"level": 40}', 'warn'],
    ['{"name":"app","hostname":"h","pid":1,"level":50,"msg":"x"}', 'error'],
    ['{"level":60}', 'fatal'],
    ['{"log.level":"warn"}', 'warn'],
    ['{"@level":"warn"}', 'warn'],
    ['{"levelname": "WARNING"}', 'warn'],
    ["{'level': 'warn'}", 'warn'],
    ['{"loglevel" : "warn"}', 'warn'],
    ['log.level=warn', 'warn'],
    [`${ESC}[36mlevel${ESC}[0m=${ESC}[33mwarn${ESC}[0m`, 'warn'],
    ['Nov 24 08:00:00 error: x', 'error'],
    [`${ESC}[2m2026-11-24T08:00:00Z${ESC}[0m ${ESC}[33mwarn${ESC}[39m: x`, 'warn'],
    [`${ESC}[2m[error]${ESC}[0m x`, 'error'],
    [`x${ESC}[2m[error]${ESC}[0m x`, 'error'],
    ['Tue, 24 Nov 2026 08:00:00 GMT - error: x', 'error'],
    ['[24/Nov/2026:08:00:00 +0100] error: x', 'error'],
    ['1700000000.123 warning: x', 'warn'],
    ['Error: Cannot find module', 'error'],
    ['[warn ] padded', 'warn'],
    ['npm ERR! code 1', 'error'],
    ['worker died: ERROR.', 'error'],
    ['é ERROR é', 'error'],
  ])('%j is %s', (line, level) => {
    expect(levelOf(line)).toBe(level);
  });

  it.each([
    ['INFO: got an ERROR back', 'info'],
    ['[warn] ERROR', 'warn'],
    ['level=info msg="ERROR"', 'info'],
    ['error: INFO', 'error'],
    ['08:00 DEBUG [error] level=fatal', 'debug'],
    ['errors=0 WARN', 'warn'],
  ])('the first clear word of %j counts: %s', (line, level) => {
    expect(levelOf(line)).toBe(level);
  });

  it('believes the level field of a JSON line more than its message', () => {
    expect(levelOf('{"msg":"ERROR [fatal] level=warn","level":"info"}')).toBe('info');
    expect(levelOf('{"msg":"Traceback (most recent call last):","level":"info"}')).toBe('info');
    expect(levelOf('{"msg":"ERROR then WARN"}')).toBe('error');
    expect(levelOf(String.raw`{"msg":"\"level\":\"warn\"","level":"info"}`)).toBe('info');
    expect(levelOf('{"level":"strange","severity":"warn"}')).toBe('warn');
  });

  it('looks at the first 160 bytes, of JSON at the first 512', () => {
    expect(levelOf(`${' '.repeat(158)}ERROR x`)).toBe('error');
    expect(levelOf(`${' '.repeat(158)}ERRORS x`)).toBe('none');
    expect(levelOf(`${' '.repeat(160)}ERROR x`)).toBe('none');
    const json = (padding: number): string => `{"m":"${'x'.repeat(padding)}","level":"warn"}`;
    expect(levelOf(json(400))).toBe('warn');
    expect(levelOf(json(600))).toBe('none');
    expect(levelOf(`ERROR${'x'.repeat(300)}`)).toBe('none');
  });

  it('never throws, answers an index of a level, and sees nothing outside the line', () => {
    const pieces = fc.constantFrom(
      ...['ERROR', 'error', 'level', 'lvl', '"', "'", '=', ':', '[', ']', '<', '>', '|', ESC, `${ESC}[31m`],
      ...[
        ' ',
        '{',
        '}',
        '30',
        'warn',
        'thread',
        " '",
        'panicked at',
        'E1124 12:00:00',
        'Traceback ',
        'T',
        'Z',
      ],
    );
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => encoder.encode(parts.join(''))),
    );
    fc.assert(
      fc.property(line, fc.uint8Array({ maxLength: 40 }), line, (before, gap, after) => {
        const alone = guessLevel(before, 0, before.length);
        expect(alone).toBeGreaterThanOrEqual(0);
        expect(alone).toBeLessThan(LOG_LEVELS.length);
        const whole = Uint8Array.of(...gap, ...before, ...after);
        expect(guessLevel(whole, gap.length, gap.length + before.length)).toBe(alone);
        expect(guessLevel(before, 0, before.length + 50)).toBe(alone);
        expect(guessLevel(before, before.length, before.length)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds no level in any sentence of small letters', () => {
    const words = fc.constantFrom(
      ...[
        'error',
        'warn',
        'info',
        'fatal',
        'panic',
        'level',
        'debug',
        'loss',
        '0.1',
        'no',
        'rate',
        'é',
        'of',
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (sentence) => {
        expect(levelOf(sentence.join(' '))).toBe('none');
      }),
    );
  });
});
