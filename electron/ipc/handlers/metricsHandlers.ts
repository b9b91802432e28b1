import type { Core } from '#core/Core.ts';
import type { CallHandlers, StreamHandlers } from '../Router.ts';

/** What the calls about metrics do. */
export function metricsCallHandlers({ metrics }: Core) {
  return {
    'metrics.attend': async (request) => metrics.attend(request),
    'metrics.history': (request) => metrics.history(request),
  } satisfies Partial<CallHandlers>;
}

export function metricsStreamHandlers({ metrics }: Core) {
  return {
    metrics: (request, signal) => metrics.watch(request, signal),
  } satisfies Partial<StreamHandlers>;
}
