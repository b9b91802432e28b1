import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import { DisposableStack } from '#shared/domain/Disposable.ts';
import type { MetricsPhase } from '#shared/domain/Metrics.ts';
import type { AppsService, LogService } from '../apps/AppsApi.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import type { MeasuringGate } from '../study/MeasuringGate.ts';
import { AppMeters, type ReadingListener } from './AppMeters.ts';
import { AppProgress } from './AppProgress.ts';
import { GpuWatch } from './GpuWatch.ts';
import { MetricsArchive } from './MetricsArchive.ts';
import type { MetricsService } from './MetricsApi.ts';
import { MetricsView } from './MetricsView.ts';
import { readHistory } from './readHistory.ts';

/** Changes of containers that come within this time are looked at together. */
const GATHER_MS = 50;
const ROUND_MS = 1_000;
/** Samples in memory are kept so long after the last viewer has gone. */
const KEPT_MS = 600_000;
const APP_ID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Measures what containers use, for those who look; see shared/contract/streams.ts. Without a viewer nothing is asked of the engine but a look now and then of apps
 * whose run is written down.
 */
export function createMetricsService({
  engine,
  apps,
  logs,
  gate,
  folder,
}: {
  engine: EngineService;
  apps: Pick<AppsService, 'get' | 'containers' | 'runFacts'>;
  /** Where workers tell their progress. */
  logs: Pick<LogService, 'follow'>;
  gate: MeasuringGate;
  /** Keeps the history, a folder an app. */
  folder: string;
}): MetricsService {
  const owned = new DisposableStack();
  const ending = new AbortController();
  const meters = new Map<string, { app: AppMeters; leftAt: number }>();
  const views = new Map<string, MetricsView>();
  const wanted = (): AppMeters[] => [...meters.values()].map(({ app }) => app).filter((app) => app.isWanted);
  const gpus = owned.add(new GpuWatch());
  let gathering: NodeJS.Timeout | undefined;
  let round: NodeJS.Timeout | undefined;
  let lastPhase: MetricsPhase = 'away';

  const metersOf = (appId: string): AppMeters => {
    let known = meters.get(appId);
    if (known === undefined) {
      if (!APP_ID.test(appId)) throw new FlotillaError('not-found', 'This app is not on the list.');
      const archive = new MetricsArchive(join(folder, appId));
      known = { app: new AppMeters(appId, archive, new AppProgress(logs, appId)), leftAt: performance.now() };
      meters.set(appId, known);
    }
    return known.app;
  };

  const clientNow = (): EngineClient | undefined =>
    engine.state.phase === 'ready' && engine.snapshot.fresh ? engine.client() : undefined;
  const phaseNow = (client: EngineClient | undefined): MetricsPhase =>
    client === undefined ? 'away' : gate.isClosed ? 'study' : 'measuring';

  const update = (): void => {
    const client = clientNow();
    lastPhase = phaseNow(client);
    for (const app of wanted()) {
      app.update(apps.containers(app.appId), lastPhase, client);
      app.progress.follow(app.isLive ? (apps.runFacts(app.appId)?.app.services ?? []) : []);
    }
  };
  const updateSoon = (): void => {
    if (round === undefined) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      update();
    }, GATHER_MS);
  };

  /** Once a second while somebody looks, or a run is written down: single looks, GPUs, studies of other processes. */
  const goRound = (): void => {
    const client = clientNow();
    if (phaseNow(client) !== lastPhase) update();
    if (client === undefined || lastPhase !== 'measuring') return;
    for (const app of wanted()) app.lookAround();
    void gpus.lookAround(
      wanted().filter(({ isLive }) => isLive),
      client,
    );
  };

  const begin = (): void => {
    if (round === undefined) {
      round = setInterval(goRound, ROUND_MS);
      // What is only written down keeps no process alive.
      round.unref();
    }
    update();
    goRound();
  };
  /** One who wanted something of an app is gone. */
  const release = async (app: AppMeters): Promise<void> => {
    if (wanted().length === 0) {
      clearInterval(round);
      round = undefined;
    }
    if (app.isWanted) return update();
    const known = meters.get(app.appId);
    if (known !== undefined) known.leftAt = performance.now();
    await app.stop();
    for (const [appId, { app: other, leftAt }] of meters)
      if (!other.isWanted && other !== app && performance.now() - leftAt > KEPT_MS) {
        meters.delete(appId);
        await other.archive.dispose();
      }
  };

  owned.add(
    engine.onSnapshot((change) => {
      if (change.kind === 'image') return;
      if (change.kind === 'container' && change.action === 'oom')
        for (const { app } of meters.values()) app.noteOom(change.id);
      updateSoon();
    }),
  );
  owned.add(engine.onState(updateSoon));
  // At once: what is measured beside a run that is timed would be in its time.
  owned.add(gate.onChange(update));

  return {
    async *watch({ appId, ...attention }, signal) {
      apps.get(appId);
      const either = AbortSignal.any([signal, ending.signal]);
      const view = new MetricsView(randomUUID(), metersOf(appId), attention);
      views.set(view.id, view);
      view.app.views.add(view);
      begin();
      try {
        yield* view.batches(either);
      } finally {
        views.delete(view.id);
        view.app.views.delete(view);
        await release(view.app);
      }
    },
    record(appId, onReading) {
      const app = metersOf(appId);
      // The same function may be given twice.
      const listener: ReadingListener = (id, reading) => onReading(id, reading);
      app.recorders.add(listener);
      begin();
      return {
        look: () => app.lookNow(),
        dispose: async () => {
          if (app.recorders.delete(listener)) await release(app);
        },
      };
    },
    attend({ viewId, ...attention }) {
      const view = views.get(viewId);
      if (view === undefined)
        throw new FlotillaError('not-found', 'This view of metrics is closed.', { hint: 'Open it again.' });
      view.attend(attention);
      update();
      goRound();
      return null;
    },
    history({ appId, ...request }) {
      apps.get(appId);
      const app = metersOf(appId);
      return readHistory(app.archive, app.series, request);
    },
    async dispose() {
      ending.abort();
      clearTimeout(gathering);
      clearInterval(round);
      await owned.dispose();
      for (const { app } of meters.values()) {
        await app.stop();
        await app.archive.dispose();
      }
      meters.clear();
    },
  };
}
