import type { AppView, WorkerPhase, WorkerView } from '#shared/domain/AppView.ts';

/** What can be done with an app now. */
export interface AppAbilities {
  engine: boolean;
  run: boolean;
  /** Its files and its containers differ so that a plan is worth a look. */
  review: boolean;
  /** A run is under way. */
  running: boolean;
  runHint: string;
  stop: boolean;
  build: boolean;
  /** Nothing runs: what does is replaced only by what a person has seen, and what a build brings is not known before. */
  buildAndRun: boolean;
  remove: boolean;
  scale: boolean;
}

const LIVE = new Set<WorkerPhase>(['requested', 'creating', 'starting', 'running', 'paused', 'restarting']);

/** It runs, or is about to. */
export const isLive = ({ phase }: WorkerView): boolean => LIVE.has(phase);

export function appAbilities(app: AppView, engineReady: boolean): AppAbilities {
  const busy = (kind: string) => app.operations.some((operation) => operation.kind === kind);
  const readable = app.status !== 'unreadable' && app.services.length > 0;
  const fromFolder = app.origin === 'folder' && app.folderError === undefined;
  const canBuild = engineReady && readable && fromFolder && app.services.some((service) => service.buildable);
  return {
    engine: engineReady,
    run: engineReady && readable && fromFolder,
    review:
      engineReady &&
      readable &&
      fromFolder &&
      app.drift !== undefined &&
      (app.drift.orphans.length > 0 || app.workers.some(isLive)),
    running: busy('up'),
    runHint: !engineReady
      ? 'No engine is connected'
      : !readable
        ? 'Fix the problems first'
        : 'Build what has no image and start everything',
    stop: engineReady && app.workers.some(isLive),
    build: canBuild,
    buildAndRun: canBuild && !busy('up') && !app.workers.some(isLive),
    remove: engineReady && app.workers.length > 0,
    scale: engineReady && readable && fromFolder,
  };
}
