import type { GrpcCall } from './GrpcCall.ts';
import { bytesField, numberField, readFields } from './protobufWire.ts';

/** A file, folder or link as the engine is told of it. */
export interface ServedEntry {
  /** With `/`; entries come sorted by path, a folder before what it holds. */
  path: string;
  kind: 'file' | 'folder' | 'link';
  /** POSIX mode. */
  mode: number;
  sizeBytes: number;
  /** Epoch nanoseconds. A file the engine holds from an earlier build is asked for only when this, size or mode differ. */
  modifiedNs: bigint;
  linkTarget?: string | undefined;
}

export interface ServedFolder {
  /** Nothing is told before; never rejects. */
  ready?: Promise<void> | undefined;
  entries: readonly ServedEntry[];
  /** The contents of a file, in pieces. A failure ends the transfer. */
  read(entry: ServedEntry): AsyncIterable<Buffer>;
}

/** Kinds of packets of fsutil (tonistiigi/fsutil, types/wire.proto). */
const STAT = 0;
const REQUEST = 1;
const DATA = 2;
const END = 3;
const FAILURE = 4;

/** Bits of Go's os.FileMode, which differ from POSIX's above the permissions. */
const GO_MODE = {
  folder: 0x80000000,
  link: 0x08000000,
  setuid: 0x00800000,
  setgid: 0x00400000,
  sticky: 0x00100000,
};
/** The engine's side takes no larger messages than 4 MiB. */
const PIECE_BYTES = 256 * 1024;
/** Told at once: some hundred entries. */
const BATCH_BYTES = 64 * 1024;
/** Files read at once: while one waits for the disk, others are sent. */
const FILES_AT_ONCE = 8;

/**
 * Sends a folder as fsutil's DiffCopy does: first what there is, then the contents of those files the engine asks for,
 * which are those it does not have from an earlier build. Settles when the transfer has ended, whichever way.
 */
export async function serveFolder(call: GrpcCall, folder: ServedFolder): Promise<void> {
  const files = new Map(folder.entries.map((entry, id) => [id, entry]));
  const send = async (id: number): Promise<void> => {
    const entry = files.get(id);
    files.delete(id);
    if (entry?.kind !== 'file')
      throw new Error(`The engine asks for a file that it was not told of (${id}).`);
    for await (const content of folder.read(entry))
      for (let at = 0; at < content.length; at += PIECE_BYTES)
        await call.write(dataPacket(id, content.subarray(at, at + PIECE_BYTES)));
    await call.write(dataPacket(id, Buffer.alloc(0)));
  };
  let fail: (error: unknown) => void = () => {};
  // The first file that cannot be sent ends the transfer, whatever else is under way.
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const tell = async (): Promise<void> => {
    await folder.ready;
    let batch: Buffer[] = [];
    let bytes = 0;
    for (const entry of folder.entries) {
      const packet = Buffer.concat([numberField(1, STAT), bytesField(2, stat(entry))]);
      batch.push(packet);
      bytes += packet.length;
      if (bytes < BATCH_BYTES) continue;
      await call.write(...batch);
      batch = [];
      bytes = 0;
    }
    await call.write(...batch, numberField(1, STAT));
  };
  const answer = async (): Promise<void> => {
    const sending = new Set<Promise<void>>();
    for await (const packet of call.messages()) {
      const { kind, id } = readPacket(packet);
      if (kind === REQUEST) {
        const one = send(id)
          .catch(fail)
          .finally(() => sending.delete(one));
        sending.add(one);
        if (sending.size >= FILES_AT_ONCE) await Promise.race(sending);
      } else if (kind === END) {
        await Promise.all(sending);
        return call.write(numberField(1, END));
      } else if (kind === FAILURE) return;
    }
  };
  try {
    await Promise.race([Promise.all([tell(), answer()]), failed]);
  } catch (error) {
    if (call.isOver) return;
    const words = error instanceof Error ? error.message : String(error);
    await call.write(Buffer.concat([numberField(1, FAILURE), bytesField(4, words)]));
  }
}

function readPacket(packet: Buffer): { kind: number; id: number } {
  const found = { kind: STAT, id: 0 };
  for (const { number, value } of readFields(packet)) {
    if (typeof value !== 'number') continue;
    if (number === 1) found.kind = value;
    else if (number === 3) found.id = value;
  }
  return found;
}

function dataPacket(id: number, data: Buffer): Buffer {
  return Buffer.concat([numberField(1, DATA), numberField(3, id), bytesField(4, data)]);
}

/** Owner and group are 0, which are the defaults. */
function stat(entry: ServedEntry): Buffer {
  return Buffer.concat([
    bytesField(1, entry.path),
    numberField(2, goMode(entry)),
    numberField(5, entry.kind === 'file' ? entry.sizeBytes : 0),
    numberField(6, entry.modifiedNs),
    ...(entry.linkTarget === undefined ? [] : [bytesField(7, entry.linkTarget)]),
  ]);
}

function goMode({ kind, mode }: ServedEntry): number {
  let bits = mode & 0o777;
  if ((mode & 0o4000) !== 0) bits += GO_MODE.setuid;
  if ((mode & 0o2000) !== 0) bits += GO_MODE.setgid;
  if ((mode & 0o1000) !== 0) bits += GO_MODE.sticky;
  if (kind === 'folder') bits += GO_MODE.folder;
  if (kind === 'link') bits += GO_MODE.link;
  return bits;
}
