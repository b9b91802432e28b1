import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import { DisposableStack } from '#shared/domain/Disposable.ts';
import type { MetricsPhase } from '#shared/domain/Metrics.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import type { MeasuringGate } from '../study/MeasuringGate.ts';
import { AppMeters } from './AppMeters.ts';
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

/** Measures what containers use, for those who look; see shared/contract/streams.ts. Without a viewer nothing is asked of the engine. */
export function createMetricsService({
  engine,
  apps,
  gate,
  folder,
}: {
  engine: EngineService;
  apps: Pick<AppsService, 'get' | 'containers'>;
  gate: MeasuringGate;
  /** Keeps the history, a folder an app. */
  folder: string;
}): MetricsService {
  const owned = new DisposableStack();
  const ending = new AbortController();
  const meters = new Map<string, { app: AppMeters; leftAt: number }>();
  const views = new Map<string, MetricsView>();
  const gpus = owned.add(new GpuWatch());
  let gathering: NodeJS.Timeout | undefined;
  let round: NodeJS.Timeout | undefined;
  let lastPhase: MetricsPhase = 'away';

  const metersOf = (appId: string): AppMeters => {
    let known = meters.get(appId);
    if (known === undefined) {
      if (!APP_ID.test(appId)) throw new FlotillaError('not-found', 'This app is not on the list.');
      const archive = new MetricsArchive(join(folder, appId));
      known = { app: new AppMeters(appId, archive), leftAt: performance.now() };
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
    for (const { app } of meters.values())
      if (app.views.size > 0) app.update(apps.containers(app.appId), lastPhase, client);
  };
  const updateSoon = (): void => {
    if (views.size === 0) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      update();
    }, GATHER_MS);
  };

  /** Once a second while somebody looks: single looks, GPUs, studies of other processes. */
  const goRound = (): void => {
    const client = clientNow();
    if (phaseNow(client) !== lastPhase) update();
    const viewed = [...meters.values()].map(({ app }) => app).filter((app) => app.views.size > 0);
    if (client === undefined || lastPhase !== 'measuring') return;
    for (const app of viewed) app.lookAround();
    void gpus.lookAround(
      viewed.filter(({ isLive }) => isLive),
      client,
    );
  };

  const enter = (view: MetricsView): void => {
    views.set(view.id, view);
    view.app.views.add(view);
    round ??= setInterval(goRound, ROUND_MS);
    update();
    goRound();
  };
  const leave = async (view: MetricsView): Promise<void> => {
    views.delete(view.id);
    const { app } = view;
    app.views.delete(view);
    if (views.size === 0) {
      clearInterval(round);
      round = undefined;
    }
    if (app.views.size > 0) return update();
    const known = meters.get(app.appId);
    if (known !== undefined) known.leftAt = performance.now();
    await app.stop();
    for (const [appId, { app: other, leftAt }] of meters)
      if (other.views.size === 0 && other !== app && performance.now() - leftAt > KEPT_MS) {
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
      enter(view);
      try {
        yield* view.batches(either);
      } finally {
        await leave(view);
      }
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
