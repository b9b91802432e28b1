import { setTimeout as delay } from 'node:timers/promises';
import type { StreamInput, StreamItem } from '#shared/contract/streams.ts';
import type { MetricsRow } from '#shared/domain/Metrics.ts';
import type { AppMeters } from './AppMeters.ts';

/** The engine measures all containers one after another: what comes within this time goes in one batch. */
const GATHER_MS = 150;
/** Between two batches. */
const GAP_MS = 800;

type Attention = Pick<StreamInput<'metrics'>, 'pace' | 'inSight'>;

/** One viewer of one app: what it needs, and what it has not been told yet. */
export class MetricsView {
  readonly id: string;
  readonly app: AppMeters;
  #attention: Attention;
  #inSight: ReadonlySet<string> | undefined;
  readonly #changed = new Set<string>();
  #isStateNew = true;
  #wake: (() => void) | undefined;

  constructor(id: string, app: AppMeters, attention: Attention) {
    this.id = id;
    this.app = app;
    this.#attention = attention;
    this.attend(attention);
  }

  attend(attention: Attention): void {
    this.#attention = attention;
    this.#inSight = attention.inSight === undefined ? undefined : new Set(attention.inSight);
  }

  get isHidden(): boolean {
    return this.#attention.pace === 'hidden';
  }

  /** Whether it wants this worker every second. */
  sees(worker: string): boolean {
    return !this.isHidden && (this.#inSight?.has(worker) ?? true);
  }

  noteSample(worker: string): void {
    if (this.isHidden) return;
    this.#changed.add(worker);
    this.#wake?.();
  }

  noteState(): void {
    this.#isStateNew = true;
    this.#wake?.();
  }

  /** What is new, for as long as the signal does not abort. */
  async *batches(signal: AbortSignal): AsyncGenerator<StreamItem<'metrics'>[]> {
    yield [{ kind: 'opened', viewId: this.id }];
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    let sentAt = -Infinity;
    try {
      while (!signal.aborted) {
        if (!this.#isStateNew && this.#changed.size === 0) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          this.#wake = undefined;
          continue;
        }
        await delay(Math.max(GATHER_MS, sentAt + GAP_MS - performance.now()), undefined, { signal }).catch(
          () => undefined,
        );
        if (signal.aborted) return;
        sentAt = performance.now();
        yield this.#news();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #news(): StreamItem<'metrics'>[] {
    const items: StreamItem<'metrics'>[] = [];
    if (this.#isStateNew) items.push({ kind: 'state', state: this.app.state() });
    this.#isStateNew = false;
    const rows: MetricsRow[] = [];
    for (const worker of this.#changed) {
      const row = this.app.series.get(worker)?.row();
      if (row !== undefined) rows.push(row);
    }
    this.#changed.clear();
    if (rows.length > 0) items.push({ kind: 'rows', rows });
    return items;
  }
}
