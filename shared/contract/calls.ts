import { z } from 'zod';
import type { AppView } from '../domain/AppView.ts';
import { MAX_REPLICAS, MAX_WAIT_MS } from '../domain/limits.ts';
import type { EmbeddedStatus, EndpointProbe, EngineState } from '../domain/Engine.ts';
import type { LogHistogram, LogRow, LogRows, LogWorkerCounts } from '../domain/LogView.ts';
import { ROLES } from '../domain/Role.ts';
import type { ChangePlan } from '../reconcile/ChangePlan.ts';
import { buildCalls, builderSchema } from './buildCalls.ts';
import { generateCalls } from './generateCalls.ts';
import { imageCalls } from './imageCalls.ts';
import { logAnchorSchema } from './logs.ts';
import { metricsCalls } from './metricsCalls.ts';
import { placementCalls } from './placementCalls.ts';
import { projectFileCalls } from './projectFileCalls.ts';
import { returns } from './returns.ts';
import { runCalls } from './runCalls.ts';
import { studyCalls } from './studyCalls.ts';
import { sweepCalls } from './sweepCalls.ts';

const appId = z.string().min(1).max(128);
const serviceName = z.string().min(1).max(255);
export const replicasSchema = z.number().int().min(0).max(MAX_REPLICAS);
const path = z.string().min(1).max(4096);
const none = z.strictObject({});
const viewId = z.string().min(1).max(64);

export interface FolderEntry {
  name: string;
  path: string;
  /** A compose file or Dockerfile lies in it. */
  isProject: boolean;
}

export interface RecentProject {
  id: string;
  title: string;
  path: string;
  openedAt: number;
  exists: boolean;
}

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  /** What Run would replace or remove of an app that runs is shown before. */
  askBeforeChanges: boolean;
  /** Of a core for an hour, in whatever currency; 0: not told yet. */
  corePrice: number;
  /** The same of a GPU. */
  gpuPrice: number;
}

/** THE list of calls: each answers once. Errors are `FlotillaError`s. */
export const calls = {
  /** Version, shell and platform, for the window's title and about box. */
  'app.info': {
    input: none,
    ...returns<{
      version: string;
      shell: 'desktop' | 'web' | 'cli';
      platform: string;
      homeDirectory: string;
      sampleNames: string[];
    }>(),
  },
  'preferences.get': { input: none, ...returns<Preferences>() },
  /** What is not named stays as it is. */
  'preferences.set': {
    input: z.strictObject({
      theme: z.enum(['system', 'light', 'dark']).optional(),
      askBeforeChanges: z.boolean().optional(),
      corePrice: z.number().min(0).max(1e9).optional(),
      gpuPrice: z.number().min(0).max(1e9).optional(),
    }),
    ...returns<Preferences>(),
  },

  /** Probes every known endpoint afresh. */
  'engine.list': { input: none, ...returns<EndpointProbe[]>() },
  'engine.connect': { input: z.strictObject({ endpointId: z.string().max(256) }), ...returns<EngineState>() },
  /** Retries at once instead of waiting for the back-off. */
  'engine.retry': { input: none, ...returns<EngineState>() },
  /** Long answers open on the engine now (events, logs, builds): what the core holds, for tests and the curious. */
  'engine.liveStreams': { input: none, ...returns<{ purpose: string; openedAt: number }[]>() },
  'engine.embedded': { input: none, ...returns<EmbeddedStatus>() },
  'engine.startEmbedded': { input: none, ...returns<EmbeddedStatus>() },
  'engine.stopEmbedded': { input: none, ...returns<EmbeddedStatus>() },

  /** Opens a project folder by absolute path. */
  'apps.open': { input: z.strictObject({ path }), ...returns<AppView>() },
  /** Desktop only: the operating system's folder dialog; null when it was dismissed. */
  'apps.chooseFolder': { input: none, ...returns<AppView | null>() },
  /** Copies a bundled sample into the data folder (once) and opens it. */
  'apps.openSample': { input: z.strictObject({ name: z.string().min(1).max(64) }), ...returns<AppView>() },
  'apps.recents': { input: none, ...returns<RecentProject[]>() },
  /** Takes the app off the list; nothing on disk or engine is touched. Refused while its containers exist. */
  'apps.close': { input: z.strictObject({ appId }), ...returns<null>() },
  'apps.get': { input: z.strictObject({ appId }), ...returns<AppView>() },
  /** Reads the folder again. */
  'apps.reload': { input: z.strictObject({ appId }), ...returns<AppView>() },
  'apps.setRole': {
    input: z.strictObject({ appId, service: serviceName, role: z.enum(ROLES) }),
    ...returns<AppView>(),
  },
  'apps.applyFix': {
    input: z.strictObject({ appId, diagnosticId: z.string().max(512), fixId: z.string().max(512) }),
    ...returns<AppView>(),
  },
  'apps.grantDangers': {
    input: z.strictObject({ appId, dangerIds: z.array(z.string().max(128)).max(1000) }),
    ...returns<AppView>(),
  },
  'apps.dismissError': { input: z.strictObject({ appId }), ...returns<null>() },

  /**
   * Builds the named services (all buildable ones by default); answers when all have ended. `recreate`: containers that were made from the
   * images before are then replaced, one service after the other. Rejects `build-failed`; nothing is recreated then.
   */
  'apps.build': {
    input: z.strictObject({
      appId,
      services: z.array(serviceName).max(200).optional(),
      noCache: z.boolean().optional(),
      /** Default: the best the engine offers. */
      builder: builderSchema.optional(),
      recreate: z.boolean().optional(),
    }),
    ...returns<{ buildIds: string[] }>(),
  },
  /**
   * What `up` would do, and why: steps in order, with what each waits for, and what is left as it is. Reads the folder again, asks the engine,
   * changes nothing. `removeOrphans`: also what is to go because the file has no word of it any more. `retryFailed`: also starts again what
   * failed though its restart policy is “no”.
   */
  'apps.plan': {
    input: z.strictObject({
      appId,
      removeOrphans: z.boolean().optional(),
      retryFailed: z.boolean().optional(),
    }),
    ...returns<ChangePlan>(),
  },
  /**
   * Builds what has no image yet, then does what `apps.plan` says, in dependency order; answers when all is started. What runs as declared is
   * left alone. `wait`: answers only when every service runs, and is healthy where it has a health check (what ended with 0 is done); rejects
   * `engine-error` for the first one that failed or is unhealthy and `timeout`, with the last lines of its log in `detail.log`.
   * `expected`: the digest (see planDigest) of the plan that a person has agreed to; another one is refused with `conflict` and
   * `detail.planChanged`, and nothing is done.
   */
  'apps.up': {
    input: z.strictObject({
      appId,
      build: z.enum(['missing', 'always', 'never']).optional(),
      removeOrphans: z.boolean().optional(),
      retryFailed: z.boolean().optional(),
      wait: z.strictObject({ timeoutMs: z.number().int().min(1).max(MAX_WAIT_MS).optional() }).optional(),
      expected: z.string().max(64).optional(),
    }),
    ...returns<AppView>(),
  },
  /** Answers when the service has the requested replicas, or a later call superseded this one. */
  'apps.scale': {
    input: z.strictObject({ appId, service: serviceName, replicas: replicasSchema }),
    ...returns<AppView>(),
  },
  /** Leaves a service to what its file says of scaling by itself, or takes it back. */
  'apps.setAutoscale': {
    input: z.strictObject({ appId, service: serviceName, on: z.boolean() }),
    ...returns<AppView>(),
  },
  /** Stops all containers, workers before main, each with its grace period; keeps them. */
  'apps.stop': { input: z.strictObject({ appId }), ...returns<AppView>() },
  /** Stops and removes containers and networks; volumes only when asked. */
  'apps.down': { input: z.strictObject({ appId, volumes: z.boolean().optional() }), ...returns<AppView>() },
  'apps.cancel': { input: z.strictObject({ appId, operationId: z.string().max(128) }), ...returns<null>() },

  ...buildCalls,
  ...imageCalls,
  ...projectFileCalls,
  ...placementCalls,
  ...studyCalls,
  ...sweepCalls,
  ...metricsCalls,
  ...runCalls,
  ...generateCalls,

  /** `before` rows in front of the anchor and `count` from it on, as far as there are. */
  'logs.rows': {
    input: z.strictObject({
      viewId,
      anchor: logAnchorSchema,
      before: z.number().int().min(0).max(5000),
      count: z.number().int().min(0).max(5000),
      /** Longest text of a row, in UTF-16 units. Default 4096. */
      maxChars: z.number().int().min(1).max(1_048_576).optional(),
    }),
    ...returns<LogRows>(),
  },
  /** The view's next row after (or before) a place; null when there is none (yet). For stepping through matches. */
  'logs.next': {
    input: z.strictObject({ viewId, from: logAnchorSchema, direction: z.enum(['next', 'previous']) }),
    ...returns<{ row: LogRow; rowNumber: number } | null>(),
  },
  /** Lines over time by level, of the view's workers; terms, fields and times of its query do not count here. */
  'logs.histogram': {
    input: z.strictObject({
      viewId,
      buckets: z.number().int().min(1).max(500),
      fromMs: z.number().min(0).max(8.64e15).optional(),
      toMs: z.number().min(0).max(8.64e15).optional(),
    }),
    ...returns<LogHistogram>(),
  },
  /** Lines over time of each of the view's workers, as `logs.histogram` counts them. */
  'logs.workerCounts': {
    input: z.strictObject({
      viewId,
      buckets: z.number().int().min(1).max(500),
      fromMs: z.number().min(0).max(8.64e15),
      toMs: z.number().min(0).max(8.64e15),
    }),
    ...returns<LogWorkerCounts>(),
  },
  /** Looks no further through old lines; what was found stays, and new lines are looked at as they come. */
  'logs.stopScan': { input: z.strictObject({ viewId }), ...returns<null>() },
  /** Row numbers of rows by their ids, in their order; null for those the view does not show. */
  'logs.locate': {
    input: z.strictObject({ viewId, ids: z.array(z.string().max(64)).max(1000) }),
    ...returns<(number | null)[]>(),
  },
  /** One row whole, with the rows that continue it. */
  'logs.row': {
    input: z.strictObject({ viewId, id: z.string().max(64) }),
    ...returns<{ row: LogRow; continued: LogRow[] }>(),
  },

  /** Folder picker for shells without an operating-system dialog. `path` absent: the home directory. */
  'folders.list': {
    input: z.strictObject({ path: path.optional(), showHidden: z.boolean().optional() }),
    ...returns<{
      path: string;
      parent: string | null;
      entries: FolderEntry[];
      isProject: boolean;
      truncated: boolean;
    }>(),
  },
} as const;

export type CallName = keyof typeof calls;
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = (typeof calls)[Name]['output'];
