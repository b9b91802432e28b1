import { appendFile, mkdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposable } from '#shared/domain/Disposable.ts';
import { SpoolLock } from '../logs/spool/SpoolLock.ts';
import { decodeRecords, encodeRecords, FILE_HEAD, type WorkerRecord } from './recordFile.ts';

/** Ten seconds, and a minute. */
export const TIERS = ['10s', '60s'] as const;
export type Tier = (typeof TIERS)[number];

/** Of a tier's two files each: with 64 workers ten-second records of about four hours, those of a minute of a day. */
const FILE_LIMIT_BYTES = 8 * 1024 * 1024;
const WRITE_AFTER_MS = 10_000;
/** What a disk that takes nothing may leave waiting. */
const MOST_WAITING = 20_000;

/**
 * The long history of one app on the disk: two files a step, the older of which goes when the newer one is full. Written by one process at a time;
 * others that share the folder read. A process that is killed loses the last seconds, a power cut what the system had not written yet; what is cut in
 * half is taken away before anything is added.
 */
export class MetricsArchive implements Disposable {
  readonly #folder: string;
  readonly #limit: number;
  readonly #waiting: Record<Tier, WorkerRecord[]> = { '10s': [], '60s': [] };
  readonly #sizes = new Map<Tier, number>();
  #lock: SpoolLock | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Writings one after another. */
  #tail: Promise<void> = Promise.resolve();

  constructor(folder: string, limitBytes = FILE_LIMIT_BYTES) {
    this.#folder = folder;
    this.#limit = limitBytes;
  }

  /** Takes a record; it is written within ten seconds, together with others. */
  add(tier: Tier, record: WorkerRecord): void {
    const waiting = this.#waiting[tier];
    if (waiting.length < MOST_WAITING) waiting.push(record);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, WRITE_AFTER_MS);
  }

  /** Writes what waits. A disk that takes nothing is tried again with the next. */
  flush(): Promise<void> {
    this.#tail = this.#tail
      .then(async () => {
        for (const tier of TIERS) await this.#write(tier);
      })
      .catch(() => undefined);
    return this.#tail;
  }

  /** Visits all records of a step that are kept, in the order in which they were written. */
  async read(tier: Tier, visit: (record: WorkerRecord) => void): Promise<void> {
    await this.flush();
    for (const path of [this.#path(tier, 'old.'), this.#path(tier)]) {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes !== undefined) decodeRecords(bytes, visit);
    }
    // What cannot be written is there all the same.
    this.#waiting[tier].forEach(visit);
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
    this.#lock?.release();
    this.#lock = undefined;
  }

  async #write(tier: Tier): Promise<void> {
    const records = this.#waiting[tier];
    if (records.length === 0) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#lock ??= SpoolLock.take(this.#folder);
    if (this.#lock === undefined) {
      // Another process measures the same, and keeps it.
      this.#waiting[tier] = [];
      return;
    }
    const path = this.#path(tier);
    let size = this.#sizes.get(tier) ?? (await repaired(path));
    const bytes = encodeRecords(records);
    if (size + bytes.length > this.#limit && size > FILE_HEAD.length) {
      await rename(path, this.#path(tier, 'old.'));
      size = await begun(path);
    }
    // A failure leaves what is on the disk unknown.
    this.#sizes.delete(tier);
    await appendFile(path, bytes);
    this.#sizes.set(tier, size + bytes.length);
    this.#waiting[tier] = this.#waiting[tier].slice(records.length);
  }

  #path(tier: Tier, age = ''): string {
    return join(this.#folder, `${tier}.${age}bin`);
  }
}

/** A file to write on, what is damaged at its end taken away; its size. */
async function repaired(path: string): Promise<number> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return begun(path);
  const good = decodeRecords(bytes, () => undefined);
  if (good === 0) return begun(path);
  if (good < bytes.length) await truncate(path, good);
  return (await stat(path)).size;
}

async function begun(path: string): Promise<number> {
  await writeFile(path, FILE_HEAD, { mode: 0o600 });
  return FILE_HEAD.length;
}
