import { z } from 'zod';
import type { AppView } from '../domain/AppView.ts';
import type { BuildView } from '../domain/Build.ts';
import type { EngineState } from '../domain/Engine.ts';
import type { ImagesChange, ImageTransfer } from '../domain/Image.ts';
import type { LogLine, LogNotice } from '../domain/LogLine.ts';
import type { LogViewState } from '../domain/LogView.ts';
import type { MetricsRow, MetricsState } from '../domain/Metrics.ts';
import type { RunExportProgress } from '../domain/Run.ts';
import type { StudiesState } from '../domain/Study.ts';
import type { SweepJob, SweepsState, SweepTable } from '../domain/Sweep.ts';
import { logQuerySchema } from './logs.ts';
import { metricsStreamInput } from './metricsCalls.ts';
import { runExportInput } from './runCalls.ts';

const emits = <Item>() => ({ item: undefined as unknown as Item });

/**
 * THE list of streams. Each delivers batches (arrays of items) under credit: the consumer grants batches,
 * the producer is not pulled at zero credit.
 */
export const streams = {
  /** The present state first, then every change. */
  engineState: { input: z.strictObject({}), ...emits<EngineState>() },
  /** A `snapshot` first, then changes; coalesced to at most one view per app per 50 ms. */
  apps: {
    input: z.strictObject({}),
    ...emits<
      | { kind: 'snapshot'; apps: AppView[] }
      | { kind: 'app'; app: AppView }
      | { kind: 'removed'; appId: string }
    >(),
  },
  /** The view first, then changes and output lines; ends when the build has ended. */
  build: {
    input: z.strictObject({ buildId: z.string().min(1).max(128) }),
    ...emits<
      | { kind: 'view'; build: BuildView }
      | { kind: 'output'; lines: { step: number; text: string }[]; dropped: number }
    >(),
  },
  /** A `snapshot` of all images first, then changes; goes on while the engine is away. */
  images: { input: z.strictObject({}), ...emits<ImagesChange>() },
  /** Pulls an image by its reference: its state whenever it changed; ends when it is there. */
  imagePull: { input: z.strictObject({ reference: z.string().min(1).max(512) }), ...emits<ImageTransfer>() },
  /** Pushes a tag of an image to the registry its reference names. */
  imagePush: { input: z.strictObject({ reference: z.string().min(1).max(512) }), ...emits<ImageTransfer>() },
  /** The studies of an app: all of it first, and again whenever it changed. */
  studies: { input: z.strictObject({ appId: z.string().min(1).max(128) }), ...emits<StudiesState>() },
  /** The sweeps of an app: all of it first, and again whenever it changed. */
  sweeps: { input: z.strictObject({ appId: z.string().min(1).max(128) }), ...emits<SweepsState>() },
  /** A sweep's table: all of it first, then jobs that changed; all of it again when the sweep begins or ends. */
  sweep: {
    input: z.strictObject({ sweepId: z.string().min(3).max(64) }),
    ...emits<{ kind: 'table'; table: SweepTable } | { kind: 'job'; job: SweepJob }>(),
  },
  /** Once at first, and whenever something about an app's runs has changed: a number that grows. */
  runChanges: {
    input: z.strictObject({ appId: z.string().min(1).max(128) }),
    ...emits<{ number: number }>(),
  },
  /** Copies all of a run to a folder or into an archive, with progress; broken off, nothing is left of it. */
  runExport: { input: runExportInput, ...emits<RunExportProgress>() },
  /**
   * What the containers of an app use: `opened` first, then the state whenever it changed and the newest row of each worker that was measured
   * since the last batch, about once a second. Containers are measured only while somebody looks, once for all who do, and not beside a study.
   */
  metrics: {
    input: metricsStreamInput,
    ...emits<
      | { kind: 'opened'; viewId: string }
      | { kind: 'state'; state: MetricsState }
      | { kind: 'rows'; rows: MetricsRow[] }
    >(),
  },
  /**
   * Every line of an app in the order of time: the last `tail` of each worker or all since a moment, then live; new replicas join by
   * themselves, workers that were removed are read from the spool.
   */
  logs: {
    input: z.strictObject({
      appId: z.string().min(1).max(128),
      services: z.array(z.string().max(255)).max(200).optional(),
      query: logQuerySchema.optional(),
      tail: z.number().int().min(0).max(1_000_000_000).optional(),
      /** Epoch milliseconds: only lines at or after it. */
      sinceMs: z.number().min(0).max(8.64e15).optional(),
      /** False: ends after what is there now. Default true. */
      follow: z.boolean().optional(),
    }),
    ...emits<{ kind: 'lines'; lines: LogLine[] } | { kind: 'notice'; notice: LogNotice }>(),
  },
  /**
   * Opens a view of an app's log: `opened` first, then its state whenever it changed. Rows are asked for by `logs.rows` with the view's
   * id; the view lives as long as the stream. Ends with `timeout` when its expression takes too long on a line.
   */
  logView: {
    input: z.strictObject({ appId: z.string().min(1).max(128), query: logQuerySchema }),
    ...emits<{ kind: 'opened'; viewId: string } | { kind: 'state'; state: LogViewState }>(),
  },
  /** The rows of a view as text or JSON lines, in pieces, with progress; a snapshot of the moment it was opened. */
  logExport: {
    input: z.strictObject({
      appId: z.string().min(1).max(128),
      query: logQuerySchema,
      format: z.enum(['text', 'jsonl']),
    }),
    ...emits<{ text: string; done: number; total: number }>(),
  },
} as const;

export type StreamName = keyof typeof streams;
export type StreamInput<Name extends StreamName> = z.input<(typeof streams)[Name]['input']>;
export type StreamItem<Name extends StreamName> = (typeof streams)[Name]['item'];
