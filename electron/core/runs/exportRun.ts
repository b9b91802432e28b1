import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { MetricsHistory } from '#shared/domain/Metrics.ts';
import type { RunExportProgress, RunRecord } from '#shared/domain/Run.ts';
import { historyCsv } from '#shared/metrics/metricsCsv.ts';

const TELL_MS = 100;

interface Part {
  /** Within the export, with `/`. */
  name: string;
  size: number;
  mtime?: Date | undefined;
  open(): Readable;
}

/**
 * Writes all of a run to a folder or an archive: `run.json`, the compose file, what was measured of it, its results with the
 * lists of them, and its log. It stands at its
 * place only when it is whole.
 *
 * @param log the run's lines as text, in pieces, held in memory to know their size
 * @throws FlotillaError `conflict` where something stands there, `cancelled`, or what the disk says
 */
export async function* exportRun(
  record: RunRecord,
  log: AsyncIterable<string>,
  { path, format }: { path: string; format: 'folder' | 'tar' },
  signal: AbortSignal,
): AsyncGenerator<RunExportProgress[]> {
  if ((await lstat(path).catch(() => undefined)) !== undefined)
    throw new FlotillaError('conflict', `${path} is there already.`, { hint: 'Give another name.' });
  await mkdir(dirname(path), { recursive: true });
  const parts = await partsOf(record, log);
  const totalBytes = parts.reduce((sum, { size }) => sum + size, 0);
  const partial = `${path}.partial`;
  const progress = { bytes: 0, totalBytes };
  const counted = async function* (part: Part): AsyncGenerator<Buffer> {
    for await (const chunk of part.open()) {
      progress.bytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  };
  const work = (format === 'tar' ? writeTar : writeFolder)(partial, parts, counted, signal);
  const state: { failure?: unknown; isOver: boolean } = { isOver: false };
  const over = work
    .catch((error: unknown) => (state.failure = error))
    .then(() => {
      state.isOver = true;
    });
  try {
    while (!state.isOver) {
      yield [{ ...progress }];
      await Promise.race([over, new Promise((resolve) => setTimeout(resolve, TELL_MS))]);
    }
    if (signal.aborted) throw new FlotillaError('cancelled', 'The export was cancelled.');
    if (state.failure !== undefined)
      throw new FlotillaError(
        'internal',
        `The run cannot be exported to ${path}: ${messageOf(state.failure)}.`,
        {
          hint: 'Look whether there is room, and whether you may write there.',
        },
      );
    await rename(partial, path);
    yield [{ ...progress, done: path }];
  } finally {
    await over;
    await rm(partial, { recursive: true, force: true });
  }
}

async function partsOf({ folder, ...record }: RunRecord, log: AsyncIterable<string>): Promise<Part[]> {
  const pieces: Buffer[] = [];
  for await (const text of log) pieces.push(Buffer.from(text));
  const { compose, ...facts } = record;
  const parts = [textPart('run.json', [Buffer.from(`${JSON.stringify(facts, null, 2)}\n`)])];
  if (compose !== undefined) parts.push(textPart('compose.yaml', [Buffer.from(compose)]));
  if (pieces.length > 0) parts.push(textPart('log.txt', pieces));
  const metrics = await readFile(join(folder, 'metrics.json')).catch(() => undefined);
  if (metrics !== undefined) {
    parts.push(textPart('metrics.json', [metrics]));
    const csv = historyCsv(JSON.parse(metrics.toString()) as MetricsHistory);
    parts.push(textPart('metrics.csv', [Buffer.from(csv)]));
  }
  for (const name of ['manifests', 'results']) await addFolder(parts, join(folder, name), name);
  return parts;
}

async function addFolder(parts: Part[], path: string, name: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const inner = join(path, entry.name);
    const innerName = `${name}/${entry.name}`;
    if (entry.isDirectory()) await addFolder(parts, inner, innerName);
    else if (entry.isFile()) {
      const { size, mtime } = await lstat(inner);
      parts.push({ name: innerName, size, mtime, open: () => createReadStream(inner) });
    }
  }
}

function textPart(name: string, pieces: Buffer[]): Part {
  return {
    name,
    size: pieces.reduce((sum, piece) => sum + piece.length, 0),
    open: () => Readable.from(pieces),
  };
}

type Counted = (part: Part) => AsyncIterable<Buffer>;

async function writeFolder(
  path: string,
  parts: readonly Part[],
  counted: Counted,
  signal: AbortSignal,
): Promise<void> {
  for (const part of parts) {
    const target = join(path, ...part.name.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await pipeline(counted(part), await newFile(target), { signal });
  }
}

async function writeTar(
  path: string,
  parts: readonly Part[],
  counted: Counted,
  signal: AbortSignal,
): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, await newFile(path), { signal });
  const filled = (async () => {
    for (const part of parts) {
      const { name, size, mtime } = part;
      const entry = archive.entry({ name, size, mode: 0o644, ...(mtime === undefined ? {} : { mtime }) });
      await pipeline(counted(part), entry, { signal });
    }
    archive.finalize();
  })();
  filled.catch((error: unknown) => archive.destroy(error as Error));
  await Promise.all([written, filled]);
}

/** Made before anything can be broken off: a stream that makes it may do so after what was written has been removed again. */
const newFile = async (path: string): Promise<Writable> => (await open(path, 'wx')).createWriteStream();

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
