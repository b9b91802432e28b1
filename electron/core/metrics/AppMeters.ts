import type { GpuReading, MeterState, MetricsPhase, MetricsState } from '#shared/domain/Metrics.ts';
import type { StatsReading } from '#shared/metrics/readStats.ts';
import { metricAt, type Sample } from '#shared/metrics/sampleBetween.ts';
import { Limiter } from '../apps/Limiter.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import type { AppProgress } from './AppProgress.ts';
import { ContainerMeter } from './ContainerMeter.ts';
import { firstLook, lookPause } from './lookPause.ts';
import type { MetricsArchive } from './MetricsArchive.ts';
import type { MetricsView } from './MetricsView.ts';
import { WorkerSeries } from './WorkerSeries.ts';

/** Looks at workers of a live view that are out of sight. */
const UNSEEN_MS = 10_000;
/** Looks while every viewer is hidden: rates are means between two looks, so nothing that was used is missed. */
const HIDDEN_MS = 180_000;
const LOOKS_AT_ONCE = 32;
/** A stream that ended while its container seems to run is opened again after this. */
const REOPEN_MS = 1_000;
/** What was last read of GPUs counts so long. */
const GPU_VALID_MS = 15_000;

const GPU = metricAt('gpu');
const GPU_MEMORY = metricAt('gpuMemory');
const PROGRESS = metricAt('progress');

/** Hears every reading of an app's containers, whoever it was taken for. */
export type ReadingListener = (containerId: string, reading: StatsReading) => void;

/** What a worker's GPUs do, summed. */
export interface GpuUse {
  utilisation: number;
  memoryBytes: number;
  readAt: number;
}

/** The meters of one app's containers: as many and as busy as its views ask for together. */
export class AppMeters {
  readonly appId: string;
  readonly archive: MetricsArchive;
  readonly progress: AppProgress;
  readonly series = new Map<string, WorkerSeries>();
  readonly views = new Set<MetricsView>();
  /** Those who write down what a run uses: for them each container is looked at from time to time. */
  readonly recorders = new Set<ReadingListener>();
  /** By container, told by GpuWatch. */
  readonly gpuUse = new Map<string, GpuUse>();
  readonly #meters = new Map<string, ContainerMeter>();
  readonly #oomKills = new Map<string, number>();
  readonly #limiter = new Limiter(() => LOOKS_AT_ONCE);
  #records: readonly ContainerRecord[] = [];
  #phase: MetricsPhase = 'away';
  #gpus: readonly GpuReading[] = [];
  #client: EngineClient | undefined;
  #reopening: NodeJS.Timeout | undefined;

  constructor(appId: string, archive: MetricsArchive, progress: AppProgress) {
    this.appId = appId;
    this.archive = archive;
    this.progress = progress;
  }

  /** Whether anything is to be measured at all. */
  get isWanted(): boolean {
    return this.views.size > 0 || this.recorders.size > 0;
  }

  get isLive(): boolean {
    return this.#phase === 'measuring' && [...this.views].some(({ isHidden }) => !isHidden);
  }

  /** Containers that run, for who looks into them. */
  get running(): readonly ContainerRecord[] {
    return this.#records.filter(isRunning);
  }

  /** Adapts to what there is and who looks. `client`: of an engine that answers. */
  update(records: readonly ContainerRecord[], phase: MetricsPhase, client: EngineClient | undefined): void {
    if (client !== this.#client) this.#stopAll();
    this.#client = client;
    this.#records = records;
    this.#phase = phase;
    for (const { id, oomKilled } of records)
      if (!this.#oomKills.has(id)) this.#oomKills.set(id, oomKilled === true ? 1 : 0);
    const wanted = new Map(records.map((record) => [record.id, this.#wanted(record)]));
    for (const [id, meter] of this.#meters)
      if ((wanted.get(id) ?? 'stopped') === 'stopped') {
        meter.dispose();
        this.#meters.delete(id);
        this.gpuUse.delete(id);
      }
    for (const record of records) {
      const state = wanted.get(record.id);
      if (state === 'live') this.#meter(record)?.follow();
      else if (state === 'slow') this.#meter(record)?.unfollow();
    }
    for (const view of this.views) view.noteState();
  }

  /** Looks at those that are due; called about once a second. */
  lookAround(): void {
    const now = performance.now();
    const forViews = this.views.size === 0 ? Infinity : this.isLive ? UNSEEN_MS : HIDDEN_MS;
    for (const meter of this.#meters.values()) {
      const forRecorders =
        this.recorders.size > 0 ? lookPause(now - meter.beganMs, this.#meters.size) : Infinity;
      const pause = Math.min(forViews, forRecorders);
      // Someone looks again: what would wait for minutes does not.
      if (meter.nextLookMs > now + pause) meter.nextLookMs = now + pause;
      if (meter.isFollowing || meter.nextLookMs > now) continue;
      meter.nextLookMs = now + pause;
      void this.#limiter.run(() => (this.#meters.get(meter.id) === meter ? meter.look() : Promise.resolve()));
    }
  }

  /** Looks at all that are not followed now, and resolves when they have answered. */
  async lookNow(): Promise<void> {
    const now = performance.now();
    const idle = [...this.#meters.values()].filter(({ isFollowing }) => !isFollowing);
    await Promise.all(
      idle.map((meter) => {
        meter.nextLookMs = now + UNSEEN_MS;
        return this.#limiter.run(() => meter.look());
      }),
    );
  }

  noteOom(id: string): void {
    const before = this.#oomKills.get(id);
    if (before === undefined) return;
    this.#oomKills.set(id, before + 1);
    for (const view of this.views) view.noteState();
  }

  noteGpus(gpus: readonly GpuReading[]): void {
    this.#gpus = gpus;
    for (const view of this.views) view.noteState();
  }

  state(): MetricsState {
    const kills = new Map<string, number>();
    for (const record of this.#records)
      kills.set(keyOf(record), (kills.get(keyOf(record)) ?? 0) + (this.#oomKills.get(record.id) ?? 0));
    const shown = new Map<string, ContainerRecord>();
    // While one replaces another the one that runs counts.
    for (const record of this.#records)
      if (!shown.has(keyOf(record)) || isRunning(record)) shown.set(keyOf(record), record);
    return {
      phase: this.#phase,
      workers: [...shown.values()]
        .sort((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : a.index - b.index))
        .map((record) => ({
          worker: keyOf(record),
          service: record.service,
          state: this.#stateOf(record),
          oomKills: kills.get(keyOf(record)) ?? 0,
        })),
      gpus: [...this.#gpus],
    };
  }

  /** Ends all measuring; what was measured stays. */
  async stop(): Promise<void> {
    this.#stopAll();
    this.progress.follow([]);
    for (const one of this.series.values()) one.flush();
    await this.archive.flush();
  }

  #stopAll(): void {
    clearTimeout(this.#reopening);
    this.#reopening = undefined;
    for (const meter of this.#meters.values()) meter.dispose();
    this.#meters.clear();
    this.gpuUse.clear();
  }

  #wanted(record: ContainerRecord): 'live' | 'slow' | 'stopped' {
    if (!isRunning(record) || this.#phase !== 'measuring' || !this.isWanted) return 'stopped';
    const worker = keyOf(record);
    return [...this.views].some((view) => view.sees(worker)) ? 'live' : 'slow';
  }

  #stateOf(record: ContainerRecord): MeterState {
    if (!isRunning(record)) return 'stopped';
    if ((this.series.get(keyOf(record))?.ring.length ?? 0) === 0) return 'waiting';
    return this.#wanted(record) === 'live' ? 'live' : 'slow';
  }

  #meter(record: ContainerRecord): ContainerMeter | undefined {
    const known = this.#meters.get(record.id);
    if (known !== undefined || this.#client === undefined) return known;
    const worker = keyOf(record);
    const meter = new ContainerMeter(this.#client, record, {
      onSample: (sample) => this.#noteSample(worker, record, sample),
      onReading: (reading) => {
        for (const listener of this.recorders) listener(record.id, reading);
      },
      onEnd: () => {
        this.#reopening ??= setTimeout(() => {
          this.#reopening = undefined;
          this.update(this.#records, this.#phase, this.#client);
        }, REOPEN_MS);
      },
    });
    if (this.views.size === 0) {
      const { length } = [...this.#meters.values()].filter(({ isNew }) => isNew);
      meter.nextLookMs = performance.now() + firstLook(length);
    }
    this.#meters.set(record.id, meter);
    return meter;
  }

  #noteSample(worker: string, record: ContainerRecord, sample: Sample): void {
    const gpu = this.gpuUse.get(record.id);
    if (gpu !== undefined && performance.now() - gpu.readAt < GPU_VALID_MS) {
      sample.values[GPU] = gpu.utilisation;
      sample.values[GPU_MEMORY] = gpu.memoryBytes;
    }
    sample.values[PROGRESS] = this.progress.of(worker, record.startedAt);
    let series = this.series.get(worker);
    const isFirst = series === undefined;
    if (series === undefined) {
      series = new WorkerSeries(worker, record.service, this.archive);
      this.series.set(worker, series);
    }
    series.add(sample);
    for (const view of this.views) {
      view.noteSample(worker);
      if (isFirst) view.noteState();
    }
  }
}

const keyOf = ({ service, index }: ContainerRecord): string => `${service}-${index}`;

/** Paused ones use memory, too. */
const isRunning = ({ state }: ContainerRecord): boolean => state === 'running' || state === 'paused';
