import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withContextServices } from '#shared/build/contextServices.ts';
import { placementSources } from '#shared/compose/placementSources.ts';
import { setRoleEdits } from '#shared/compose/setRoleEdits.ts';
import { isOfBuild } from '#shared/compose/readDangers.ts';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { counted } from '#shared/text/counted.ts';
import type { BuildService } from '../build/BuildApi.ts';
import type { EngineService, SnapshotChange } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import { placementView } from '../placement/placementView.ts';
import type { ImagesService } from '../images/ImagesApi.ts';
import type { Store } from '../store/StoreApi.ts';
import type { AppsService, RemovalHook } from './AppsApi.ts';
import { runFactsOf } from './runFactsOf.ts';
import { AppSession, type SessionHost } from './AppSession.ts';
import { removeApp, startApp, stopApp } from './appOperations.ts';
import { autoscaleApp } from './autoscaleApp.ts';
import { awaitReady } from './awaitReady.ts';
import { buildServices } from './buildServices.ts';
import { buildSummaries } from './buildSummaries.ts';
import { changedCode } from './changedCode.ts';
import { copyWhole } from './copyWhole.ts';
import { planApp } from './planApp.ts';
import { prepareApp } from './prepareApp.ts';
import { imageExists } from './prepareImages.ts';
import { realFolder } from './realFolder.ts';
import { recreateServices } from './recreateServices.ts';
import { endingOperation } from './endingOperation.ts';
import { EngineApps } from './EngineApps.ts';
import { groupContainers } from './groupContainers.ts';
import {
  forgetProject,
  projectsDocument,
  readSetOut,
  rememberProject,
  rememberSetOut,
} from './projectsDocument.ts';
import { scaleService } from './scaleService.ts';
import { buildable, servicesToBuild } from './servicesToBuild.ts';
import { writeEdits } from './writeEdits.ts';

/** News within this time are told as one; well below what an eye sees, well above what an engine sends in a burst. */
const TELL_MS = 16;
const IMAGES_MS = 100;

export interface AppsServiceOptions {
  engine: EngineService;
  builds: BuildService;
  images: Pick<ImagesService, 'pull'>;
  store: Store;
  dataFolder: string;
  /** Holds one folder per sample. */
  templatesFolder: string;
  /** See SessionHost.keepsDoors. Default false. */
  keepDoors?: boolean | undefined;
  log?: ((message: string) => void) | undefined;
}

type Listener = Parameters<AppsService['onApp']>[0];

/** The compute apps: opened folders, and projects of which only containers are known. */
export async function createAppsService(options: AppsServiceOptions): Promise<AppsService> {
  const { engine, builds, images, log } = options;
  const projects = projectsDocument(options.store);
  const sessions = new Map<string, AppSession>();
  const listeners = new Set<Listener>();
  const dirty = new Set<AppSession>();
  const told = new Set<string>();
  let tellTimer: NodeJS.Timeout | undefined;
  let imagesTimer: NodeJS.Timeout | undefined;
  let disposed = false;
  let removalHook: RemovalHook | undefined;

  const containersByProject = groupContainers(engine);

  const host: SessionHost = {
    engine,
    keepsDoors: options.keepDoors ?? false,
    builds: (appId) => buildSummaries(builds, appId, sessions.keys()),
    changed: (session) => {
      dirty.add(session);
      tellSoon();
    },
    remember: (record) => rememberProject(projects, record),
    setOut: {
      read: ({ id }) => readSetOut(projects, id),
      remember: ({ id }, setOut) => rememberSetOut(projects, id, setOut),
    },
    leaving: async (session, containerId, tell) => removalHook?.(session.id, containerId, tell),
    containersOf: (session) =>
      (containersByProject().get(session.projectName ?? '') ?? []).filter((container) =>
        session.owns(container.labels),
      ),
    autoscale: (session, service, signal, onNews) =>
      autoscaleApp(session, engine, { services: [service], signal, onNews }),
  };
  const engineApps = new EngineApps({
    engine,
    containersByProject,
    isOwned: (container) => [...sessions.values()].some((session) => session.owns(container.labels)),
    changed: () => tellSoon(),
  });

  let engineAppsDirty = true;
  const tellSoon = (): void => {
    if (disposed) return;
    tellTimer ??= setTimeout(() => {
      tellTimer = undefined;
      tell();
    }, TELL_MS);
  };
  const tell = (): void => {
    const changed = [...dirty];
    dirty.clear();
    for (const session of changed) {
      if (sessions.get(session.id) !== session) continue;
      session.door.follow();
      spread({ kind: 'app', app: session.view() });
    }
    if (!engineAppsDirty && !engineApps.isDirty) return;
    engineAppsDirty = false;
    const views = engineApps.changes();
    for (const app of views.changed) spread({ kind: 'app', app });
    for (const appId of views.removed) spread({ kind: 'removed', appId });
  };
  const spread = (change: Parameters<Listener>[0]): void => {
    if (change.kind === 'app') told.add(change.app.id);
    else told.delete(change.appId);
    for (const listener of [...listeners]) listener(change);
  };
  const touchAll = (): void => {
    for (const session of sessions.values()) dirty.add(session);
    engineAppsDirty = true;
    tellSoon();
  };

  const lookForImages = (): void => {
    imagesTimer ??= setTimeout(() => {
      imagesTimer = undefined;
      for (const session of sessions.values()) void refreshImages(session);
    }, IMAGES_MS);
  };
  const refreshImages = async (session: AppSession): Promise<void> => {
    if (engine.state.phase !== 'ready') return;
    try {
      const client = engine.client();
      const references = new Set((session.reading.model?.services ?? []).map((service) => service.image));
      for (const known of session.images.keys()) if (!references.has(known)) session.images.delete(known);
      for (const reference of references) session.images.set(reference, await imageExists(client, reference));
      if (session.reading.model !== null)
        await session.placer.prepare(client, session.reading.model, { probe: false });
      session.changed();
    } catch (error) {
      log?.(`images of ${session.title}: ${toErrorShape(error).message}`);
    }
  };

  const onChange = (change: SnapshotChange): void => {
    if (change.kind === 'image') return lookForImages();
    if (change.kind === 'relisted') {
      lookForImages();
      return touchAll();
    }
    if (change.project === undefined) return;
    let found = false;
    for (const session of sessions.values()) {
      if (change.project !== session.projectName) continue;
      dirty.add(session);
      found = true;
    }
    // The container may be another folder's of the same project name.
    if (!found || engineApps.knows(change.project)) engineAppsDirty = true;
    tellSoon();
  };
  const snapshotHeard = engine.onSnapshot(onChange);
  const stateHeard = engine.onState((state) => {
    if (state.phase === 'ready') lookForImages();
    touchAll();
  });
  const buildsHeard = builds.onBuild((build) => {
    const session = sessions.get(build.appId);
    if (session === undefined) return;
    session.changed();
    if (build.state === 'succeeded') lookForImages();
    // One that leaves the queue moves all that wait behind it.
    if (build.state !== 'building')
      for (const other of sessions.values())
        if (builds.list(other.id).some(({ state }) => state === 'queued')) other.changed();
  });

  const need = (appId: string): AppSession => {
    const session = sessions.get(appId);
    if (session !== undefined) return session;
    if (engineApps.get(appId) !== undefined) {
      throw new FlotillaError(
        'unsupported',
        'Only the containers of this app are known, not its project folder.',
        { hint: 'Open its project folder to do this.' },
      );
    }
    throw new FlotillaError('not-found', 'This app is not on the list.', { hint: 'Open its folder again.' });
  };

  const openReal = async (path: string): Promise<AppSession> => {
    const id = createHash('sha256').update(path).digest('hex').slice(0, 16);
    const present = sessions.get(id);
    const stored = (await projects.read()).projects.find((project) => project.id === id);
    const session =
      present ??
      new AppSession(
        {
          id,
          path,
          title: basename(path) || path,
          requested: {},
          granted: [],
          ...stored,
          openedAt: Date.now(),
          open: true,
        },
        host,
      );
    sessions.set(id, session);
    await session.read();
    await session.remember();
    engineAppsDirty = true;
    void refreshImages(session);
    return session;
  };

  const reread = async (session: AppSession): Promise<AppView> => {
    await session.read();
    engineAppsDirty = true;
    void refreshImages(session);
    return session.view();
  };

  /** The view with the engine's own account of what was just done, whether it went well or not. */
  const seen = async (session: AppSession, work: Promise<unknown>): Promise<AppView> => {
    try {
      await work;
    } finally {
      await engine.relist().catch(() => undefined);
      session.changed();
    }
    return session.view();
  };

  const service: AppsService = {
    views: () => [...[...sessions.values()].map((session) => session.view()), ...engineApps.views()],
    get: (appId) => sessions.get(appId)?.view() ?? engineApps.get(appId) ?? need(appId).view(),
    containers: (appId) => sessions.get(appId)?.containers() ?? engineApps.containers(appId),
    onApp(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    async open(path) {
      return (await openReal(await realFolder(path))).view();
    },
    async sampleNames() {
      const entries = await readdir(options.templatesFolder, { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
    },
    async openSample(name) {
      if (!(await service.sampleNames()).includes(name))
        throw new FlotillaError('not-found', `There is no sample “${name}”.`, {
          hint: `There are: ${(await service.sampleNames()).join(', ')}.`,
        });
      const target = join(options.dataFolder, 'samples', name);
      if (!existsSync(target)) await copyWhole(join(options.templatesFolder, name), target);
      return (await openReal(await realpath(target))).view();
    },
    async recents() {
      const { projects: all } = await projects.read();
      return Promise.all(
        all.map(async ({ id, title, path, openedAt }) => ({
          id,
          title,
          path,
          openedAt,
          exists: await stat(path).then(
            (found) => found.isDirectory(),
            () => false,
          ),
        })),
      );
    },
    async close(appId, { forget = false } = {}) {
      const session = need(appId);
      const count = session.containers().length;
      if (count > 0) {
        throw new FlotillaError('conflict', `${session.title} still has ${counted(count, 'container')}.`, {
          hint: 'Remove them first; the app would come back by itself otherwise.',
        });
      }
      await session.autoscale.dispose();
      await session.door.dispose();
      await session.abortOperations(['up', 'build', 'scale']);
      sessions.delete(appId);
      dirty.delete(session);
      if (forget) await forgetProject(projects, appId);
      else await session.remember(false);
      spread({ kind: 'removed', appId });
    },
    reload: (appId) => reread(need(appId)),
    async setRole(appId, name, role) {
      const session = need(appId);
      if (!(session.reading.model?.services ?? []).some((candidate) => candidate.name === name))
        session.service(name);
      const { edits, expect } = await setRoleEdits(session.files, name, role);
      await writeEdits(session.path, session.files, edits, expect);
      return reread(session);
    },
    async applyFix(appId, diagnosticId, fixId) {
      const session = need(appId);
      const diagnostic = session.reading.diagnostics.find((candidate) => candidate.id === diagnosticId);
      const fix = diagnostic?.fixes.find((candidate) => candidate.id === fixId);
      if (fix === undefined) {
        await reread(session);
        throw new FlotillaError('not-found', 'This problem is not there any more.', {
          hint: 'The folder was read again; the list of problems is up to date.',
        });
      }
      try {
        await writeEdits(session.path, session.files, fix.edits, fix.expect);
      } catch (error) {
        await reread(session);
        throw error;
      }
      return reread(session);
    },
    async grantDangers(appId, dangerIds) {
      const session = need(appId);
      session.consents.grant(dangerIds, session.reading.dangers);
      await session.remember();
      session.changed();
      return session.view();
    },
    dismissError(appId) {
      const session = sessions.get(appId);
      if (session === undefined) return engineApps.dismissError(appId);
      session.lastError = undefined;
      for (const controller of session.controllers) controller.forgetFailures();
      session.changed();
    },
    async buildContext(appId, name, { signal }) {
      const session = need(appId);
      await session.read();
      return builds.previewContext(session.path, buildable(session, name), signal);
    },
    async changedCode(appId, { signal }) {
      const session = need(appId);
      await session.read();
      return changedCode(session, builds, engine.client(), signal);
    },
    async ignoreInContext(appId, name, path, { undo, removeFile, signal }) {
      const session = need(appId);
      await session.read();
      const build = buildable(session, name);
      const { isNew } = await builds.ignorePath(session.path, build, path, { undo, removeFile });
      const preview = await builds.previewContext(session.path, build, signal);
      return isNew ? { ...preview, ignoreFileIsNew: true } : preview;
    },
    project(appId) {
      const session = need(appId);
      return { path: session.path, model: session.reading.model ?? undefined };
    },
    async build(appId, { services, noCache, builder, recreate, signal }) {
      const session = need(appId);
      const tools = { engine, builds, images };
      builds.expect();
      const work = session.operate('build', signal, async (operation) => {
        await session.read();
        const chosen = servicesToBuild(session, services);
        const needed = withContextServices(chosen, session.model().services);
        await settledClient(engine);
        // Asked before, not after, a long build.
        session.consents.assertAll(
          session.title,
          session.reading.dangers.filter(
            (danger) =>
              recreate === true ||
              (isOfBuild(danger) && needed.some(({ name: service }) => service === danger.service)),
          ),
        );
        const options = { noCache: noCache ?? false, builder };
        const buildIds = await buildServices(session, needed, options, tools, operation);
        if (recreate === true)
          await recreateServices(session, new Set(chosen.map(({ image }) => image)), tools, operation);
        return { buildIds };
      });
      if (recreate === true) await seen(session, work);
      return work;
    },
    runFacts: (appId) => runFactsOf(sessions.get(appId)),
    onRemoval(hook) {
      removalHook = hook;
      return { dispose: () => void (removalHook = undefined) };
    },
    prepare: (appId, { signal }) => prepareApp(need(appId), { engine, builds, images }, signal),
    async plan(appId, wanted = {}) {
      const session = need(appId);
      await session.read();
      session.model();
      return planApp(session, await settledClient(engine), wanted);
    },
    async placement(appId, { workers } = {}) {
      const session = need(appId);
      await session.read();
      const sources = await placementSources(session.files);
      return placementView(await settledClient(engine), session.model(), sources, {
        present: session.containers(),
        wanted: (target) =>
          workers !== undefined && target.role === 'worker' && target.placement !== undefined
            ? workers
            : session.requested(target),
        isSupposed: workers !== undefined,
      });
    },
    async up(appId, { signal, wait, instead, ...wanted }) {
      const session = sessions.get(appId);
      if (session === undefined) return engineApps.start(appId, signal);
      if (session.isUnder('up'))
        throw new FlotillaError('conflict', `${session.title} is starting already.`, {
          hint: 'Wait for it, or cancel it.',
        });
      const ended = session.awaitOperations(['stop', 'down']);
      return seen(
        session,
        session.operate('up', signal, async (operation) => {
          await ended;
          await settledClient(engine);
          await session.read();
          const start = () => startApp(session, wanted, { engine, builds, images }, operation);
          await (instead === undefined ? start() : session.withModel(instead, start));
          if (wait !== undefined) await awaitReady(session, engine, wait, operation);
        }),
      );
    },
    async scale(appId, name, replicas, { signal } = {}) {
      const session = need(appId);
      session.autoscale.stop(name, `set to ${replicas} by hand`);
      return seen(session, scaleService(session, name, replicas, engine, signal, { withLimits: true }));
    },
    request: (appId, name, replicas) => need(appId).request(name, replicas),
    setAutoscale(appId, name, on) {
      const session = need(appId);
      const target = session.service(name);
      if (target.autoscale === undefined)
        throw new FlotillaError('invalid-input', `Nothing says how ${name} is to scale by itself.`, {
          hint: 'Write x-flotilla: { autoscale: { min: 1, max: 8, cpu: 70% } } below it.',
        });
      if (on) session.autoscale.start(name);
      else session.autoscale.stop(name, 'switched off');
      return session.view();
    },
    async autoscale(appId, options) {
      const session = need(appId);
      await settledClient(engine);
      await session.read();
      return autoscaleApp(session, engine, options);
    },
    async stop(appId, { signal } = {}) {
      const session = sessions.get(appId);
      if (session === undefined) return engineApps.stop(appId, signal);
      return seen(
        session,
        endingOperation(session, 'stop', 'the app was stopped', signal, (operation) =>
          stopApp(session, operation),
        ),
      );
    },
    async down(appId, { volumes, signal, onNothing }) {
      const session = sessions.get(appId);
      if (session === undefined) return engineApps.down(appId, volumes ?? false, signal);
      return seen(
        session,
        endingOperation(session, 'down', 'the app was removed', signal, async (operation) => {
          const project = session.projectName;
          if (project === undefined)
            throw new FlotillaError(
              'project-invalid',
              `The project name of ${session.title} is not known: its files cannot be read.`,
              { hint: 'Mend the files first.' },
            );
          for (const controller of session.controllers) controller.forgetFailures();
          if (!(await removeApp(session, project, volumes ?? false, operation))) onNothing?.();
        }),
      );
    },
    cancel(appId, operationId) {
      const operation = need(appId).operations.get(operationId);
      if (operation === undefined) throw new FlotillaError('not-found', 'That has ended already.');
      operation.abort.abort();
    },
    async dispose() {
      disposed = true;
      clearTimeout(tellTimer);
      clearTimeout(imagesTimer);
      void snapshotHeard.dispose();
      void stateHeard.dispose();
      void buildsHeard.dispose();
      await Promise.all(
        [...sessions.values()].map(async (session) => {
          await session.autoscale.dispose();
          await session.door.dispose();
          await session.abortOperations(['up', 'build', 'scale']);
        }),
      );
    },
  };

  const stored = (await projects.read()).projects.filter((project) => project.open);
  for (const record of stored) sessions.set(record.id, new AppSession(record, host));
  // Reading the folders must not keep the window waiting; each view says what it knows when it knows it.
  void Promise.all(
    [...sessions.values()].map((session) => session.read().then(() => refreshImages(session))),
  );
  return service;
}
