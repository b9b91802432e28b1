import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

const NEWLINE = 10;
/** Eight digits of the checksum, and a space. */
const HEAD = 9;

/** An object as a line of a file that is only ever appended to: its checksum, then its JSON. */
export function checkedLine(value: object): string {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
}

/** The object of such a line, without its newline; undefined where the checksum is not that of the text. */
export function parseCheckedLine(line: string): Record<string, unknown> | undefined {
  const text = line.slice(HEAD);
  if (line.slice(0, HEAD) !== `${checksum(text)} `) return undefined;
  return JSON.parse(text) as Record<string, unknown>;
}

/**
 * Appends objects in one write and makes them safe on the disk. Several processes may append to one file; where one of them was killed half way
 * through a line, what follows begins a new one.
 */
export async function appendCheckedLines(path: string, values: readonly object[]): Promise<void> {
  if (values.length === 0) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const head = size > 0 && last[0] !== NEWLINE ? '\n' : '';
    await handle.writeFile(head + values.map(checkedLine).join(''));
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/**
 * The objects of all whole lines; lines that are damaged are passed over.
 * @returns and where the last whole line ends
 */
export function parseCheckedLines(bytes: Buffer): { values: Record<string, unknown>[]; end: number } {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const values: Record<string, unknown>[] = [];
  for (let start = 0, stop = bytes.indexOf(NEWLINE); stop !== -1; stop = bytes.indexOf(NEWLINE, start)) {
    // The checksum is that of the bytes: the text need not be made into bytes again.
    if (
      stop - start > HEAD &&
      bytes.toString('latin1', start, start + HEAD) === `${checksum(bytes.subarray(start + HEAD, stop))} `
    )
      values.push(JSON.parse(bytes.toString('utf8', start + HEAD, stop)) as Record<string, unknown>);
    start = stop + 1;
  }
  return { values, end };
}

function checksum(text: string | Buffer): string {
  return crc32(text).toString(16).padStart(8, '0');
}
