import type { Readable } from 'node:stream';

/** A line longer than this is no event of a build. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

export type JsonLine = { ok: true; value: unknown } | { ok: false; text: string };

/**
 * The JSON values of a newline-delimited stream, one after another; the source is read only as fast as the caller
 * asks. A last line without its newline counts. Bytes are joined before they are decoded, so no character is split.
 */
export async function* readJsonLines(source: Readable): AsyncGenerator<JsonLine> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    let chunk: Buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10)) {
      held.push(chunk.subarray(0, end));
      const line = parse(Buffer.concat(held));
      if (line !== undefined) yield line;
      held = [];
      heldBytes = 0;
      chunk = chunk.subarray(end + 1);
    }
    if (chunk.length === 0) continue;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes > LONGEST_LINE_BYTES) throw new Error('The engine sent a line of more than 4 MiB.');
  }
  const last = parse(Buffer.concat(held));
  if (last !== undefined) yield last;
}

function parse(bytes: Buffer): JsonLine | undefined {
  const text = bytes.toString('utf8').trim();
  if (text === '') return undefined;
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, text };
  }
}
