import type { CallInput, CallOutput } from '#shared/contract/calls.ts';
import type { StreamInput, StreamItem } from '#shared/contract/streams.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';

/** What the metrics service answers; meanings are in shared/contract/streams.ts and metricsCalls.ts. */
export interface MetricsService extends Disposable {
  /** @throws FlotillaError `not-found` for an app that is not on the list */
  watch(request: StreamInput<'metrics'>, signal: AbortSignal): AsyncIterable<StreamItem<'metrics'>[]>;
  /** @throws FlotillaError `not-found` when the view is closed */
  attend(request: CallInput<'metrics.attend'>): null;
  /** @throws FlotillaError `invalid-input` for a time that ends before it begins */
  history(request: CallInput<'metrics.history'>): Promise<CallOutput<'metrics.history'>>;
}
