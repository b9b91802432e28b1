import { LineAssembler } from '../build/LineAssembler.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { FrameDemultiplexer } from '../engine/FrameDemultiplexer.ts';
import { engineTime } from './engineTime.ts';
import type { StudyContainer } from './StudyContainers.ts';

/** When, by the engine's clock, a log had its first line that holds one text and its last that holds another. */
export interface Markers {
  first?: bigint | undefined;
  last?: bigint | undefined;
}

/** Reads the logs of containers that have ended, all of them, for two texts. */
export async function findMarkers(
  client: EngineClient,
  containers: readonly StudyContainer[],
  { from, to }: { from?: string | undefined; to?: string | undefined },
  signal: AbortSignal,
): Promise<Markers> {
  const found: Markers = {};
  for (const { id, name, service } of containers) {
    const lines = new LineAssembler((line) => {
      const space = line.indexOf(' ');
      const text = line.slice(space + 1);
      const isFirst = from !== undefined && text.includes(from);
      const isLast = to !== undefined && text.includes(to);
      const time = isFirst || isLast ? engineTime(line.slice(0, space)) : undefined;
      if (time === undefined) return;
      if (isFirst && (found.first === undefined || time < found.first)) found.first = time;
      if (isLast && (found.last === undefined || time > found.last)) found.last = time;
    });
    const frames = new FrameDemultiplexer((_kind, chunk, start, end) =>
      lines.push(chunk.toString('utf8', start, end)),
    );
    const stream = await client.openStream({
      path: `/containers/${id}/logs`,
      query: { stdout: true, stderr: true, timestamps: true },
      purpose: `markers of ${name}`,
      signal,
    });
    try {
      for await (const chunk of stream.body as AsyncIterable<Buffer>)
        if (service.tty) lines.push(chunk.toString('utf8'));
        else frames.push(chunk);
      lines.flush();
    } finally {
      stream.close();
    }
  }
  return found;
}
