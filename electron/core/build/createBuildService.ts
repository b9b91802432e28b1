import type { EngineService } from '#core/engine/EngineApi.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { BuildFailure } from '#shared/domain/Build.ts';
import type { BuildService } from './BuildApi.ts';
import { type BuildListener, BuildRecord } from './BuildRecord.ts';
import { ContextPool } from './context/ContextPool.ts';
import { ignorePath } from './context/ignorePath.ts';
import { changedSince } from './context/changedSince.ts';
import { previewContext } from './context/previewContext.ts';
import type { BuildHistory } from './history/BuildHistory.ts';
import { historyCalls } from './history/historyCalls.ts';
import { createBuildKitBuilder } from './buildkit/buildKitBuilder.ts';
import { createBuildxBuilder } from './buildx/buildxBuilder.ts';
import { createFindBuildx } from './buildx/findBuildx.ts';
import { createChooseBuilder } from './chooseBuilder.ts';
import type { CredentialsFor } from './CredentialsFor.ts';
import { removeStaleImages } from './removeLeftovers.ts';
import { SharedSteps } from './SharedSteps.ts';
import { runBuild, toFailure } from './runBuild.ts';
import { createClassicBuilder } from './runClassicBuild.ts';
import { type ContextLimits, DEFAULT_CONTEXT_LIMITS } from './walkContext.ts';

const KEPT_PER_APP = 50;
/** Closing must not hang on an engine that does not answer. */
const TIDY_MS = 3_000;

/**
 * Builds images, at most `concurrency` (default 2) at once. A build waits for one that makes the same tag. A classic one
 * also waits for one of the same Dockerfile and context: it then finds the steps they share in the engine's cache;
 * BuildKit does shared steps once by itself.
 */
export function createBuildService(options: {
  engine: EngineService;
  concurrency?: number;
  contextLimits?: Partial<ContextLimits>;
  /** The built entry of the thread that reads contexts (context/contextWorker.ts); without one they are read on this thread. */
  contextWorkerFile?: string | undefined;
  /** Logins at registries, for base images that are not public. */
  credentialsFor?: CredentialsFor | undefined;
  /** Where `docker buildx` is looked for and what of it reaches that command; default: nowhere. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Takes in what has ended. Without one only the builds of this session are known. */
  history?: BuildHistory;
  /**
   * What a failed build got done stays in the engine as cache, so that the next try is quick, until a build of that
   * service succeeds. True: also when the service is disposed; else it is removed then.
   */
  keepCacheOnDispose?: boolean;
}): BuildService {
  const concurrency = options.concurrency ?? 2;
  const limits = { ...DEFAULT_CONTEXT_LIMITS, ...options.contextLimits };
  const contexts = new ContextPool({ workerFile: options.contextWorkerFile });
  const records = new Map<string, BuildRecord>();
  const queue: BuildRecord[] = [];
  const running = new Set<BuildRecord>();
  const listeners = new Set<BuildListener>();
  /** By service: images that failed builds left in the engine's cache. */
  const stale = new Map<string, Set<string>>();
  let disposed = false;
  const env = options.env ?? {};
  const chooseBuilder = createChooseBuilder(createFindBuildx(env));
  const shared = new SharedSteps();
  const builders = {
    buildkit: createBuildKitBuilder({
      liveStreams: options.engine.liveStreams,
      credentialsFor: options.credentialsFor,
    }),
    buildx: createBuildxBuilder({ env }),
    classic: createClassicBuilder(options.credentialsFor),
  };

  const notify: BuildListener = (view, lines) => {
    // Before anybody is told: who hears of the end and asks for the history finds it there.
    const record = view.endedAt === undefined ? undefined : records.get(view.id);
    if (record !== undefined) options.history?.add(view, record.output());
    for (const listener of listeners) listener(view, lines);
  };

  const startNext = (): void => {
    for (let at = 0; at < queue.length && running.size < concurrency; ) {
      const record = queue[at];
      if (record === undefined) return;
      const missing = record.after.find((other) => other.isOver && other.state !== 'succeeded');
      if (missing !== undefined) {
        queue.splice(at, 1);
        if (missing.state === 'cancelled') record.cancelled();
        else record.fail(lacks(missing));
        continue;
      }
      const blocked = [...running, ...queue.slice(0, at)].some(
        (other) =>
          other.request.tag === record.request.tag ||
          (record.builder?.kind === 'classic' && other.workKey === record.workKey),
      );
      if (blocked || record.builder === undefined || record.after.some((other) => !other.isOver)) {
        at += 1;
        continue;
      }
      queue.splice(at, 1);
      running.add(record);
      void run(record).finally(() => {
        running.delete(record);
        startNext();
      });
    }
  };

  /** Chooses what builds it; it stays queued until then. */
  const prepare = async (record: BuildRecord): Promise<void> => {
    try {
      const choice = await chooseBuilder(options.engine.client(), record.request);
      if (!record.isOver) record.builderIs(choice);
    } catch (error) {
      const at = queue.indexOf(record);
      if (at !== -1) queue.splice(at, 1);
      record.fail(toFailure(error));
    }
    startNext();
  };

  const run = async (record: BuildRecord): Promise<void> => {
    try {
      const client = options.engine.client();
      await runBuild(record, client, {
        limits,
        contexts,
        shared,
        isAlone: () =>
          [...running, ...queue].every(
            ({ request }) => request === record.request || request.appId !== record.request.appId,
          ),
        builders,
        afterRefusal: async (refusal) => {
          chooseBuilder.refused(client, refusal);
          const choice = await chooseBuilder(client, record.request);
          record.builderIs(choice);
          return choice.kind;
        },
      });
      const service = `${record.request.appId}\n${record.request.service}`;
      if (record.state === 'succeeded') {
        const images = stale.get(service);
        stale.delete(service);
        if (images !== undefined) await removeStaleImages(client, images);
      } else if (record.madeImages.length > 0)
        stale.set(service, new Set([...(stale.get(service) ?? []), ...record.madeImages]));
    } catch (error) {
      record.fail(toFailure(error));
    }
  };

  const forget = (appId: string): void => {
    const over = [...records.values()].filter((record) => record.request.appId === appId && record.isOver);
    const all = [...records.values()].filter((record) => record.request.appId === appId).length;
    for (const record of over.slice(0, Math.max(0, all - KEPT_PER_APP))) records.delete(record.id);
  };

  const need = (buildId: string): BuildRecord => {
    const record = records.get(buildId);
    if (record === undefined)
      throw new FlotillaError('not-found', 'There is no such build.', {
        hint: 'Only the last 50 builds of an app are kept while Flotilla runs.',
      });
    return record;
  };

  const lacks = (missing: BuildRecord): BuildFailure => ({
    message: `It is built with the image of ${missing.request.service}, whose build failed.`,
    hint: `Correct the build of ${missing.request.service} first.`,
  });

  return {
    expect: () => contexts.prepare(),
    start(request) {
      if (disposed) throw new FlotillaError('cancelled', 'Flotilla is closing; nothing is built any more.');
      const record = new BuildRecord(request, notify, request.after?.map(need));
      records.set(record.id, record);
      forget(request.appId);
      queue.push(record);
      notify(record.view, []);
      void prepare(record);
      return record.view;
    },
    get: (buildId) => records.get(buildId)?.view,
    async wait(buildId) {
      return need(buildId).ended;
    },
    cancel(buildId) {
      const record = need(buildId);
      const at = queue.indexOf(record);
      record.cancel();
      if (at === -1) return;
      queue.splice(at, 1);
      record.cancelled();
      startNext();
    },
    list: (appId) =>
      [...records.values()]
        .filter((record) => record.request.appId === appId)
        .map((record) => record.view)
        .reverse(),
    output: (buildId) => need(buildId).output(),
    onBuild(listener) {
      // Wrapped, so that one function given twice counts twice.
      const entry: BuildListener = (view, lines) => listener(view, lines);
      listeners.add(entry);
      return { dispose: () => void listeners.delete(entry) };
    },
    ...historyCalls(records, options.history),
    async builders() {
      return chooseBuilder.all(options.engine.client());
    },
    previewContext: (projectRoot, build, signal) =>
      previewContext(contexts, projectRoot, build, limits, signal),
    changedSince: (projectRoot, build, options, signal) =>
      changedSince(contexts, projectRoot, build, options, signal),
    ignorePath,
    /** Breaks off what runs, and waits until the engine has let go of it. */
    async dispose() {
      disposed = true;
      for (const record of queue.splice(0)) {
        record.cancel();
        record.cancelled();
      }
      const ending = [...running].map((record) => {
        record.cancel();
        return record.ended;
      });
      await Promise.all(ending);
      contexts.dispose();
      listeners.clear();
      // The records have ended; their runs note what they leave behind a moment later.
      while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      if (options.keepCacheOnDispose === true || stale.size === 0) return;
      const images = [...stale.values()].flatMap((ids) => [...ids]);
      stale.clear();
      try {
        await removeStaleImages(options.engine.client(), images, AbortSignal.timeout(TIDY_MS));
      } catch {
        // No engine, nothing to tidy.
      }
    },
  };
}
