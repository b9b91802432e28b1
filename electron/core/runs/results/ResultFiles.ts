import { createReadStream } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ResultEntry, ResultListing, ResultPreview } from '#shared/domain/Run.ts';
import { parseTable } from '#shared/runs/parseTable.ts';
import type { RunFolder } from '../RunFolder.ts';
import { safeParts } from './safePath.ts';

const MOST_ENTRIES = 2_000;
const MOST_TEXT_BYTES = 256 * 1024;
const MOST_IMAGE_BYTES = 8 * 1024 ** 2;
const MOST_ROWS = 200;

const IMAGES: readonly { type: string; isIt: (head: Buffer) => boolean }[] = [
  { type: 'image/png', isIt: (head) => head.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', isIt: (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff },
  { type: 'image/gif', isIt: (head) => /^GIF8[79]a/.test(head.subarray(0, 6).toString('latin1')) },
  {
    type: 'image/webp',
    isIt: (head) => /^RIFF....WEBP/s.test(head.subarray(0, 12).toString('latin1')),
  },
];

/** What lies in a folder of a worker's results: folders first, then files, by name. @throws FlotillaError `not-found` */
export async function listResults(run: RunFolder, worker: string, path: string): Promise<ResultListing> {
  const folder = placeOf(run, worker, path);
  const found = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw gone(worker, path);
  });
  found.sort(
    (a, b) =>
      Number(b.isDirectory()) - Number(a.isDirectory()) ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
  const entries = await Promise.all(
    found
      .slice(0, MOST_ENTRIES)
      .map(
        async (entry): Promise<ResultEntry> =>
          entry.isDirectory()
            ? { name: entry.name, kind: 'folder' }
            : { name: entry.name, kind: 'file', size: (await lstat(join(folder, entry.name))).size },
      ),
  );
  return { entries, total: found.length };
}

/** The beginning of a file, as what it is: a table, text, an image. @throws FlotillaError `not-found` */
export async function previewResult(run: RunFolder, worker: string, path: string): Promise<ResultPreview> {
  const file = placeOf(run, worker, path);
  const info = await lstat(file).catch(() => undefined);
  if (info?.isFile() !== true) throw gone(worker, path);
  const { size } = info;
  const sha256 = await hashOf(run.manifest(worker), path);
  const head = await readHead(file, MOST_TEXT_BYTES);
  const image =
    IMAGES.find(({ isIt }) => isIt(head))?.type ?? (isSvg(path, head) ? 'image/svg+xml' : undefined);
  if (image !== undefined) {
    if (size > MOST_IMAGE_BYTES)
      return { size, sha256, kind: 'none', reason: 'The image is too large to be shown here.' };
    const whole = await readHead(file, MOST_IMAGE_BYTES);
    return { size, sha256, kind: 'image', url: `data:${image};base64,${whole.toString('base64')}` };
  }
  if (size === 0) return { size, sha256, kind: 'none', reason: 'The file is empty.' };
  const text = textOf(head, size);
  if (text === undefined)
    return { size, sha256, kind: 'none', reason: 'This is no text, and no image that can be shown here.' };
  const truncated = size > head.length;
  const table = /\.(csv|tsv)$/i.test(path)
    ? parseTable(text, { isCut: truncated, mostRows: MOST_ROWS })
    : undefined;
  return table === undefined
    ? { size, sha256, kind: 'text', text, truncated }
    : { size, sha256, kind: 'table', rows: table.rows, truncated: truncated || table.truncated };
}

function placeOf(run: RunFolder, worker: string, path: string): string {
  const found = safeParts(`${worker}/${path}`);
  const name = safeParts(worker);
  if ('reason' in found || 'reason' in name || name.parts.length !== 1) throw gone(worker, path);
  return join(run.results, ...found.parts);
}

function gone(worker: string, path: string): FlotillaError {
  return new FlotillaError(
    'not-found',
    `There is no ${path === '' ? 'result' : path} of ${worker} in this run.`,
  );
}

async function readHead(path: string, most: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(most);
    const { bytesRead } = await handle.read(head, 0, most, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Undefined for what is no UTF-8 text. A character that the cut goes through is left out. */
function textOf(head: Buffer, size: number): string | undefined {
  if (head.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: size > head.length });
  } catch {
    return undefined;
  }
}

function isSvg(path: string, head: Buffer): boolean {
  return /\.svg$/i.test(path) && /<svg[\s>]/i.test(head.subarray(0, 4096).toString('utf8'));
}

/** The hash of a file by the list that was written when it was copied. */
async function hashOf(list: string, path: string): Promise<string | undefined> {
  const start = `{"path":${JSON.stringify(path)},"size"`;
  const input = createReadStream(list);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      if (line.startsWith(start)) return (JSON.parse(line) as { sha256?: string }).sha256;
  } catch {
    // Without its list a file is shown all the same.
  } finally {
    input.destroy();
  }
  return undefined;
}
