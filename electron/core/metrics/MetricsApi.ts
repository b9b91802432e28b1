import type { CallInput, CallOutput } from '#shared/contract/calls.ts';
import type { StreamInput, StreamItem } from '#shared/contract/streams.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { ReadingListener } from './AppMeters.ts';

export interface Recording extends Disposable {
  /** Looks at all containers now, beside the looks that come by themselves; resolves when they have answered. */
  look(): Promise<void>;
}

/** What the metrics service answers; meanings are in shared/contract/streams.ts and metricsCalls.ts. */
export interface MetricsService extends Disposable {
  /** @throws FlotillaError `not-found` for an app that is not on the list */
  watch(request: StreamInput<'metrics'>, signal: AbortSignal): AsyncIterable<StreamItem<'metrics'>[]>;
  /**
   * Looks at an app's containers from time to time until it is disposed, also while nobody watches, and hears what viewers' streams tell. Nothing is looked at
   * beside the runs of a study. What it sees is kept as what viewers see.
   */
  record(appId: string, onReading: ReadingListener): Recording;
  /** @throws FlotillaError `not-found` when the view is closed */
  attend(request: CallInput<'metrics.attend'>): null;
  /** @throws FlotillaError `invalid-input` for a time that ends before it begins */
  history(request: CallInput<'metrics.history'>): Promise<CallOutput<'metrics.history'>>;
}
