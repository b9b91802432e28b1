import { stripVTControlCharacters } from 'node:util';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { FrameDemultiplexer } from '../engine/FrameDemultiplexer.ts';

const PATIENCE_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const LONGEST_LINE = 500;

/**
 * The last lines that a container wrote, without colours. Empty where its logging driver keeps none or the engine does not answer: they
 * are only said along with what is wrong.
 */
export async function lastLogLines(
  client: EngineClient,
  { id, name, tty }: Pick<ContainerRecord, 'id' | 'name' | 'tty'>,
  count: number,
): Promise<string[]> {
  const chunks: Buffer[] = [];
  try {
    const stream = await client.openStream({
      path: `/containers/${id}/logs`,
      query: { stdout: true, stderr: true, tail: count },
      purpose: `last lines of ${name}`,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    try {
      const frames = new FrameDemultiplexer((_kind, chunk, start, end) => {
        chunks.push(Buffer.from(chunk.subarray(start, end)));
      });
      let bytes = 0;
      for await (const chunk of stream.body as AsyncIterable<Buffer>) {
        if (tty === true) chunks.push(chunk);
        else frames.push(chunk);
        bytes += chunk.length;
        if (bytes > MOST_BYTES) break;
      }
    } finally {
      stream.close();
    }
  } catch {
    // What was read until then counts.
  }
  return stripVTControlCharacters(Buffer.concat(chunks).toString('utf8'))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, LONGEST_LINE));
}
