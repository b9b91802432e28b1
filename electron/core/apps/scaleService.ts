import { FlotillaError } from '#shared/contract/errors.ts';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import { settledClient } from '../engine/settledClient.ts';
import type { AppSession } from './AppSession.ts';
import { staleLimits } from './staleLimits.ts';
import { scaleBlockedBy } from './viewOfApp.ts';

const TICK_MS = 50;

/**
 * Asks for a number of replicas of a service and brings them about: resolves when they are there or a later request took over. Where
 * nothing of the app runs, the number is only kept for the next start.
 *
 * @param withLimits those that run get the limits that new ones are made with, too, where that needs no restart
 * @throws FlotillaError `invalid-input`, `not-found`, `conflict` (a fixed port or name), or what the engine refused
 */
export async function scaleService(
  session: AppSession,
  name: string,
  replicas: number,
  engine: EngineService,
  signal: AbortSignal | undefined,
  { withLimits = false } = {},
): Promise<void> {
  // Fails before there is an operation, yet the page must show it as it shows those of operations.
  await session.keepFailure(() => session.model());
  assertAllowed(session, name, replicas);
  await session.awaitOperations(['stop', 'down']);
  await session.keepFailure(async () => session.placer.ensure(await settledClient(engine), session.model()));
  assertConsent(session, name, replicas);
  await session.request(name, replicas);
  const controller = session.controller(name);
  const update = withLimits ? staleLimits(session, name) : new Set<string>();
  const refresh = update.size > 0 && { replace: new Set<string>(), update, start: new Set<string>() };
  // A stop that has begun since this was asked for.
  if (controller.busy && !session.isUnder('stop', 'down')) return controller.request({ replicas, refresh });
  if (isKeptForLater(session, name)) return;
  await session.operate('scale', signal, async (operation) => {
    const onAbort = (): void => void controller.cancel();
    operation.signal.addEventListener('abort', onAbort, { once: true });
    const ticking = setInterval(() => {
      const { step, done, total } = controller.progress;
      operation.step(step, done, total);
    }, TICK_MS);
    try {
      await controller.request({ replicas, refresh });
    } catch (error) {
      if (operation.signal.aborted) {
        // What was reached until then is what is asked for now.
        await engine.relist();
        await session.request(
          name,
          session.containers().filter((container) => container.service === name).length,
        );
      }
      throw error;
    } finally {
      clearInterval(ticking);
      operation.signal.removeEventListener('abort', onAbort);
    }
  });
}

/** Before the number is taken for what is wanted; fewer can always be had. @throws FlotillaError `consent-required` */
function assertConsent(session: AppSession, name: string, replicas: number): void {
  if (!session.controller(name).busy && isKeptForLater(session, name)) return;
  const present = session.containers().filter(({ service }) => service === name);
  if (replicas <= present.length) return;
  session.consents.assertAll(
    session.title,
    session.reading.dangers.filter(({ service }) => service === name),
  );
}

function assertAllowed(session: AppSession, name: string, replicas: number): void {
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MAX_REPLICAS) {
    throw new FlotillaError('invalid-input', `${replicas} is no number of replicas.`, {
      hint: `Give a whole number from 0 to ${MAX_REPLICAS}.`,
    });
  }
  const target = session.service(name);
  const blocked = scaleBlockedBy(target);
  if (blocked === null || replicas <= 1) return;
  throw new FlotillaError('conflict', `${name} cannot have ${replicas} replicas: ${blocked}`, {
    hint: 'Apply the fix under Problems, then scale.',
    detail: { file: target.file, line: target.range?.line },
  });
}

/** Nothing runs or is to run on, or a start under way has not come to this service yet and will read the new number then. */
function isKeptForLater(session: AppSession, name: string): boolean {
  if (session.isUnder('stop', 'down')) return true;
  const containers = session.containers();
  // Those that wait to be started were made by that start.
  if (session.isUnder('up'))
    return !containers.some((container) => container.service === name && container.state !== 'created');
  const isUp = containers.some((container) => ['running', 'paused', 'restarting'].includes(container.state));
  return !isUp && !session.controllers.some((controller) => controller.busy);
}
