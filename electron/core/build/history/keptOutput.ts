import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { BuildOutputLine } from '../BuildApi.ts';

export interface KeptOutput {
  lines: BuildOutputLine[];
  /** Lines that came before and are no longer kept. */
  dropped: number;
}

const MOST_LINES = 10_000;
/** Of a build's output as text; lines can be long. */
const MOST_CHARS = 16_000_000;
/** What a file may unpack to: its lines in JSON, at most six bytes a character. */
const MOST_BYTES = 128_000_000;

const headSchema = z.object({ dropped: z.number().int().min(0) });
const lineSchema = z.tuple([z.number().int().min(0), z.string()]);

/** The last lines as compressed JSONL: how many were dropped, then `[step, text]` a line. */
export async function packOutput({ lines, dropped }: KeptOutput): Promise<Buffer> {
  let first = Math.max(0, lines.length - MOST_LINES);
  let chars = 0;
  for (let index = lines.length - 1; index >= first; index -= 1) {
    chars += lines[index]?.text.length ?? 0;
    if (chars > MOST_CHARS) first = index + 1;
  }
  const kept = lines.slice(first).map(({ step, text }) => JSON.stringify([step, text]));
  const head = JSON.stringify({ dropped: dropped + first });
  return promisify(gzip)(Buffer.from([head, ...kept, ''].join('\n')));
}

/** @throws when the bytes are not what {@link packOutput} makes */
export async function unpackOutput(packed: Uint8Array): Promise<KeptOutput> {
  const text = (await promisify(gunzip)(packed, { maxOutputLength: MOST_BYTES })).toString('utf8');
  const [head = '', ...rest] = text.split('\n');
  const { dropped } = headSchema.parse(JSON.parse(head));
  const lines = rest
    .filter((line) => line !== '')
    .map((line) => {
      const [step, content] = lineSchema.parse(JSON.parse(line));
      return { step, text: content };
    });
  return { lines, dropped };
}
