import type { EngineClient } from './EngineApi.ts';
import { FrameDemultiplexer } from './FrameDemultiplexer.ts';

/**
 * Hands on what the engine keeps of a container's output, both streams, as it comes; ends after `mostBytes`.
 * @param tail last lines; undefined: all
 */
export async function readContainerOutput(
  client: EngineClient,
  { id, name, tty }: { id: string; name: string; tty?: boolean | undefined },
  { tail, mostBytes, signal }: { tail?: number | undefined; mostBytes: number; signal: AbortSignal },
  onBytes: (bytes: Buffer) => void,
): Promise<void> {
  const stream = await client.openStream({
    path: `/containers/${id}/logs`,
    query: { stdout: true, stderr: true, ...(tail === undefined ? {} : { tail }) },
    purpose: `output of ${name}`,
    signal,
  });
  try {
    const frames = new FrameDemultiplexer((_kind, chunk, start, end) =>
      onBytes(Buffer.from(chunk.subarray(start, end))),
    );
    let bytes = 0;
    for await (const chunk of stream.body as AsyncIterable<Buffer>) {
      if (tty === true) onBytes(chunk);
      else frames.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) break;
    }
  } finally {
    stream.close();
  }
}
