import type { LogItem, LogService } from '../apps/AppsApi.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import { MergedLog } from './MergedLog.ts';

export interface LogServiceOptions {
  engine: EngineService;
  /** The containers an app has now. */
  containersOf(appId: string): ContainerRecord[];
}

/** Merged, live logs of apps. */
export function createLogService(options: LogServiceOptions): LogService {
  return {
    follow: (request, signal): AsyncIterable<LogItem[]> =>
      new MergedLog({
        engine: options.engine,
        containers: () => {
          const wanted = request.services === undefined ? undefined : new Set(request.services);
          return options
            .containersOf(request.appId)
            .filter((container) => wanted === undefined || wanted.has(container.service));
        },
        tail: request.tail ?? 1000,
        follow: request.follow ?? true,
        signal,
      }),
  };
}
