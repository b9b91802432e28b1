import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { toErrorShape } from '#shared/contract/errors.ts';
import { hasStatus } from '../apps/stopContainer.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

const MOST_BYTES = 16 * 1024 ** 2;

/** A document, or why there is none. */
export type JsonFile = { document: unknown } | { problem: string };

/**
 * Reads a JSON file out of a container that has ended.
 * @param file relative to `workingDir` unless it begins with `/`
 * @throws FlotillaError `engine-unavailable`, and when the signal aborts
 */
export async function readJsonFile(
  client: EngineClient,
  { id, name, workingDir }: { id: string; name: string; workingDir: string },
  file: string,
  signal: AbortSignal,
): Promise<JsonFile> {
  const path = posix.resolve('/', workingDir, file);
  try {
    const stream = await client.openStream({
      path: `/containers/${id}/archive`,
      query: { path },
      purpose: `results of ${name}`,
      signal,
    });
    try {
      const entries = extract();
      const piped = pipeline(stream.body, entries);
      // Its failure is that of the loop below, too.
      piped.catch(() => undefined);
      for await (const entry of entries) {
        const { type, linkname, size } = entry.header;
        if (type === 'symlink') return { problem: `${file} is a link to ${linkname ?? '?'}: name that file` };
        if (type !== 'file' && type !== 'contiguous-file') return { problem: `${file} is no file` };
        if (size > MOST_BYTES) return { problem: `${file} has ${size} bytes, ${MOST_BYTES} are the most` };
        const chunks: Buffer[] = [];
        for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
        return { document: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown };
      }
      return { problem: `${file} is no file` };
    } finally {
      stream.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SyntaxError) return { problem: `${file} is no JSON: ${error.message}` };
    if (hasStatus(error, 404)) return { problem: `there is no ${file}` };
    const shape = toErrorShape(error);
    if (shape.code === 'engine-unavailable') throw error;
    return { problem: `${file} cannot be read: ${shape.message}` };
  }
}
