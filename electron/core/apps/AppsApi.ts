import type { Disposable } from '#shared/domain/Disposable.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { LogLine, LogNotice } from '#shared/domain/LogLine.ts';
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
  close(appId: string): Promise<void>;
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
      signal?: AbortSignal | undefined;
    },
  ): Promise<{ buildIds: string[] }>;
  up(
    appId: string,
    options: { build?: 'missing' | 'always' | 'never' | undefined; signal?: AbortSignal | undefined },
  ): Promise<AppView>;
  scale(
    appId: string,
    service: string,
    replicas: number,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<AppView>;
  stop(appId: string, options?: { signal?: AbortSignal | undefined }): Promise<AppView>;
  down(
    appId: string,
    options: { volumes?: boolean | undefined; signal?: AbortSignal | undefined },
  ): Promise<AppView>;
  cancel(appId: string, operationId: string): void;
}

export type LogItem = { kind: 'lines'; lines: LogLine[] } | { kind: 'notice'; notice: LogNotice };

export interface LogService {
  /** Merged log of an app; pulled, so a slow reader makes the engine wait. Ends when `signal` aborts, or after the backlog when not following. */
  follow(
    request: {
      appId: string;
      services?: string[] | undefined;
      tail?: number | undefined;
      follow?: boolean | undefined;
    },
    signal: AbortSignal,
  ): AsyncIterable<LogItem[]>;
}
