/** Bytes of a tar block: headers and contents are padded to it. */
export const BLOCK_BYTES = 512;
/** Two empty blocks end an archive. */
export const END_OF_TAR_BYTES = 2 * BLOCK_BYTES;

export interface TarEntry {
  /** With `/`; a folder's without one at the end. */
  path: string;
  kind: 'file' | 'folder' | 'link';
  /** Of the content that follows; 0 for folders and links. */
  sizeBytes: number;
  /** The low twelve bits are written. */
  mode: number;
  /** Epoch milliseconds. */
  modifiedMs: number;
  linkTarget?: string | undefined;
  /** Numbers up to 2,097,151; 0 unless it is said. */
  owner?: { uid: number; gid: number } | undefined;
}

const NAME_BYTES = 100;
/** The largest number eleven octal digits hold: 8 GiB less one. */
const LARGEST_OCTAL = 8 ** 11 - 1;
/** The last second a 32-bit tar time can hold. */
const LATEST_SECONDS = 2 ** 31 - 1;
const TYPES = { file: 0x30, link: 0x32, folder: 0x35, pax: 0x78 };
/** Plain characters only: whatever else there is goes into a PAX record, whose text is UTF-8 by definition. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * The header of a tar entry: one USTAR block, with a PAX header before it for what does not fit (long or non-ASCII names,
 * sizes from 8 GiB on). Owner and group are 0 unless they are said: the same content gives the same bytes for whoever packs it.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const records: string[] = [];
  const name = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const target = entry.linkTarget ?? '';
  if (!fits(name)) records.push(paxRecord('path', name));
  if (!fits(target)) records.push(paxRecord('linkpath', target));
  if (entry.sizeBytes > LARGEST_OCTAL) records.push(paxRecord('size', String(entry.sizeBytes)));
  if (records.length === 0) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    writeBlock(block, 0, TYPES[entry.kind], name, target, entry.sizeBytes, entry);
    return block;
  }
  const body = Buffer.from(records.join(''));
  const padded = paddedSize(body.length);
  const bytes = Buffer.alloc(BLOCK_BYTES + padded + BLOCK_BYTES);
  writeBlock(bytes, 0, TYPES.pax, 'PaxHeader', '', body.length, {
    mode: 0o644,
    modifiedMs: entry.modifiedMs,
  });
  body.copy(bytes, BLOCK_BYTES);
  const size = entry.sizeBytes > LARGEST_OCTAL ? 0 : entry.sizeBytes;
  writeBlock(bytes, BLOCK_BYTES + padded, TYPES[entry.kind], shorten(name), shorten(target), size, entry);
  return bytes;
}

/** What `sizeBytes` of content take in an archive. */
export const paddedSize = (sizeBytes: number): number => Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;

const fits = (text: string): boolean => text.length <= NAME_BYTES && PLAIN.test(text);

/** For readers that know no PAX; the others take the record. */
const shorten = (text: string): string => text.replace(/[^\x20-\x7e]/g, '_').slice(0, NAME_BYTES);

/** `LENGTH key=value`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function writeBlock(
  into: Buffer,
  at: number,
  type: number,
  name: string,
  target: string,
  size: number,
  { mode, modifiedMs, owner }: Pick<TarEntry, 'mode' | 'modifiedMs' | 'owner'>,
): void {
  EMPTY_BLOCK.copy(into, at);
  into.write(name, at, NAME_BYTES, 'latin1');
  octal(into, at + 100, 7, mode & 0o7777);
  octal(into, at + 124, 11, size);
  octal(into, at + 136, 11, seconds(modifiedMs));
  into[at + 156] = type;
  if (target !== '') into.write(target, at + 157, NAME_BYTES, 'latin1');
  // Of what every block has in common the sum is known; the rest lies in these three places.
  let sum = EMPTY_SUM + sumOf(into, at, at + Math.min(name.length, NAME_BYTES));
  sum += sumOf(into, at + 100, at + 107) + sumOf(into, at + 124, at + 148) + type;
  if (target !== '') sum += sumOf(into, at + 157, at + 257);
  if (owner !== undefined) {
    sum -= sumOf(into, at + 108, at + 124);
    octal(into, at + 108, 7, owner.uid);
    octal(into, at + 116, 7, owner.gid);
    sum += sumOf(into, at + 108, at + 124);
  }
  octal(into, at + 148, 6, sum);
}

/** What the headers of all entries share: no owner, no group, no device, the sum’s own field still empty. */
const EMPTY_BLOCK = Buffer.alloc(BLOCK_BYTES);
for (const field of [108, 116, 329, 337]) octal(EMPTY_BLOCK, field, 7, 0);
EMPTY_BLOCK.write('ustar\x0000', 257, 'latin1');
/** With the sum's field counted as eight blanks, of which the last stays one. */
const EMPTY_SUM = sumOf(EMPTY_BLOCK, 0, BLOCK_BYTES) + 8 * 0x20;
EMPTY_BLOCK[155] = 0x20;

function sumOf(bytes: Buffer, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += bytes[index] ?? 0;
  return sum;
}

/** Zero-padded; the byte after it stays 0. */
function octal(into: Buffer, at: number, digits: number, value: number): void {
  let left = value;
  for (let index = at + digits - 1; index >= at; index -= 1) {
    into[index] = 0x30 + (left % 8);
    left = Math.floor(left / 8);
  }
}

function seconds(modifiedMs: number): number {
  const whole = Math.floor(modifiedMs / 1000);
  return Number.isFinite(whole) ? Math.min(Math.max(whole, 0), LATEST_SECONDS) : 0;
}
