import { z } from 'zod';
import type {
  ResultListing,
  ResultPreview,
  RunComparison,
  RunList,
  RunRecord,
  RunSummary,
} from '../domain/Run.ts';
import type { AppView } from '../domain/AppView.ts';
import type { MetricsHistory } from '../domain/Metrics.ts';
import { returns } from './returns.ts';

const id = z.string().min(3).max(64);
const worker = z.string().min(1).max(300);
/** Below a worker's results, with `/`. */
const path = z.string().max(4096);

/** Calls about the ledger of runs; the stream `runChanges` tells when to ask again. */
export const runCalls = {
  'runs.list': {
    input: z.strictObject({
      appId: z.string().min(1).max(128).optional(),
      /** Words, `tag:x`, `is:failed`, `-word`. */
      filter: z.string().max(1000).optional(),
      offset: z.number().int().min(0).max(10_000_000).optional(),
      limit: z.number().int().min(1).max(20_000).optional(),
    }),
    ...returns<RunList>(),
  },
  'runs.show': { input: z.strictObject({ id }), ...returns<RunRecord>() },
  'runs.compare': { input: z.strictObject({ left: id, right: id }), ...returns<RunComparison>() },
  /** What was measured of its containers, also while it goes on; null where nothing was. */
  'runs.metrics': { input: z.strictObject({ id }), ...returns<MetricsHistory | null>() },
  /** What is not named stays; an empty text or list takes it away. */
  'runs.annotate': {
    input: z.strictObject({
      id,
      name: z.string().max(200).optional(),
      note: z.string().max(20_000).optional(),
      tags: z.array(z.string().min(1).max(60)).max(50).optional(),
    }),
    ...returns<RunSummary>(),
  },
  /** With its results; `conflict` while it goes on. */
  'runs.delete': { input: z.strictObject({ id }), ...returns<null>() },
  /** Starts the app again from the very images and settings of a run. */
  'runs.rerun': { input: z.strictObject({ id }), ...returns<AppView>() },
  /** What lies in a folder of a worker's results, by the name of that worker's folder. */
  'runs.results': { input: z.strictObject({ id, worker, path }), ...returns<ResultListing>() },
  'runs.preview': { input: z.strictObject({ id, worker, path }), ...returns<ResultPreview>() },
  /** Desktop only: shows the run's folder in the system's file manager. */
  'runs.openFolder': { input: z.strictObject({ id }), ...returns<null>() },
} as const;

export const runExportInput = z.strictObject({
  id,
  /** Absolute; nothing may be there yet. */
  path: z.string().min(1).max(4096),
  format: z.enum(['folder', 'tar']),
});
