import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogAssembler, LONGEST_LINE, nanosecondsOf, type RawLine, sinceOf } from './ContainerLog.ts';

function frame(type: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

const TIME = '2026-11-24T08:00:00.000000001Z';
const NANOSECONDS = '1795507200000000001';

function assemble(chunks: readonly Buffer[], tty = false): RawLine[] {
  const lines: RawLine[] = [];
  const assembler = new LogAssembler(tty, (line) => lines.push(line));
  for (const chunk of chunks) assembler.push(chunk);
  assembler.end();
  return lines;
}

describe('LogAssembler', () => {
  it('gives each line its stream and its time', () => {
    expect(
      assemble([frame(1, `${TIME} one\n`), frame(2, `${TIME} two\r\n`), frame(1, `${TIME} \n`)]),
    ).toEqual([
      { stream: 'stdout', timestamp: NANOSECONDS, text: 'one' },
      { stream: 'stderr', timestamp: NANOSECONDS, text: 'two' },
      { stream: 'stdout', timestamp: NANOSECONDS, text: '' },
    ]);
  });

  it('joins a line that the engine cut into frames, each with a time of its own', () => {
    const later = '2026-11-24T08:00:01Z';
    expect(
      assemble([
        frame(1, `${TIME} ${'a'.repeat(16_384)}`),
        frame(2, `${TIME} between\n`),
        frame(1, `${later} ${'b'.repeat(10)}\n`),
      ]),
    ).toEqual([
      { stream: 'stderr', timestamp: NANOSECONDS, text: 'between' },
      { stream: 'stdout', timestamp: NANOSECONDS, text: `${'a'.repeat(16_384)}${'b'.repeat(10)}` },
    ]);
  });

  it('reads the same lines wherever the bytes are cut', () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 30 }), (list, places) => {
        const bytes = Buffer.concat(list.map((text) => frame(1, `${TIME} ${text}\n`)));
        const at = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
        expect(assemble(chunks).map((line) => line.text)).toEqual(list);
      }),
    );
  });

  it('keeps a last line without its newline, and cuts one that never ends', () => {
    expect(assemble([frame(1, `${TIME} no newline`)])).toEqual([
      { stream: 'stdout', timestamp: NANOSECONDS, text: 'no newline' },
    ]);
    const [line] = assemble(Array.from({ length: 10 }, () => frame(1, `${TIME} ${'x'.repeat(16_384)}`)));
    expect(line?.text).toHaveLength(LONGEST_LINE);
    expect(line?.truncated).toBe(true);
  });

  it('reads a terminal’s log, which has no frames', () => {
    expect(assemble([Buffer.from(`${TIME} \u0001raw\r\n${TIME} tw`), Buffer.from('o\r\n')], true)).toEqual([
      { stream: 'stdout', timestamp: NANOSECONDS, text: '\u0001raw' },
      { stream: 'stdout', timestamp: NANOSECONDS, text: 'two' },
    ]);
  });
});

describe('times', () => {
  it('keep their nanoseconds there and back', () => {
    expect(nanosecondsOf(TIME)).toBe(NANOSECONDS);
    expect(nanosecondsOf('2026-11-24T09:00:00.5+01:00')).toBe('1795507200500000000');
    expect(nanosecondsOf('yesterday')).toBeUndefined();
    expect(sinceOf(NANOSECONDS)).toBe('1795507200.000000001');
    expect(sinceOf('5')).toBe('0.000000005');
  });
});
