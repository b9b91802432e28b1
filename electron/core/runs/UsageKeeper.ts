import { setTimeout as delay } from 'node:timers/promises';
import type { RunSummary } from '#shared/domain/Run.ts';
import type { StatsReading } from '#shared/metrics/readStats.ts';
import { totalUsage } from '#shared/runs/totalUsage.ts';
import { UsageTally } from '#shared/runs/UsageTally.ts';
import type { ReadingListener } from '../metrics/AppMeters.ts';
import type { Recording } from '../metrics/MetricsApi.ts';
import { type RunDetail, type RunFolder, workersOf } from './RunFolder.ts';
import type { RunIndex } from './RunIndex.ts';

/** Readings that come within this time are written together. */
const GATHER_MS = 2_000;
/** What is read every second is written down less often: when so much time is new, and this share of all of it. */
const LEAST_NEW_MS = 5_000;
const NEW_SHARE = 1 / 16;
/** An engine that does not answer holds nothing else up. */
const LOOK_PATIENCE_MS = 3_000;

export interface UsageHost {
  index: RunIndex;
  /** Has an app's containers looked at until it is disposed. */
  measure(onReading: ReadingListener): Recording;
  changed(): void;
  log(message: string): void;
}

/** Writes down what the containers of one run use, from its beginning or from when it is taken up to its end. */
export class UsageKeeper {
  readonly #host: UsageHost;
  readonly #summary: RunSummary;
  readonly #folder: RunFolder;
  readonly #detail: RunDetail;
  readonly #tallies = new Map<string, UsageTally>();
  readonly #due = new Set<string>();
  readonly #measuring: Recording;
  readonly #countersBefore: ReadonlyMap<string, number>;
  #timer: NodeJS.Timeout | undefined;
  #tail: Promise<void> = Promise.resolve();

  /** @param countersBefore of containers that ran already when the run began: nanoseconds that are not of it */
  constructor(
    host: UsageHost,
    { summary, folder, detail }: { summary: RunSummary; folder: RunFolder; detail: RunDetail },
    countersBefore: ReadonlyMap<string, number> = new Map(),
  ) {
    this.#host = host;
    this.#summary = summary;
    this.#folder = folder;
    this.#detail = detail;
    this.#countersBefore = countersBefore;
    this.#measuring = host.measure((id, reading) => this.#note(id, reading));
  }

  /** The containers' CPU counters as they were read last, nanoseconds. */
  get counters(): ReadonlyMap<string, number> {
    return new Map([...this.#tallies].map(([id, tally]) => [id, tally.counterNs]));
  }

  /** Looks at what still runs: the run's end is a moment to be told of exactly. */
  async look(): Promise<void> {
    await Promise.race([this.#measuring.look(), delay(LOOK_PATIENCE_MS, undefined, { ref: false })]);
    for (const id of this.#tallies.keys()) this.#due.add(id);
    await this.write();
  }

  /** Writes what is known now. Never rejects. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tail = this.#tail
      .then(() => this.#write())
      .catch((error: unknown) => this.#host.log(`usage of run ${this.#summary.id}: ${String(error)}`));
    return this.#tail;
  }

  /** Ends the looks, and writes what they told. */
  async close(): Promise<void> {
    await this.#measuring.dispose();
    for (const id of this.#tallies.keys()) this.#due.add(id);
    await this.write();
  }

  #note(id: string, reading: StatsReading): void {
    let tally = this.#tallies.get(id);
    if (tally === undefined) {
      tally = new UsageTally(this.#detail.usage.get(id), this.#countersBefore.get(id));
      this.#tallies.set(id, tally);
    }
    tally.note(reading);
    const written = this.#detail.usage.get(id)?.readAt ?? 0;
    const age = reading.readMs - (this.#detail.workers.get(id)?.startedAt ?? this.#summary.startedAt);
    if (written > 0 && reading.readMs - written < Math.max(LEAST_NEW_MS, age * NEW_SHARE)) return;
    this.#due.add(id);
    this.#timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  async #write(): Promise<void> {
    const { workers, usage } = this.#detail;
    const lines = [...this.#due].flatMap((of) => {
      const now = this.#tallies.get(of)?.usage();
      // One that is not of the run yet may join it.
      if (now === undefined || !workers.has(of)) return [];
      this.#due.delete(of);
      return now.readAt === usage.get(of)?.readAt ? [] : [{ usage: now, of }];
    });
    await this.#folder.append(lines);
    for (const line of lines) usage.set(line.of, line.usage);
    const total = totalUsage(workersOf(this.#detail));
    if (total === undefined || JSON.stringify(total) === JSON.stringify(this.#summary.usage)) return;
    await this.#host.index.append({ id: this.#summary.id, usage: total });
    this.#host.changed();
  }
}
