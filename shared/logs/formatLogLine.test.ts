import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLogJson, formatLogText, rfc3339 } from './formatLogLine.ts';

const timestamp = `${BigInt(Date.UTC(2026, 10, 24, 8)) * 1_000_000n + 1n}`;

describe('rfc3339', () => {
  it.each([
    ['0', '1970-01-01T00:00:00.000000000Z'],
    ['0005', '1970-01-01T00:00:00.000000005Z'],
    ['999999999', '1970-01-01T00:00:00.999999999Z'],
    ['1000000000', '1970-01-01T00:00:01.000000000Z'],
    [timestamp, '2026-11-24T08:00:00.000000001Z'],
  ])('%s is %s', (nanoseconds, text) => {
    expect(rfc3339(nanoseconds)).toBe(text);
  });

  it('loses no nanosecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), (nanoseconds) => {
        const text = rfc3339(String(nanoseconds));
        const [, second = '', fraction = ''] = /^(.{19})\.(\d{9})Z$/.exec(text) ?? [];
        expect(BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(fraction)).toBe(nanoseconds);
      }),
    );
  });
});

describe('formatLogText', () => {
  it('puts worker and time in front', () => {
    const line = { worker: 'worker-1', timestamp, text: ' text' };
    expect(formatLogText(line, { timestamps: true })).toBe('2026-11-24T08:00:00.000000001Z worker-1 |  text');
    expect(formatLogText(line, { timestamps: false })).toBe('worker-1 |  text');
  });
});

describe('formatLogJson', () => {
  it('is one line of JSON, whatever the text', () => {
    const text = 'a\n"b"\u2028\u001b[31m\u0000';
    const json = formatLogJson({ worker: 'w-1', timestamp, stream: 'stderr', level: 'warn', text });
    expect(json).not.toContain('\n');
    expect(JSON.parse(json)).toEqual({
      time: '2026-11-24T08:00:00.000000001Z',
      worker: 'w-1',
      stream: 'stderr',
      level: 'warn',
      text,
    });
  });

  it('gives the fields of a JSON text, of no other', () => {
    const line = { worker: 'w-1', timestamp, kind: 'notice', level: 'none' } as const;
    const text = '\u001b[1m{"loss":{"train":0.5},"time":"x"}\u001b[0m';
    expect(JSON.parse(formatLogJson({ ...line, text }))).toEqual({
      time: '2026-11-24T08:00:00.000000001Z',
      worker: 'w-1',
      stream: 'notice',
      level: 'none',
      text,
      fields: { 'loss.train': 0.5, time: 'x' },
    });
    expect(formatLogJson({ ...line, text: 'a=1' })).not.toContain('fields');
  });
});
