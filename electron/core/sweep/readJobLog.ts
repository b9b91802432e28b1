import { stripVTControlCharacters } from 'node:util';
import type { SweepColumn } from '#shared/domain/Sweep.ts';
import { LogPicker } from '#shared/sweep/LogPicker.ts';
import { LineAssembler } from '../build/LineAssembler.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { FrameDemultiplexer, STDERR } from '../engine/FrameDemultiplexer.ts';

/** What is kept of a log: its last lines, and not more than so much of them (UTF-16 units). */
const MOST_LINES = 500;
const MOST_TEXT = 32_768;
const LONGEST_LINE = 2_000;

/** Reads all of the log of a container that has ended, for the values of columns and for its last lines. */
export async function readJobLog(
  client: EngineClient,
  { id, name, tty }: { id: string; name: string; tty: boolean },
  columns: readonly SweepColumn[],
  signal: AbortSignal,
): Promise<{ picked: LogPicker; tail: string[] }> {
  const picked = new LogPicker(columns);
  const tail: string[] = [];
  let size = 0;
  const take = (text: string): void => {
    const line = stripVTControlCharacters(text);
    picked.push(line);
    const kept = line.slice(0, LONGEST_LINE);
    tail.push(kept);
    size += kept.length + 1;
    while (tail.length > MOST_LINES || size > MOST_TEXT) size -= (tail.shift()?.length ?? 0) + 1;
  };
  // Standard output and error are two streams: a line of one may come between two halves of another.
  const lines = { stdout: new LineAssembler(take), stderr: new LineAssembler(take) };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const frames = new FrameDemultiplexer((kind, chunk, start, end) => {
    const which = kind === STDERR ? 'stderr' : 'stdout';
    lines[which].push(decoders[which].decode(chunk.subarray(start, end), { stream: true }));
  });
  const stream = await client.openStream({
    path: `/containers/${id}/logs`,
    query: { stdout: true, stderr: true },
    purpose: `log of ${name}`,
    signal,
  });
  try {
    for await (const chunk of stream.body as AsyncIterable<Buffer>)
      if (tty) lines.stdout.push(decoders.stdout.decode(chunk, { stream: true }));
      else frames.push(chunk);
    lines.stdout.flush();
    lines.stderr.flush();
  } finally {
    stream.close();
  }
  return { picked, tail };
}
