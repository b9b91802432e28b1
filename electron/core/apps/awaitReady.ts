import { setTimeout as delay } from 'node:timers/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { JustStarted } from './JustStarted.ts';
import { lastLogLines } from './lastLogLines.ts';
import type { OperationStep } from './OperationStep.ts';
import { untilSettled } from './untilSettled.ts';

/** Lines of its log that go with what is said of a container. */
const LINES_TOLD = 10;
const MOST_NAMED = 3;

/** Why a container is not ready, in the words that follow its name. */
interface Unready {
  container: ContainerRecord | undefined;
  name: string;
  words: string;
  /** Waiting does not help. */
  isOver: boolean;
}

/**
 * Waits until each service of an app that was started runs, and is healthy where it has a health check; where it has none, until it has run for half a
 * second. What ended with 0 has done its work.
 *
 * @param timeoutMs undefined: for as long as it takes
 * @throws FlotillaError `engine-error` for a container that failed or is unhealthy, `timeout`; both with the last lines of its log in
 * `detail.log`. `cancelled`
 */
export async function awaitReady(
  session: AppSession,
  engine: EngineService,
  { timeoutMs }: { timeoutMs?: number | undefined },
  operation: OperationStep,
): Promise<void> {
  const patience = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = patience === undefined ? operation.signal : AbortSignal.any([operation.signal, patience]);
  // As they were started: files that change meanwhile change nothing of that.
  const { services } = session.model();
  const untested = (): ContainerRecord[] => session.containers().filter(({ health }) => health === undefined);
  const look = (): Unready[] => unreadyOf(session, services);
  const lookOnce = (): 'ready' | Unready | undefined => {
    const unready = look();
    const [first] = unready;
    if (first === undefined) return 'ready';
    operation.step(`Waiting: ${first.name} ${first.words}`);
    return unready.find(({ isOver }) => isOver);
  };
  const trial = new JustStarted();
  let pauseMs = 0;
  for (;;) {
    try {
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal });
      await untilSettled(engine, lookOnce, signal);
      // Events run ahead of the whole truth: a container that the engine is about to start again looks like one that has ended.
      await engine.relist();
    } catch (error) {
      if (operation.signal.aborted)
        throw new FlotillaError('cancelled', `Waiting for ${session.title} was cancelled.`);
      if (patience?.aborted === true) throw await lateError(session, look(), timeoutMs ?? 0);
      throw error;
    }
    const outcome = lookOnce();
    pauseMs = outcome === 'ready' ? trial.left(untested()) : 0;
    if (outcome === 'ready' && pauseMs === 0) return;
    if (outcome !== 'ready' && outcome !== undefined) throw await failure(session, outcome);
  }
}

function unreadyOf(session: AppSession, services: readonly ServiceModel[]): Unready[] {
  const containers = session.containers();
  return services.flatMap((service) => {
    const own = containers.filter((container) => container.service === service.name);
    const lacking = session.requested(service) - own.length;
    return [
      ...own.flatMap((container) => {
        const unready = whyUnready(service, container);
        return unready === undefined
          ? []
          : [{ ...unready, container, name: `${service.name}-${container.index}` }];
      }),
      ...(lacking > 0
        ? [
            {
              container: undefined,
              name: service.name,
              words: `lacks ${lacking} of its replicas`,
              isOver: false,
            },
          ]
        : []),
    ];
  });
}

function whyUnready(
  { healthcheck, restart }: ServiceModel,
  { state, health, exitCode, oomKilled }: ContainerRecord,
): Pick<Unready, 'words' | 'isOver'> | undefined {
  switch (state) {
    case 'running': {
      if (health === 'healthy') return undefined;
      if (health === 'unhealthy') return { words: 'is unhealthy', isOver: true };
      const isTested = health !== undefined || (healthcheck !== undefined && healthcheck.test[0] !== 'NONE');
      return isTested ? { words: 'is not healthy yet', isOver: false } : undefined;
    }
    case 'exited':
    case 'dead': {
      if (exitCode === 0 && state === 'exited') return undefined;
      const cause = oomKilled === true ? ', out of memory' : '';
      // The engine starts these again for ever.
      const isOver = restart.name === 'no' || restart.name === 'on-failure';
      return { words: `ended with code ${exitCode ?? '?'}${cause}`, isOver };
    }
    case 'created':
      return { words: 'is not started yet', isOver: false };
    default:
      return { words: `is ${state}`, isOver: false };
  }
}

async function failure(session: AppSession, { container, name, words }: Unready): Promise<FlotillaError> {
  const log = container === undefined ? [] : await lastLogLines(session.client(), container, LINES_TOLD);
  return new FlotillaError('engine-error', `${name} ${words}.`, {
    hint:
      log.length === 0
        ? `It wrote nothing. Look at its command and its settings.`
        : `Its whole log: flotilla logs DIR --service ${name}`,
    detail: { service: container?.service, exitCode: container?.exitCode, log },
  });
}

async function lateError(
  session: AppSession,
  unready: readonly Unready[],
  timeoutMs: number,
): Promise<FlotillaError> {
  // All runs, and some of it has done so for a moment only.
  const named =
    unready.length === 0
      ? ['it has only just started']
      : unready.slice(0, MOST_NAMED).map(({ name, words }) => `${name} ${words}`);
  const others = Math.max(0, unready.length - named.length);
  const container = unready.find((candidate) => candidate.container !== undefined)?.container;
  const log = container === undefined ? [] : await lastLogLines(session.client(), container, LINES_TOLD);
  return new FlotillaError(
    'timeout',
    `After ${timeoutMs / 1000} s ${named.join(', ')}${others > 0 ? ` and ${others} more are not ready` : ''}.`,
    {
      hint: 'What was started runs on. Give it longer with --wait-timeout, or look at the logs.',
      detail: { service: container?.service, log },
    },
  );
}
