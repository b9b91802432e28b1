import type { Client } from '#shared/contract/Client.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { METRICS, type MetricsHistory, type MetricsState } from '#shared/domain/Metrics.ts';
import { gridOver, HistoryGrid } from '#shared/metrics/HistoryGrid.ts';
import { SampleRing } from '#shared/metrics/SampleRing.ts';
import { followStream } from '../../stores/followStream.ts';
import { type ServiceColumns, totalsOf } from './totalsOf.ts';

export const RANGES = ['1m', '10m', '1h', 'all'] as const;
export type Range = (typeof RANGES)[number];

export interface Span {
  fromMs: number;
  toMs: number;
}

/** What there is to be drawn, of one stretch of time. */
export interface MetricsFrame {
  /** Null until the first news. */
  state: MetricsState | null;
  history: MetricsHistory;
  totals: ServiceColumns[];
  /** A long history is being fetched, and not there yet. */
  isLoading: boolean;
}

const RANGE_MS: Record<Range, number> = { '1m': 60_000, '10m': 600_000, '1h': 3_600_000, all: Infinity };
/** Ten minutes, one sample a second. */
const RING_SAMPLES = 600;
const KEPT_MS = 600_000;
/** Cells that all workers together may have: what is drawn every second must cost little. */
const MOST_CELLS = 20_000;
const MOST_POINTS = 300;
const FEWEST_POINTS = 60;
const LONG_POINTS = 360;
const REFRESH_MS: Record<Range, number> = { '1m': 0, '10m': 0, '1h': 10_000, all: 60_000 };
/** Samples of workers that are measured every second come within this time of each other. */
const ABREAST_MS = 2_500;
const TICK_MS = 1_000;
/** What is drawn may take this share of the time: of thousands of workers it is put together less often. */
const MOST_SHARE = 0.1;
const NO_HISTORY: MetricsHistory = { fromMs: 0, stepMs: 1_000, cells: 0, workers: [] };

/**
 * The metrics of one app for who looks at them: the newest ten minutes are kept here and put together every second, what is older is asked
 * for. Hidden with the window it asks for less.
 */
export class MetricsFeed {
  readonly #client: Client;
  readonly #appId: string;
  readonly #rings = new Map<string, { service: string; ring: SampleRing }>();
  readonly #listeners = new Set<() => void>();
  readonly #ends: (() => void)[] = [];
  #viewId: string | undefined;
  #state: MetricsState | null = null;
  #range: Range = '1m';
  #zoom: Span | null = null;
  #inSight: string[] | undefined;
  #long: { key: string; history: MetricsHistory } | undefined;
  #askedAt = 0;
  #asking = '';
  #heardAt = 0;
  #builtAt = 0;
  #buildMs = 0;
  #frame: MetricsFrame = { state: null, history: NO_HISTORY, totals: [], isLoading: true };

  constructor(client: Client, appId: string) {
    this.#client = client;
    this.#appId = appId;
  }

  /** Begins to listen; the answered function ends it. */
  start(): () => void {
    const { pace } = this.#attention();
    this.#ends.push(
      followStream(this.#client, 'metrics', { appId: this.#appId, pace }, (items) => this.#hear(items)),
    );
    const onVisibility = (): void => this.#attend();
    document.addEventListener('visibilitychange', onVisibility);
    this.#ends.push(() => document.removeEventListener('visibilitychange', onVisibility));
    const timer = setInterval(() => {
      if (!document.hidden && performance.now() - this.#builtAt > TICK_MS * 1.4) this.#build();
    }, TICK_MS);
    this.#ends.push(() => clearInterval(timer));
    return () => {
      for (const end of this.#ends.splice(0)) end();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly frame = (): MetricsFrame => this.#frame;

  /** What stretch is shown: one that goes along with the time, or a fixed part of it. */
  show(range: Range, zoom: Span | null): void {
    if (range === this.#range && zoom === this.#zoom) return;
    this.#range = range;
    this.#zoom = zoom;
    this.#buildMs = 0;
    this.#build();
  }

  /** Workers that can be seen now; undefined: all of them. */
  setInSight(workers: string[] | undefined): void {
    if (this.#inSight?.join('\n') === workers?.join('\n')) return;
    this.#inSight = workers;
    this.#attend();
  }

  #attention(): { pace: 'live' | 'hidden'; inSight?: string[] } {
    const pace = document.hidden ? 'hidden' : 'live';
    return this.#inSight === undefined ? { pace } : { pace, inSight: this.#inSight };
  }

  #attend(): void {
    if (this.#viewId === undefined) return;
    // A view that is gone is opened again, and told then.
    this.#client
      .call('metrics.attend', { viewId: this.#viewId, ...this.#attention() })
      .catch(() => undefined);
  }

  #hear(items: readonly StreamItem<'metrics'>[]): void {
    for (const item of items)
      if (item.kind === 'opened') {
        this.#viewId = item.viewId;
        this.#attend();
        void this.#fill();
      } else if (item.kind === 'state') this.#state = item.state;
      else {
        this.#heardAt = performance.now();
        for (const { worker, atMs, spanMs, values } of item.rows)
          this.#ringOf(worker).push({
            atMs,
            spanMs,
            values: Float64Array.from(values, (value) => value ?? Number.NaN),
          });
      }
    if (!document.hidden) this.#build();
  }

  /** What was measured before this window looked, or while it did not. */
  async #fill(): Promise<void> {
    const history = await this.#client
      .call('metrics.history', { appId: this.#appId, lastMs: KEPT_MS, points: MOST_POINTS })
      .catch(() => undefined);
    if (history === undefined) return;
    for (const { worker, means } of history.workers) {
      const { ring } = this.#ringOf(worker, true);
      const newer: Parameters<SampleRing['push']>[0][] = [];
      ring.eachSince(0, (atMs, spanMs, values) =>
        newer.push({ atMs, spanMs, values: Float64Array.from(values) }),
      );
      const until = newer[0] === undefined ? Infinity : newer[0].atMs - newer[0].spanMs;
      const filled = new SampleRing(RING_SAMPLES);
      for (let cell = 0; cell < history.cells; cell += 1) {
        const atMs = history.fromMs + (cell + 1) * history.stepMs;
        const values = Float64Array.from(METRICS, (metric) => means[metric]?.[cell] ?? Number.NaN);
        if (atMs <= until + history.stepMs / 2 && values.some((value) => !Number.isNaN(value)))
          filled.push({ atMs, spanMs: history.stepMs, values });
      }
      for (const sample of newer) filled.push(sample);
      this.#rings.set(worker, { service: serviceOf(worker), ring: filled });
    }
    this.#build();
  }

  #ringOf(worker: string, whole: true): { ring: SampleRing };
  #ringOf(worker: string): SampleRing;
  #ringOf(worker: string, whole?: true): SampleRing | { ring: SampleRing } {
    let known = this.#rings.get(worker);
    if (known === undefined) {
      known = { service: serviceOf(worker), ring: new SampleRing(RING_SAMPLES) };
      this.#rings.set(worker, known);
    }
    return whole === true ? known : known.ring;
  }

  /** Of the newest moment that all who are measured every second have reached; afterwards it goes with the time. */
  #nowMs(): number {
    const newest = [...this.#rings.values()].map(({ ring }) => ring.lastMs ?? 0);
    const last = Math.max(...newest, 0);
    if (last === 0) return Date.now();
    const since = performance.now() - this.#heardAt;
    if (since > ABREAST_MS) return last + since;
    return Math.min(...newest.filter((atMs) => atMs > last - ABREAST_MS));
  }

  #build(): void {
    const began = performance.now();
    if (began - this.#builtAt < this.#buildMs / MOST_SHARE) return;
    const nowMs = this.#nowMs();
    const span = this.#zoom ?? { fromMs: nowMs - RANGE_MS[this.#range], toMs: nowMs };
    const isHere = span.fromMs >= nowMs - KEPT_MS - TICK_MS;
    const history = isHere ? this.#recent(span) : this.#older();
    this.#frame = {
      state: this.#state,
      history: history ?? NO_HISTORY,
      totals: history === undefined ? [] : totalsOf(history),
      isLoading: history === undefined,
    };
    this.#builtAt = performance.now();
    this.#buildMs = this.#builtAt - began;
    for (const listener of this.#listeners) listener();
  }

  #recent({ fromMs, toMs }: Span): MetricsHistory {
    const points = Math.max(
      FEWEST_POINTS,
      Math.min(MOST_POINTS, Math.floor(MOST_CELLS / Math.max(1, this.#rings.size))),
    );
    const grid = gridOver(Math.max(0, fromMs), Math.max(toMs, 1), points);
    const workers = [...this.#rings].map(([worker, { service, ring }]) => {
      const own = new HistoryGrid(grid, METRICS, false);
      ring.eachSince(grid.fromMs, (atMs, spanMs, values) => own.add(atMs, spanMs, values));
      return { worker, service, ...own.columns() };
    });
    return {
      ...grid,
      workers: workers
        .filter(({ means }) => means.cores !== undefined || means.memory !== undefined)
        .sort(byName),
    };
  }

  /** What was fetched of this stretch; asks for it where it is not there or too old. */
  #older(): MetricsHistory | undefined {
    const zoom = this.#zoom;
    const key = zoom === null ? this.#range : `${zoom.fromMs}-${zoom.toMs}`;
    const fresh = zoom === null ? REFRESH_MS[this.#range] : Infinity;
    if (this.#asking !== key && (this.#long?.key !== key || performance.now() - this.#askedAt > fresh)) {
      this.#asking = key;
      this.#askedAt = performance.now();
      const span =
        zoom !== null
          ? { fromMs: Math.max(0, zoom.fromMs), toMs: zoom.toMs }
          : this.#range === 'all'
            ? {}
            : { lastMs: RANGE_MS[this.#range] };
      this.#client
        .call('metrics.history', { appId: this.#appId, points: LONG_POINTS, ...span })
        .then((history) => {
          this.#long = { key, history };
        })
        .catch(() => {
          this.#long = { key, history: NO_HISTORY };
        })
        .finally(() => {
          if (this.#asking === key) this.#asking = '';
          this.#build();
        });
    }
    return this.#long?.key === key ? this.#long.history : undefined;
  }
}

const serviceOf = (worker: string): string => worker.slice(0, worker.lastIndexOf('-'));
const numberOf = (worker: string): number => Number(worker.slice(worker.lastIndexOf('-') + 1));

function byName(
  one: { worker: string; service: string },
  other: { worker: string; service: string },
): number {
  if (one.service !== other.service) return one.service < other.service ? -1 : 1;
  return numberOf(one.worker) - numberOf(other.worker);
}
