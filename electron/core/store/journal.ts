import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkedLine, parseCheckedLine } from './checkedLines.ts';

/**
 * A file with a first line that says what it is about and a line for each thing that was done, each with a checksum before it and written through before anything
 * goes on. Cut off anywhere, the lines before are what is there.
 */
export async function createJournal(path: string, head: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(checkedLine(head));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Adds a line; it is safe on the disk when this resolves. */
export async function appendToJournal(path: string, entry: object): Promise<void> {
  const handle = await open(path, 'a');
  try {
    await handle.writeFile(checkedLine(entry));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Takes away what is damaged at its end, so that it can be written on. */
export async function cutJournal(path: string, goodBytes: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(goodBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * What a journal holds, up to the first line that is damaged or that `readEntry` does not know; undefined where not even its head can be read.
 * @returns and how many bytes of it are good
 */
export function parseJournal<Head, Entry>(
  bytes: Buffer,
  readHead: (value: Record<string, unknown>) => Head | undefined,
  readEntry: (value: Record<string, unknown>) => Entry | undefined,
): { head: Head; entries: Entry[]; goodBytes: number } | undefined {
  let head: Head | undefined;
  const entries: Entry[] = [];
  let goodBytes = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', goodBytes)) {
    const value = parseCheckedLine(bytes.toString('utf8', goodBytes, end));
    if (value === undefined) break;
    if (head === undefined) {
      head = readHead(value);
      if (head === undefined) return undefined;
    } else {
      const entry = readEntry(value);
      if (entry === undefined) break;
      entries.push(entry);
    }
    goodBytes = end + 1;
  }
  return head === undefined ? undefined : { head, entries, goodBytes };
}
