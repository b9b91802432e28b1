import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ContainerIdentity, ContainerSpool, type Segment, type SpoolOwner } from './ContainerSpool.ts';
import { restoreContainer } from './restoreContainer.ts';
import { fileSegment, memorySegment, type SegmentTarget } from './SegmentTarget.ts';
import { indexPath, META_NAME, segmentPath } from './spoolFiles.ts';
import { SpoolLock } from './SpoolLock.ts';

const MOST_SEGMENT_BYTES = 32 * 1024 * 1024;
const LEAST_SEGMENT_BYTES = 256 * 1024;
/** An app's limit over this is what a segment may take: what is evicted at once stays a small part. */
const SEGMENTS_PER_LIMIT = 32;
/** A block that is not written yet. */
const GROWING_BYTES = 128 * 1024;
const MEMORY_SEGMENT_BYTES = 1024 * 1024;
/** Kept in memory, of all workers together, while the disk takes nothing. */
const MOST_MEMORY_BYTES = 32 * 1024 * 1024;
/** A disk that refused is tried again after this long. */
const DISK_RETRY_MS = 10_000;

const metaSchema = z.object({
  version: z.literal(1),
  number: z.number().int().min(0),
  id: z.string(),
  worker: z.string(),
  service: z.string(),
  /** Epoch milliseconds of the newest start and end that a notice was written for. */
  noticedStart: z.number().optional(),
  noticedEnd: z.number().optional(),
});

export interface ContainerMeta extends ContainerIdentity {
  noticedStart?: number | undefined;
  noticedEnd?: number | undefined;
}

/** A container's spool with what is remembered of it. */
export interface SpooledContainer {
  spool: ContainerSpool;
  meta: ContainerMeta;
  folder: string;
  /** Another process writes it. */
  isForeign: boolean;
}

export interface AppSpoolListener {
  /** Something was appended after a time of quiet. */
  onDirty(): void;
  onEvicted(container: number): void;
  /** What is wrong changed. */
  onWarnings(): void;
}

/**
 * One app's spool: a folder a container, all of them together within a limit of bytes; the oldest segments go first. When the disk
 * refuses, the newest lines are kept in memory until it takes them again.
 */
export class AppSpool implements SpoolOwner {
  readonly limitBytes: number;
  readonly #folder: string;
  /** Where this process writes: the folder, or one of its own while another process writes there. */
  readonly #ownFolder: string;
  readonly containers = new Map<number, SpooledContainer>();
  readonly #byId = new Map<string, SpooledContainer>();
  readonly #listener: AppSpoolListener;
  readonly #lock: SpoolLock | undefined;
  readonly #damage: string[] = [];
  #nextNumber = 1;
  #evictedLines = 0;
  #diskRefusedAt = 0;
  #diskError: string | undefined;

  constructor(folder: string, limitBytes: number, listener: AppSpoolListener) {
    this.#folder = folder;
    this.limitBytes = limitBytes;
    this.#listener = listener;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.#refuse(error);
    }
    this.#lock = SpoolLock.take(folder);
    this.#ownFolder =
      this.#lock === undefined && this.#diskError === undefined
        ? mkdtempSync(join(tmpdir(), 'flotilla-log-'))
        : folder;
    this.#load();
  }

  get evictedLines(): number {
    return this.#evictedLines;
  }

  get diskBytes(): number {
    let sum = 0;
    for (const { spool } of this.containers.values()) sum += spool.diskBytes;
    return sum;
  }

  get lines(): number {
    let sum = 0;
    for (const { spool } of this.containers.values()) sum += spool.endLine - spool.firstLine;
    return sum;
  }

  /** What a reader must know. */
  get warnings(): string[] {
    return this.#diskError === undefined
      ? this.#damage
      : [
          `Log lines are not written to disk now: ${this.#diskError}. The newest ${MOST_MEMORY_BYTES / 1024 / 1024} MiB are kept in memory until it works again.`,
          ...this.#damage,
        ];
  }

  /** The container's spool, begun when it is new. */
  container(id: string, worker: string, service: string): SpooledContainer {
    const known = this.#byId.get(id);
    if (known?.isForeign === false) return known;
    // The engine has what the other process keeps, and what is to come.
    if (known !== undefined) this.containers.delete(known.meta.number);
    const number = this.#nextNumber++;
    const meta: ContainerMeta = { number, id, worker, service };
    const folder = join(this.#ownFolder, `${number}-${id.slice(0, 12)}`);
    const entry = { spool: new ContainerSpool(meta, this), meta, folder, isForeign: false };
    this.#add(entry);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.saveMeta(entry);
    } catch (error) {
      this.#refuse(error);
    }
    return entry;
  }

  find(id: string): SpooledContainer | undefined {
    return this.#byId.get(id);
  }

  saveMeta(entry: SpooledContainer): void {
    const path = join(entry.folder, META_NAME);
    try {
      writeFileSync(`${path}.new`, `${JSON.stringify({ version: 1, ...entry.meta })}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      this.#refuse(error);
    }
  }

  segmentBytes(): number {
    return Math.min(
      MOST_SEGMENT_BYTES,
      Math.max(LEAST_SEGMENT_BYTES, Math.floor(this.limitBytes / SEGMENTS_PER_LIMIT)),
    );
  }

  beginSegment(spool: ContainerSpool, number: number): SegmentTarget {
    const entry = this.containers.get(spool.identity.number) as SpooledContainer;
    if (this.#diskError !== undefined && Date.now() - this.#diskRefusedAt < DISK_RETRY_MS)
      return this.#inMemory(number);
    return fileSegment(entry.folder, number);
  }

  onDirty(): void {
    this.#listener.onDirty();
  }

  onWriteError(spool: ContainerSpool, _target: SegmentTarget, error: unknown): SegmentTarget {
    this.#refuse(error);
    return this.#inMemory(spool.nextSegment);
  }

  /** Looks whether a disk that refused takes something again; to be called now and then while there are warnings. */
  retryDisk(): void {
    if (this.#diskError === undefined || Date.now() - this.#diskRefusedAt < DISK_RETRY_MS) return;
    const probe = join(this.#ownFolder, 'probe');
    try {
      writeFileSync(probe, Buffer.alloc(256 * 1024));
      rmSync(probe, { force: true });
      this.#diskError = undefined;
      for (const { spool } of this.containers.values())
        if (spool.segments.at(-1)?.memory !== undefined) spool.rollSegment();
      this.#listener.onWarnings();
    } catch (failure) {
      rmSync(probe, { force: true });
      this.#refuse(failure);
    }
  }

  flush(): void {
    for (const { spool } of this.containers.values()) spool.flush();
  }

  close(): void {
    for (const { spool, isForeign } of this.containers.values()) if (!isForeign) spool.close();
    this.#lock?.release();
    if (this.#ownFolder !== this.#folder) rmSync(this.#ownFolder, { recursive: true, force: true });
  }

  #add(entry: SpooledContainer): void {
    this.containers.set(entry.meta.number, entry);
    this.#byId.set(entry.meta.id, entry);
    this.#nextNumber = Math.max(this.#nextNumber, entry.meta.number + 1);
  }

  #load(): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.#folder);
    } catch (error) {
      this.#refuse(error);
    }
    const isForeign = this.#ownFolder !== this.#folder;
    for (const name of names) {
      const number = Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      this.#nextNumber = Math.max(this.#nextNumber, number + 1);
      const folder = join(this.#folder, name);
      try {
        const meta = metaSchema.parse(JSON.parse(readFileSync(join(folder, META_NAME), 'utf8')));
        const { spool, damage } = restoreContainer(folder, isForeign);
        this.#damage.push(...damage.map((text) => `${meta.worker}: ${text}`));
        this.#add({ spool: new ContainerSpool(meta, this, spool), meta, folder, isForeign });
      } catch (error) {
        this.#damage.push(
          `The kept log in ${name} cannot be read: ${(error as Error).message.slice(0, 200)}`,
        );
      }
    }
  }

  makeRoom(): void {
    // Each worker's growing block comes on top.
    const slack = Math.min(this.limitBytes / 4, this.containers.size * GROWING_BYTES);
    while (this.diskBytes + slack > this.limitBytes) {
      const oldest = this.#oldest((segment) => segment.memory === undefined);
      if (oldest === undefined) return;
      this.#evict(oldest);
    }
  }

  /** The container whose oldest segment of the kind is the oldest of all; those with more than one segment go before the others. */
  #oldest(isWanted: (segment: Segment) => boolean): SpooledContainer | undefined {
    let found: SpooledContainer | undefined;
    let foundKey = Number.POSITIVE_INFINITY;
    for (const single of [false, true]) {
      for (const entry of this.containers.values()) {
        const { segments, table } = entry.spool;
        const [first] = segments;
        if (entry.isForeign || first === undefined || !isWanted(first) || (segments.length === 1) !== single)
          continue;
        if (table.first >= first.endBlock) return entry;
        const key = table.lastKey(first.endBlock - 1);
        if (key < foundKey) {
          found = entry;
          foundKey = key;
        }
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #evict(entry: SpooledContainer): void {
    const before = entry.spool.firstLine;
    const segment = entry.spool.dropOldest();
    if (segment === undefined) return;
    this.#evictedLines += entry.spool.firstLine - before;
    if (segment.memory === undefined) {
      rmSync(segmentPath(entry.folder, segment.number), { force: true });
      rmSync(indexPath(entry.folder, segment.number), { force: true });
    }
    this.#listener.onEvicted(entry.meta.number);
  }

  #inMemory(number: number): SegmentTarget {
    for (;;) {
      let bytes = 0;
      for (const { spool } of this.containers.values())
        for (const segment of spool.segments) bytes += segment.memory?.byteLength ?? 0;
      if (bytes + MEMORY_SEGMENT_BYTES <= MOST_MEMORY_BYTES) break;
      const oldest = this.#oldest((segment) => segment.memory !== undefined) ?? this.#memoryBehindDisk();
      if (oldest === undefined) break;
      this.#evict(oldest);
    }
    return memorySegment(number, MEMORY_SEGMENT_BYTES);
  }

  /** A container that holds memory behind segments on disk: its disk part has to go first, since lines are kept from the newest on. */
  #memoryBehindDisk(): SpooledContainer | undefined {
    return [...this.containers.values()].find(
      ({ spool }) => spool.segments.filter((segment) => segment.memory !== undefined).length > 1,
    );
  }

  #refuse(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    this.#diskRefusedAt = Date.now();
    this.#diskError =
      code === 'ENOSPC'
        ? 'the disk is full'
        : code === 'EDQUOT'
          ? 'the disk quota is used up'
          : `the spool folder cannot be written (${message})`;
    this.#listener.onWarnings();
  }
}
