import { z } from 'zod';
import type { Core } from '#core/Core.ts';
import type { Preferences } from '#shared/contract/calls.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { buildHandlers } from './handlers/buildHandlers.ts';
import { buildStreamHandlers } from './handlers/buildStream.ts';
import { imageCallHandlers, imageStreamHandlers } from './handlers/imageHandlers.ts';
import { metricsCallHandlers, metricsStreamHandlers } from './handlers/metricsHandlers.ts';
import { projectHandlers } from './handlers/projectHandlers.ts';
import { runCallHandlers, runStreamHandlers } from './handlers/runHandlers.ts';
import { studyCallHandlers, studyStreamHandlers } from './handlers/studyHandlers.ts';
import { sweepCallHandlers, sweepStreamHandlers } from './handlers/sweepHandlers.ts';
import { LatestQueue } from './LatestQueue.ts';
import { listFolder } from './listFolder.ts';
import type { CallHandlers, StreamHandlers } from './Router.ts';

const APPS_GAP_MS = 50;

export interface HandlerOptions {
  core: Core;
  shell: 'desktop' | 'web' | 'cli';
  version: string;
  homeDirectory: string;
  /** The operating system's dialogs, where there are any. */
  dialogs?:
    | {
        chooseFolder(): Promise<string | null>;
        /** Shows a folder in the file manager. */
        openFolder(path: string): Promise<void>;
      }
    | undefined;
}

const preferencesSchema: z.ZodType<Preferences> = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  // Files of an earlier Flotilla do not have these.
  askBeforeChanges: z.boolean().default(true),
  corePrice: z.number().min(0).default(0),
  gpuPrice: z.number().min(0).default(0),
});
const PREFERENCES: Preferences = { theme: 'system', askBeforeChanges: true, corePrice: 0, gpuPrice: 0 };

/** What each call and stream of the contract does. */
export function createHandlers({ core, shell, version, homeDirectory, dialogs }: HandlerOptions): {
  calls: CallHandlers;
  streams: StreamHandlers;
} {
  const { engine, apps, logs } = core;
  const preferences = core.store.document<Preferences>('preferences', preferencesSchema, PREFERENCES);
  const nothing = (): null => null;

  const calls: CallHandlers = {
    'app.info': async () => ({
      version,
      shell,
      platform: process.platform,
      homeDirectory,
      sampleNames: await apps.sampleNames(),
    }),
    'preferences.get': () => preferences.read(),
    'preferences.set': ({ theme, askBeforeChanges, corePrice, gpuPrice }) =>
      preferences.update((before) => ({
        theme: theme ?? before.theme,
        askBeforeChanges: askBeforeChanges ?? before.askBeforeChanges,
        corePrice: corePrice ?? before.corePrice,
        gpuPrice: gpuPrice ?? before.gpuPrice,
      })),
    'engine.list': async () =>
      (await engine.list()).map((probe) => ({ ...probe, endpoint: withoutKeys(probe.endpoint) })),
    'engine.connect': async ({ endpointId }) => publicState(await engine.connect(endpointId)),
    'engine.retry': async () => publicState(await engine.retry()),
    'engine.liveStreams': () => engine.liveStreams.list(),
    'engine.embedded': () => engine.embedded.status(),
    'engine.startEmbedded': (_, signal) => engine.embedded.start(signal),
    'engine.stopEmbedded': () => engine.embedded.stop(),
    'apps.open': ({ path }) => apps.open(path),
    'apps.chooseFolder': async () => {
      if (dialogs === undefined)
        throw new FlotillaError('unsupported', 'This shell has no folder dialog.', {
          hint: 'Choose the folder in the window.',
        });
      const path = await dialogs.chooseFolder();
      return path === null ? null : apps.open(path);
    },
    'apps.openSample': ({ name }) => apps.openSample(name),
    'apps.recents': () => apps.recents(),
    'apps.close': ({ appId }) => apps.close(appId).then(nothing),
    'apps.get': ({ appId }) => apps.get(appId),
    'apps.reload': ({ appId }) => apps.reload(appId),
    'apps.setRole': ({ appId, service, role }) => apps.setRole(appId, service, role),
    'apps.applyFix': ({ appId, diagnosticId, fixId }) => apps.applyFix(appId, diagnosticId, fixId),
    'apps.grantDangers': ({ appId, dangerIds }) => apps.grantDangers(appId, dangerIds),
    'apps.dismissError': ({ appId }) => {
      apps.dismissError(appId);
      return null;
    },
    'apps.build': ({ appId, ...options }, signal) => apps.build(appId, { ...options, signal }),
    'apps.plan': ({ appId, ...options }) => apps.plan(appId, options),
    'apps.placement': ({ appId, workers }) => apps.placement(appId, { workers }),
    'apps.up': ({ appId, ...options }, signal) => apps.up(appId, { ...options, signal }),
    'apps.scale': ({ appId, service, replicas }, signal) => apps.scale(appId, service, replicas, { signal }),
    'apps.setAutoscale': async ({ appId, service, on }) => apps.setAutoscale(appId, service, on),
    'apps.stop': ({ appId }) => apps.stop(appId),
    'apps.down': ({ appId, volumes }) => apps.down(appId, { volumes }),
    'apps.cancel': ({ appId, operationId }) => {
      apps.cancel(appId, operationId);
      return null;
    },
    ...buildHandlers(core),
    ...imageCallHandlers(core),
    ...projectHandlers(core),
    ...studyCallHandlers(core),
    ...sweepCallHandlers(core),
    ...metricsCallHandlers(core),
    ...runCallHandlers(core, dialogs === undefined ? undefined : (path) => dialogs.openFolder(path)),
    'logs.rows': (request) => logs.rows(request),
    'logs.next': (request) => logs.next(request),
    'logs.histogram': (request) => logs.histogram(request),
    'logs.workerCounts': (request) => logs.workerCounts(request),
    'logs.stopScan': (request) => logs.stopScan(request),
    'logs.locate': (request) => logs.locate(request),
    'logs.row': (request) => logs.row(request),
    'folders.list': ({ path, showHidden }) => listFolder(path ?? homeDirectory, showHidden ?? false),
  };

  const streams: StreamHandlers = {
    engineState: async function* (_, signal) {
      const queue = new LatestQueue<StreamItem<'engineState'>>();
      const heard = engine.onState((state) => queue.put('state', publicState(state)));
      queue.put('state', publicState(engine.state));
      try {
        yield* queue.batches(signal, 0);
      } finally {
        void heard.dispose();
      }
    },
    apps: async function* (_, signal) {
      const queue = new LatestQueue<StreamItem<'apps'>>();
      const heard = apps.onApp((change) =>
        queue.put(change.kind === 'app' ? change.app.id : change.appId, change),
      );
      try {
        yield [{ kind: 'snapshot', apps: apps.views() }];
        yield* queue.batches(signal, APPS_GAP_MS);
      } finally {
        void heard.dispose();
      }
    },
    ...imageStreamHandlers(core),
    ...buildStreamHandlers(core),
    ...studyStreamHandlers(core),
    ...sweepStreamHandlers(core),
    ...metricsStreamHandlers(core),
    ...runStreamHandlers(core),
    logs: (request, signal) => logs.follow(request, signal),
    logView: (request, signal) => logs.openView(request, signal),
    logExport: (request, signal) => logs.export(request, signal),
  };
  return { calls, streams };
}

/** TLS keys stay on the privileged side. */
function withoutKeys<Place extends { tls?: unknown }>(endpoint: Place): Omit<Place, 'tls'> {
  const { tls: _, ...rest } = endpoint;
  return rest;
}

function publicState(state: Core['engine']['state']): Core['engine']['state'] {
  if (state.phase === 'none')
    return {
      ...state,
      probes: state.probes.map((probe) => ({ ...probe, endpoint: withoutKeys(probe.endpoint) })),
    };
  return 'endpoint' in state ? { ...state, endpoint: withoutKeys(state.endpoint) } : state;
}
