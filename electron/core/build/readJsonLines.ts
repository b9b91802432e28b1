import type { Readable } from 'node:stream';

/** A line longer than this is no event of a build. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

export type JsonLine = { ok: true; value: unknown } | { ok: false; text: string };

/**
 * The JSON values of a newline-delimited stream, one after another; the source is read only as fast as the caller
 * asks. A last line without its newline counts.
 */
export async function* readJsonLines(source: Readable): AsyncGenerator<JsonLine> {
  for await (const line of readLines(source)) {
    const parsed = parse(line);
    if (parsed !== undefined) yield parsed;
  }
}

/** As readJsonLines, also for values that are written over several lines, as programs indent them. */
export async function* readIndentedJson(source: Readable): AsyncGenerator<JsonLine> {
  let held: string[] = [];
  let heldLength = 0;
  for await (const line of readLines(source)) {
    if (held.length === 0 && line.trimEnd() !== '{') {
      const parsed = parse(line);
      if (parsed !== undefined) yield parsed;
      continue;
    }
    held.push(line);
    heldLength += line.length;
    if (heldLength > LONGEST_LINE_BYTES) throw tooLong();
    // Only the brace that closes the whole stands at the beginning of a line.
    if (line.trimEnd() !== '}') continue;
    const parsed = parse(held.join('\n'));
    if (parsed !== undefined) yield parsed;
    held = [];
    heldLength = 0;
  }
  // A program that was ended in the middle: what it said is not lost.
  for (const text of held) yield { ok: false, text };
}

/** Lines without their ends. Bytes are joined before they are decoded, so no character is split. */
async function* readLines(source: Readable): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    let chunk: Buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10)) {
      held.push(chunk.subarray(0, end));
      yield Buffer.concat(held).toString('utf8');
      held = [];
      heldBytes = 0;
      chunk = chunk.subarray(end + 1);
    }
    if (chunk.length === 0) continue;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes > LONGEST_LINE_BYTES) throw tooLong();
  }
  if (heldBytes > 0) yield Buffer.concat(held).toString('utf8');
}

const tooLong = (): Error => new Error('The engine sent a line of more than 4 MiB.');

function parse(line: string): JsonLine | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, text };
  }
}
