import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { StudyPlan, StudyRun } from '#shared/domain/Study.ts';
import type { PlannedRun } from '#shared/study/planRuns.ts';
import { studyApp } from '#shared/study/studyApp.ts';
import { timeWords } from '#shared/study/words.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import type { ContainerInspection } from '../engine/containerRecord.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { ranOutOfMemory } from '../engine/ranOutOfMemory.ts';
import { awaitDependencies } from './awaitDependencies.ts';
import { engineTime } from './engineTime.ts';
import { findMarkers } from './findMarkers.ts';
import { MemoryWatch } from './MemoryWatch.ts';
import { openStudyDoor, type StudyDoor } from './openStudyDoor.ts';
import {
  createContainers,
  removeContainers,
  startContainers,
  type StudyContainer,
} from './StudyContainers.ts';
import { startsOf } from './startsOf.ts';
import { startWaves } from './startWaves.ts';
import { clockProblem, type Lifetime, type RunTime, timeOfRun } from './timeOfRun.ts';

/** How long main may take to end after a worker has failed: it may be what made it fail. */
const GRACE_MS = 5_000;

/** What is no doing of the program that is measured. */
const NO_OUTCOMES = new Set<ErrorCode>(['engine-unavailable', 'internal', 'consent-required', 'unsupported']);

type Outcome = Omit<StudyRun, keyof PlannedRun | 'startedAt'>;

/**
 * Runs the app once and takes the time by the engine's own clock; removes what it made, whatever happens. What the app does wrong is an outcome, not an error.
 *
 * @throws FlotillaError `cancelled`, `engine-unavailable`, `consent-required`, `unsupported` (no control door for main): there is no outcome then
 */
export async function measureRun(
  prepared: PreparedApp,
  plan: StudyPlan,
  run: PlannedRun,
  engine: EngineService,
  signal: AbortSignal,
): Promise<StudyRun> {
  const app = studyApp(prepared.app, plan.project, plan.service, run.workers);
  const startedAt = Date.now();
  const client = engine.client();
  try {
    const outcome = await outcomeOf({ ...prepared, app }, plan, engine, client, signal);
    return { ...run, startedAt, ...outcome };
  } finally {
    await removeContainers(client, plan).catch(() => undefined);
  }
}

async function outcomeOf(
  prepared: PreparedApp,
  plan: StudyPlan,
  engine: EngineService,
  client: EngineClient,
  signal: AbortSignal,
): Promise<Outcome> {
  const late = AbortSignal.timeout(plan.timeoutMs);
  const either = AbortSignal.any([signal, late]);
  // Each container has a request or two that hears it.
  setMaxListeners(0, signal, either);
  let door: StudyDoor | undefined;
  try {
    const openDoor = async (main: ServiceModel): Promise<Record<string, string>> => {
      door = await openStudyDoor(engine, client, prepared.app, main, plan.id);
      return door.told;
    };
    const containers = await createContainers(client, prepared, plan, openDoor, either);
    const waves = startWaves(prepared.app.services);
    const timed = containers.filter(
      ({ service }) => service.name === plan.service || service.role === 'main',
    );
    const begun = performance.now();
    for (const wave of waves) {
      for (const service of wave) await awaitDependencies(engine, service, containers, either);
      either.throwIfAborted();
      await startContainers(
        client,
        containers.filter(({ service }) => wave.includes(service)),
        either,
      );
    }
    const memory = plan.memory
      ? new MemoryWatch(
          client,
          timed.map(({ id }) => id),
        )
      : undefined;
    let peakMemoryBytes: number | undefined;
    try {
      await awaitEnd(client, timed, either);
    } finally {
      peakMemoryBytes = await memory?.end();
    }
    const elapsedMs = performance.now() - begun;
    const began = await startsOf(
      client,
      timed.map(({ id }) => id),
      signal,
    );
    const time = await readTime(client, timed, began, plan, waves.at(-1)?.[0]?.role === 'main', signal);
    if (typeof time === 'string') return { outcome: 'failed', reason: time };
    const problem = clockProblem(time.timeMs, elapsedMs);
    if (problem !== undefined) return { outcome: 'failed', reason: problem };
    return { outcome: 'ok', ...time, peakMemoryBytes };
  } catch (error) {
    if (signal.aborted) throw new FlotillaError('cancelled', 'The study was cancelled.');
    if (late.aborted)
      return { outcome: 'timeout', reason: `it took longer than ${timeWords(plan.timeoutMs)}` };
    const shape = toErrorShape(error);
    if (NO_OUTCOMES.has(shape.code)) throw error;
    return { outcome: 'failed', reason: shape.message.replace(/\.$/, '') };
  } finally {
    await door?.server.dispose();
  }
}

/** Waits for what ends the run: main where there is one, else all workers; or the first worker that fails. */
async function awaitEnd(
  client: EngineClient,
  timed: readonly StudyContainer[],
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  setMaxListeners(0, until);
  const endOf = async ({ id }: StudyContainer): Promise<number> => {
    const { StatusCode } = await client.request<{ StatusCode: number }>({
      method: 'POST',
      path: `/containers/${id}/wait`,
      signal: until,
    });
    return StatusCode;
  };
  const mains = timed.filter(({ service }) => service.role === 'main');
  const workers = timed.filter(({ service }) => service.role !== 'main');
  const failure = Promise.race(
    workers.map(async (worker) => {
      // One that ends well is no news here.
      if ((await endOf(worker)) === 0) await new Promise(() => undefined);
      if (mains.length > 0) await delay(GRACE_MS, undefined, { signal: until });
    }),
  );
  failure.catch(() => undefined);
  try {
    await Promise.race([Promise.all((mains.length > 0 ? mains : workers).map(endOf)), failure]);
  } finally {
    over.abort();
  }
}

/** The time, or why there is none. */
async function readTime(
  client: EngineClient,
  timed: readonly StudyContainer[],
  began: ReadonlyMap<string, bigint>,
  plan: StudyPlan,
  mainIsLast: boolean,
  signal: AbortSignal,
): Promise<RunTime | string> {
  const ended = await Promise.all(
    timed.map(async ({ id, name, service }) => {
      const inspection = await client.request<ContainerInspection>({
        path: `/containers/${id}/json`,
        signal,
      });
      const { State: state = {} } = inspection;
      const isOver = state.Status === 'exited' || state.Status === 'dead';
      return {
        name,
        role: service.role === 'main' ? ('main' as const) : ('worker' as const),
        begin: began.get(id) ?? engineTime(state.StartedAt),
        end: isOver ? engineTime(state.FinishedAt) : undefined,
        code: isOver ? (state.ExitCode ?? 0) : 0,
        oomKilled: isOver && (await ranOutOfMemory(client, inspection, signal)),
      };
    }),
  );
  const mainEnd = ended.find(({ role, end }) => role === 'main' && end !== undefined)?.end;
  // A worker that ends because main is gone has done nothing wrong.
  const failed = ended.find(
    ({ code, role, end }) =>
      code !== 0 && (role === 'main' || mainEnd === undefined || end === undefined || end < mainEnd),
  );
  if (failed !== undefined)
    return `${failed.name} ended with code ${failed.code}${failed.oomKilled ? ', out of memory' : ''}`;
  const lifetimes = ended.flatMap(({ begin, ...rest }): Lifetime[] =>
    begin === undefined ? [] : [{ ...rest, begin }],
  );
  const { from, to } = plan;
  const markers =
    from === undefined && to === undefined ? {} : await findMarkers(client, timed, plan, signal);
  if (from !== undefined && markers.first === undefined) return `no line of its log holds “${from}”`;
  if (to !== undefined && markers.last === undefined) return `no line of its log holds “${to}”`;
  return timeOfRun(lifetimes, markers, mainIsLast) ?? 'the engine did not say when it ran';
}
