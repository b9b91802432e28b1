import type { PreparedApp } from './prepareApp.ts';
import type { AutoscaleOptions } from './autoscaleApp.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { BuilderKind, ChangedCode, ContextPreview } from '#shared/domain/Build.ts';
import type { Danger } from '#shared/domain/Diagnostic.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { LogLine, LogNotice } from '#shared/domain/LogLine.ts';
import type { LogAnchor, LogHistogram, LogRows, LogWorkerCounts } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import type { ContainerRecord } from '../engine/EngineApi.ts';
import type { Role } from '#shared/domain/Role.ts';

/** What shells and handlers ask of the apps layer. Interfaces only; meanings are in shared/contract/calls.ts. */
export interface AppsService extends Disposable {
  views(): AppView[];
  get(appId: string): AppView;
  /** The containers an app has now. */
  containers(appId: string): ContainerRecord[];
  onApp(
    listener: (change: { kind: 'app'; app: AppView } | { kind: 'removed'; appId: string }) => void,
  ): Disposable;
  open(path: string): Promise<AppView>;
  openSample(name: string): Promise<AppView>;
  sampleNames(): Promise<string[]>;
  recents(): Promise<CallOutput<'apps.recents'>>;
  /** Takes an app off the list. `forget`: off the list of recent projects too. */
  close(appId: string, options?: { forget?: boolean }): Promise<void>;
  reload(appId: string): Promise<AppView>;
  setRole(appId: string, service: string, role: Role): Promise<AppView>;
  applyFix(appId: string, diagnosticId: string, fixId: string): Promise<AppView>;
  grantDangers(appId: string, dangerIds: string[]): Promise<AppView>;
  dismissError(appId: string): void;
  build(
    appId: string,
    options: {
      services?: string[] | undefined;
      noCache?: boolean | undefined;
      builder?: BuilderKind | undefined;
      recreate?: boolean | undefined;
      signal?: AbortSignal | undefined;
    },
  ): Promise<{ buildIds: string[] }>;
  buildContext(
    appId: string,
    service: string,
    options: { signal?: AbortSignal | undefined },
  ): Promise<ContextPreview>;
  /** Services whose image is there and older than the files it is made from. @throws FlotillaError `not-found`, `engine-unavailable` */
  changedCode(appId: string, options: { signal?: AbortSignal | undefined }): Promise<ChangedCode[]>;
  ignoreInContext(
    appId: string,
    service: string,
    path: string,
    options: {
      undo?: boolean | undefined;
      removeFile?: boolean | undefined;
      signal?: AbortSignal | undefined;
    },
  ): Promise<ContextPreview>;
  /** The folder of an opened project, real and absolute, and what was read from it last. @throws FlotillaError `not-found`, or why the folder cannot be read */
  project(appId: string): { path: string; model: AppModel | undefined };
  /** Undefined for what is no opened folder, and while its files cannot be read. */
  runFacts(appId: string): RunFacts | undefined;
  /** There is one at most. */
  onRemoval(hook: RemovalHook): Disposable;
  /** Reads the project again and gets the images it lacks; see prepareApp. */
  prepare(appId: string, options: { signal?: AbortSignal | undefined }): Promise<PreparedApp>;
  plan(
    appId: string,
    options?: { removeOrphans?: boolean | undefined; retryFailed?: boolean | undefined },
  ): Promise<ChangePlan>;
  /** Where the replicas are, or would be with so many of each worker service that is placed; see placementView. */
  placement(appId: string, options?: { workers?: number | undefined }): Promise<PlacementView>;
  up(
    appId: string,
    options: {
      build?: 'missing' | 'always' | 'never' | undefined;
      removeOrphans?: boolean | undefined;
      retryFailed?: boolean | undefined;
      wait?: { timeoutMs?: number | undefined } | undefined;
      expected?: string | undefined;
      /** Starts this instead of what the files say, and what it reaches for beside its containers. */
      instead?: { app: AppModel; dangers: Danger[] } | undefined;
      /** Hears what is going to be done, once the images are there. */
      onPlan?: ((plan: ChangePlan) => void) | undefined;
      signal?: AbortSignal | undefined;
    },
  ): Promise<AppView>;
  scale(
    appId: string,
    service: string,
    replicas: number,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<AppView>;
  /** Sets the number of replicas for the next start. */
  request(appId: string, service: string, replicas: number): Promise<void>;
  /** Leaves a service to its policy, or takes it back. Scaling by hand, stopping and removing take it back, too. @throws FlotillaError */
  setAutoscale(appId: string, service: string, on: boolean): AppView;
  /** Scales services by their policies until the signal aborts, see autoscaleApp. */
  autoscale(appId: string, options: AutoscaleOptions): Promise<void>;
  stop(appId: string, options?: { signal?: AbortSignal | undefined }): Promise<AppView>;
  /** @param options.onNothing called where no container, network or, with `volumes`, volume of it was there */
  down(
    appId: string,
    options: {
      volumes?: boolean | undefined;
      signal?: AbortSignal | undefined;
      onNothing?: (() => void) | undefined;
    },
  ): Promise<AppView>;
  cancel(appId: string, operationId: string): void;
}

/** What the ledger of runs asks about an opened folder. */
export interface RunFacts {
  title: string;
  /** Real path of the project folder. */
  path: string;
  app: AppModel;
  dangers: Danger[];
  /** Its containers are being made or replaced. */
  isStarting: boolean;
  /** Something of it was started by this process. */
  hasStarted: boolean;
  /** Whether a container's end was asked for. */
  isStopped: (containerId: string) => boolean;
  requested: (service: string) => number;
}

/** Called when a container has ended and before it is removed; `tell` says what goes on. Must not reject. */
export type RemovalHook = (appId: string, containerId: string, tell: (step: string) => void) => Promise<void>;

export type LogItem = { kind: 'lines'; lines: LogLine[] } | { kind: 'notice'; notice: LogNotice };

export type LogExportItem = { text: string; done: number; total: number };

/** What the log engine answers; meanings are in shared/contract/streams.ts and calls.ts. */
export interface LogService extends Disposable {
  /** Every line in order; pulled, what nobody asks for stays on disk. Ends when `signal` aborts, or after what is there when not following. */
  follow(request: LogRequest, signal: AbortSignal): AsyncIterable<LogItem[]>;
  openView(
    request: { appId: string; query: LogQuery },
    signal: AbortSignal,
  ): AsyncIterable<StreamItem<'logView'>[]>;
  export(
    request: { appId: string; query: LogQuery; format: 'text' | 'jsonl' },
    signal: AbortSignal,
  ): AsyncIterable<LogExportItem[]>;
  rows(request: {
    viewId: string;
    anchor: LogAnchor;
    before: number;
    count: number;
    maxChars?: number | undefined;
  }): Promise<LogRows>;
  next(request: {
    viewId: string;
    from: LogAnchor;
    direction: 'next' | 'previous';
  }): Promise<CallOutput<'logs.next'>>;
  histogram(request: {
    viewId: string;
    buckets: number;
    fromMs?: number | undefined;
    toMs?: number | undefined;
  }): Promise<LogHistogram>;
  workerCounts(request: {
    viewId: string;
    buckets: number;
    fromMs: number;
    toMs: number;
  }): Promise<LogWorkerCounts>;
  stopScan(request: { viewId: string }): Promise<null>;
  locate(request: { viewId: string; ids: string[] }): Promise<(number | null)[]>;
  row(request: { viewId: string; id: string }): Promise<CallOutput<'logs.row'>>;
}

export interface LogRequest {
  appId: string;
  services?: string[] | undefined;
  query?: LogQuery | undefined;
  tail?: number | undefined;
  sinceMs?: number | undefined;
  follow?: boolean | undefined;
}
