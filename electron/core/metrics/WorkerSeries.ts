import { METRICS, type MetricsRow } from '#shared/domain/Metrics.ts';
import { rounded } from '#shared/metrics/HistoryGrid.ts';
import type { Sample } from '#shared/metrics/sampleBetween.ts';
import { SampleRing } from '#shared/metrics/SampleRing.ts';
import { Thinner } from '#shared/metrics/Thinner.ts';
import type { MetricsArchive } from './MetricsArchive.ts';

/** Ten minutes of samples, one a second. */
const RING_SAMPLES = 600;

/** All that is kept of one worker, whichever containers it has had: the newest samples in memory, thinned ones on the disk. */
export class WorkerSeries {
  readonly worker: string;
  readonly service: string;
  readonly ring = new SampleRing(RING_SAMPLES);
  readonly #tens: Thinner;
  readonly #minutes: Thinner;
  #last: Sample | undefined;

  constructor(worker: string, service: string, archive: MetricsArchive) {
    this.worker = worker;
    this.service = service;
    this.#minutes = new Thinner(60_000, (record) => archive.add('60s', { worker, ...record }));
    this.#tens = new Thinner(10_000, (record) => {
      archive.add('10s', { worker, ...record });
      this.#minutes.add(record.atMs, record.spanMs, record.mean, record.min, record.max);
    });
  }

  add(sample: Sample): void {
    this.#last = sample;
    this.ring.push(sample);
    this.#tens.add(sample.atMs, sample.spanMs, sample.values);
  }

  /** The newest; undefined before the first. */
  row(): MetricsRow | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const values: (number | null)[] = [];
    for (let index = 0; index < METRICS.length; index += 1) {
      const value = last.values[index] as number;
      values.push(Number.isNaN(value) ? null : rounded(value));
    }
    return { worker: this.worker, atMs: last.atMs, spanMs: Math.round(last.spanMs), values };
  }

  /** Gives what is being thinned to the archive. */
  flush(): void {
    this.#tens.flush();
    this.#minutes.flush();
  }
}
