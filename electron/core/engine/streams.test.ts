import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDemultiplexer, STDERR, STDOUT } from './FrameDemultiplexer.ts';
import { type NdjsonItem, NdjsonReader } from './NdjsonReader.ts';

function frame(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

const ONE_BYTE = frame(1, Buffer.from('x'));

/** The bytes cut at any places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe('FrameDemultiplexer', () => {
  const frames = fc.array(
    fc.record({ type: fc.constantFrom(1, 2), payload: fc.uint8Array({ maxLength: 200 }) }),
    { maxLength: 30 },
  );

  it('gives every frame’s bytes to its stream, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 40 }), (list, places) => {
        const bytes = Buffer.concat(list.map(({ type, payload }) => frame(type, Buffer.from(payload))));
        const seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
        let starts = 0;
        const demultiplexer = new FrameDemultiplexer((stream, chunk, start, end, isStart) => {
          const piece = Buffer.from(chunk.subarray(start, end));
          if (stream === STDOUT) seen.stdout.push(piece);
          else if (stream === STDERR) seen.stderr.push(piece);
          if (isStart) starts += 1;
        });
        for (const chunk of cut(bytes, places)) demultiplexer.push(chunk);
        const expected = (type: number) =>
          Buffer.concat(list.filter((one) => one.type === type).map(({ payload }) => Buffer.from(payload)));
        expect(Buffer.concat(seen.stdout)).toEqual(expected(1));
        expect(Buffer.concat(seen.stderr)).toEqual(expected(2));
        expect(starts).toBe(list.filter(({ payload }) => payload.length > 0).length);
        expect(demultiplexer.midFrame).toBe(false);
      }),
    );
  });

  it('takes 1,000,000 one-byte frames in one chunk without growing the stack', () => {
    const bytes = Buffer.concat(Array.from({ length: 1_000_000 }, () => ONE_BYTE));
    let count = 0;
    new FrameDemultiplexer(() => (count += 1)).push(bytes);
    expect(count).toBe(1_000_000);
  });

  it('refuses what is no frame, and a frame of 4 GiB', () => {
    const push = (bytes: Buffer) => () => new FrameDemultiplexer(() => undefined).push(bytes);
    expect(push(frame(7, Buffer.from('x')))).toThrow(
      "The engine's log stream is broken: frame type 7 does not exist.",
    );
    expect(push(Buffer.from('plain text of a terminal'))).toThrow(/frame type \d+ does not exist/);
    expect(push(Buffer.from([1, 0, 0, 0, 255, 255, 255, 255]))).toThrow('a frame claims 4294967295 bytes');
  });
});

describe('NdjsonReader', () => {
  it('reads values and their last line, wherever the chunks are cut, also inside a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: fc.string({ unit: 'binary' }), number: fc.integer() }), { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.boolean(),
        (values, places, withEnd) => {
          const text = values.map((value) => JSON.stringify(value)).join('\n') + (withEnd ? '\n' : '');
          const seen: NdjsonItem[] = [];
          const reader = new NdjsonReader((item) => seen.push(item));
          for (const chunk of cut(Buffer.from(text), places)) reader.push(chunk);
          reader.end();
          expect(seen).toEqual(values.map((value) => ({ ok: true, value })));
        },
      ),
    );
  });

  it('tells of a line that is no JSON and goes on; a line without end is dropped, not kept', () => {
    const seen: NdjsonItem[] = [];
    const reader = new NdjsonReader((item) => seen.push(item), 100);
    reader.push(Buffer.from('{"a":1}\n{"cut\n'));
    reader.push(Buffer.from('y'.repeat(150)));
    reader.push(Buffer.from(`${'y'.repeat(150)}\n{"b":2}\n`));
    reader.end();
    expect(seen.map((item) => (item.ok ? item.value : item.reason))).toEqual([
      { a: 1 },
      'not-json',
      'too-long',
      { b: 2 },
    ]);
  });
});
