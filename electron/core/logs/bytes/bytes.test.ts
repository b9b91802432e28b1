import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpBodyReader } from './HttpBodyReader.ts';
import { LogLineAssembler, LONGEST_LINE_BYTES } from './LogLineAssembler.ts';
import { nanosecondText, sinceText, TimestampReader } from './parseTimestamp.ts';

interface Seen {
  stream: number;
  time: string;
  text: string;
  truncated?: boolean;
}

function frame(type: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** The bytes cut at any places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

const TIME = '2026-11-24T08:00:00.000000001Z';
const NANOSECONDS = '1795507200000000001';

function assemble(chunks: readonly Buffer[], tty = false): Seen[] {
  const seen: Seen[] = [];
  const assembler = new LogLineAssembler(tty, (stream, micros, nanos, bytes, start, end, truncated) =>
    seen.push({
      stream,
      time: nanosecondText(micros, nanos),
      text: bytes.toString('utf8', start, end),
      ...(truncated ? { truncated } : {}),
    }),
  );
  for (const chunk of chunks) {
    // What is handed on is valid during the call only: nothing may be kept of a chunk.
    const own = Buffer.from(chunk);
    assembler.push(own);
    own.fill(0x21);
  }
  assembler.end();
  return seen;
}

const one = (text: string, stream = 1, time = NANOSECONDS): Seen => ({ stream, time, text });

describe('LogLineAssembler', () => {
  it('gives each line its stream and its time, without CR', () => {
    expect(
      assemble([frame(1, `${TIME} one\n`), frame(2, `${TIME} two\r\n`), frame(1, `${TIME} \n`)]),
    ).toEqual([one('one'), one('two', 2), one('')]);
  });

  it('joins a line that the engine cut into parts of 16 KiB, each with a time, also between other lines', () => {
    const later = '2026-11-24T08:00:01Z';
    expect(
      assemble([
        frame(1, `${TIME} ${'a'.repeat(16_384)}`),
        frame(2, `${TIME} between\n`),
        frame(1, `${later} ${'b'.repeat(16_384)}`),
        frame(1, `${later} c\n`),
        frame(1, `${later} next\n`),
      ]),
    ).toEqual([
      one('between', 2),
      one(`${'a'.repeat(16_384)}${'b'.repeat(16_384)}c`),
      one('next', 1, '1795507201000000000'),
    ]);
  });

  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', ' ', 'a'.repeat(200), 'é'.repeat(120)),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const clean = (list: readonly string[]) =>
    list.map((text) => Buffer.from(text.replaceAll(/[\r\n]/g, ' ')).toString('utf8'));
  const places = fc.array(fc.nat(), { maxLength: 40 });

  it('reads the same lines wherever the bytes are cut: within headers, times and characters', () => {
    fc.assert(
      fc.property(texts, places, (list, at) => {
        const lines = clean(list);
        const bytes = Buffer.concat(lines.map((text, index) => frame((index % 2) + 1, `${TIME} ${text}\n`)));
        expect(assemble(cut(bytes, at))).toEqual(lines.map((text, index) => one(text, (index % 2) + 1)));
      }),
    );
  });

  it('reads the same lines cut at every single byte', () => {
    const bytes = Buffer.concat([frame(1, `${TIME} one é\n`), frame(2, `${TIME} two\n`)]);
    for (let at = 0; at <= bytes.length; at += 1)
      expect(assemble([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([one('one é'), one('two', 2)]);
    expect(assemble([...bytes].map((byte) => Buffer.from([byte])))).toEqual([one('one é'), one('two', 2)]);
  });

  it('reads a terminal’s log, which has no frames, wherever it is cut', () => {
    fc.assert(
      fc.property(texts, places, (list, at) => {
        const lines = clean(list);
        const bytes = Buffer.from(lines.map((text) => `${TIME} ${text}\r\n`).join(''));
        expect(assemble(cut(bytes, at), true)).toEqual(lines.map((text) => one(text)));
      }),
    );
  });

  it('takes the times out of the middle of a terminal’s long line', () => {
    const parts = ['a'.repeat(16_384), 'b'.repeat(16_384), 'c'];
    expect(assemble([Buffer.from(`${parts.map((part) => `${TIME} ${part}`).join('')}\r\n`)], true)).toEqual([
      one(parts.join('')),
    ]);
  });

  it('keeps a last line without its newline, and shares a time among the lines of one frame', () => {
    expect(assemble([frame(1, `${TIME} a\nb\nno newline`)])).toEqual([one('a'), one('b'), one('no newline')]);
  });

  it('cuts a line of 50 MB, says so, and goes on with the next', () => {
    const part = frame(1, `${TIME} ${'x'.repeat(16_384)}`);
    const seen = assemble([
      ...Array.from({ length: 3_200 }, () => part),
      frame(1, `${TIME} \n`),
      frame(1, `${TIME} y\n`),
    ]);
    expect(seen.map((line) => [line.text.length, line.truncated])).toEqual([
      [LONGEST_LINE_BYTES, true],
      [1, undefined],
    ]);
    expect(seen[1]).toEqual(one('y'));
  });

  it('keeps NUL bytes and replaces what is no UTF-8 on reading only', () => {
    const [line] = assemble([
      frame(1, Buffer.concat([Buffer.from(`${TIME} a\0`), Buffer.from([0xff, 0x0a])])),
    ]);
    expect(line?.text).toBe('a\0\ufffd');
  });

  it('keeps the text whole where there is no time, as of now', () => {
    const before = Date.now() * 1e6;
    for (const text of [
      'no time here at all',
      'x',
      'noblankwithinthefirstfortycharactersofthistext and more',
    ]) {
      const [line] = assemble([frame(1, `${text}\n`)]);
      expect(line?.text).toBe(text);
      expect(Number(line?.time)).toBeGreaterThanOrEqual(before - 1e9);
    }
  });

  it('throws for what is no frame', () => {
    expect(() => assemble([frame(7, 'x')])).toThrow('frame type 7 does not exist');
    expect(() => assemble([Buffer.from([1, 0, 0, 0, 255, 255, 255, 255])])).toThrow('4294967295 bytes');
  });
});

describe('times', () => {
  const read = (text: string) => {
    const reader = new TimestampReader();
    const bytes = Buffer.from(`${text} rest`);
    return reader.read(bytes, 0, bytes.length) ? nanosecondText(reader.micros, reader.nanos) : undefined;
  };

  it('keep their nanoseconds, with any number of decimals and any offset', () => {
    expect(read(TIME)).toBe(NANOSECONDS);
    expect(read('2026-11-24T09:00:00.5+01:00')).toBe('1795507200500000000');
    expect(read('2026-11-24T02:30:00.123456789-05:30')).toBe('1795507200123456789');
    expect(read('2026-11-24T08:00:00Z')).toBe('1795507200000000000');
    for (const wrong of [
      'yesterday',
      '2026-13-24T08:00:00Z',
      '2026-11-24 08:00:00Z',
      '2026-11-24T08:00:00',
      '2026-11-24T08:00:00.Z1',
      '',
    ])
      expect(read(wrong), wrong).toBeUndefined();
  });

  it('agree with Date for every second, also when one reader reads many', () => {
    const reader = new TimestampReader();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.nat({ max: 999_999_999 }), (second, fraction) => {
        const text = `${new Date(second * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, '0')}Z `;
        expect(reader.read(Buffer.from(text), 0, text.length)).toBe(true);
        expect(nanosecondText(reader.micros, reader.nanos)).toBe(
          String(BigInt(second) * 1_000_000_000n + BigInt(fraction)),
        );
        expect(reader.end).toBe(text.length);
        expect(sinceText(reader.micros, reader.nanos)).toBe(`${second}.${String(fraction).padStart(9, '0')}`);
      }),
      {
        examples: [
          [0, 0],
          [0, 7],
        ],
      },
    );
  });
});

describe('HttpBodyReader', () => {
  const readAll = (chunks: readonly Buffer[]) => {
    const body: Buffer[] = [];
    const seen = { status: 0, ended: 0, headers: new Map<string, string>() };
    const reader = new HttpBodyReader({
      onHead(status, headers) {
        seen.status = status;
        seen.headers = headers;
      },
      onBody: (bytes, start, end) => body.push(Buffer.from(bytes.subarray(start, end))),
      onEnd: () => (seen.ended += 1),
    });
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    const complete = reader.close();
    return { ...seen, body: Buffer.concat(body), complete };
  };
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });
  const places = fc.array(fc.nat(), { maxLength: 60 });
  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: x\r\n';

  it('reads a chunked body wherever it is cut, with extensions and trailers', () => {
    fc.assert(
      fc.property(pieces, places, (list, at) => {
        const chunks = list.map((piece, index) =>
          Buffer.concat([
            Buffer.from(`${piece.length.toString(16)}${index % 3 === 0 ? ';name=f00d' : ''}\r\n`),
            piece,
            Buffer.from('\r\n'),
          ]),
        );
        const answer = Buffer.concat([
          Buffer.from(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`),
          ...chunks,
          Buffer.from('0\r\nTrailer: x\r\n\r\n'),
        ]);
        const seen = readAll(cut(answer, at));
        expect(seen.body).toEqual(Buffer.concat(list));
        expect([seen.status, seen.ended, seen.complete]).toEqual([200, 1, true]);
        expect(seen.headers.get('content-type')).toBe('x');
      }),
    );
  });

  it('reads a counted body and one that ends with the connection', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), places, (bytes, at) => {
        const counted = Buffer.concat([Buffer.from(`${HEAD}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
        const open = Buffer.concat([Buffer.from(`${HEAD}\r\n`), bytes]);
        for (const answer of [counted, open]) {
          const seen = readAll(cut(answer, at));
          expect(seen.body).toEqual(Buffer.from(bytes));
          expect([seen.ended, seen.complete]).toEqual([1, true]);
        }
      }),
    );
  });

  it('tells a body that was cut short from one that is complete', () => {
    expect(readAll([Buffer.from(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nab`)]).complete).toBe(false);
    expect(readAll([Buffer.from(`${HEAD}Content-Length: 5\r\n\r\nab`)]).complete).toBe(false);
    expect(readAll([Buffer.from('HTTP/1.1 200')]).complete).toBe(false);
  });

  it('refuses what is no HTTP', () => {
    const push = (text: string) => () => readAll([Buffer.from(text)]);
    expect(push('<html>hello</html>\r\n\r\n')).toThrow('it does not speak HTTP');
    expect(push(`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)).toThrow('no number');
    expect(push(`${HEAD}Transfer-Encoding: chunked\r\n\r\n\r\n`)).toThrow('no length');
    expect(push(`${HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n`)).toThrow(
      'larger than anything',
    );
    expect(push(`${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`)).toThrow(
      'does not end where it should',
    );
    expect(push('x'.repeat(70_000))).toThrow('too long');
  });
});
