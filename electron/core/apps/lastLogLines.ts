import { stripVTControlCharacters } from 'node:util';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { readContainerOutput } from '../engine/readContainerOutput.ts';

const PATIENCE_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const LONGEST_LINE = 500;

/**
 * The last lines that a container wrote, without colours. Empty where its logging driver keeps none or the engine does not answer: they
 * are only said along with what is wrong.
 */
export async function lastLogLines(
  client: EngineClient,
  container: Pick<ContainerRecord, 'id' | 'name' | 'tty'>,
  count: number,
): Promise<string[]> {
  const chunks: Buffer[] = [];
  try {
    await readContainerOutput(
      client,
      container,
      { tail: count, mostBytes: MOST_BYTES, signal: AbortSignal.timeout(PATIENCE_MS) },
      (bytes) => chunks.push(bytes),
    );
  } catch {
    // What was read until then counts.
  }
  return stripVTControlCharacters(Buffer.concat(chunks).toString('utf8'))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, LONGEST_LINE));
}
