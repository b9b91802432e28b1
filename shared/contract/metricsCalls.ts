import { z } from 'zod';
import { METRICS, type MetricsHistory } from '../domain/Metrics.ts';
import { returns } from './returns.ts';

const appId = z.string().min(1).max(128);
const viewId = z.string().min(1).max(64);

/**
 * How much a viewer needs. `live`: every second. `hidden`: it is out of sight; a look now and then keeps its history going. Of a live view
 * only the workers in sight are measured every second, the others every ten; absent: all are in sight.
 */
const attention = {
  pace: z.enum(['live', 'hidden']),
  inSight: z.array(z.string().max(300)).max(10_000).optional(),
};

export const metricsStreamInput = z.strictObject({ appId, ...attention });

/** Calls about the use of cores, memory and the rest; the stream `metrics` tells what is measured. */
export const metricsCalls = {
  /** What the viewer of an open stream needs from now on. */
  'metrics.attend': { input: z.strictObject({ viewId, ...attention }), ...returns<null>() },
  /**
   * What was measured, each worker's in cells of equal length, at most about `points` of them. Older than ten minutes is kept in steps of
   * ten seconds and of one minute, the oldest is dropped. Absent `toMs`: until the newest; `lastMs`: so long before that (the engine's clock may
   * not be ours); neither it nor `fromMs`: from the first that is kept.
   */
  'metrics.history': {
    input: z.strictObject({
      appId,
      fromMs: z.number().min(0).max(8.64e15).optional(),
      toMs: z.number().min(0).max(8.64e15).optional(),
      lastMs: z.number().min(1).max(8.64e15).optional(),
      points: z.number().int().min(1).max(5_000),
      metrics: z.array(z.enum(METRICS)).min(1).max(METRICS.length).optional(),
    }),
    ...returns<MetricsHistory>(),
  },
} as const;
