import { FlotillaError } from '#shared/contract/errors.ts';
import type { ChangePlan, PlanStep } from '#shared/reconcile/ChangePlan.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { limitsOf } from './engineLimits.ts';
import type { OperationStep } from './OperationStep.ts';
import { removeNetwork } from './removeStores.ts';
import { stopAndRemove } from './stopContainer.ts';

/**
 * Carries out what of a plan takes away before anything is made: orphans, replicas that are too many, and networks that are made anew
 * with the containers that must leave them first. Broken off anywhere, it leaves what another plan takes up.
 *
 * @throws FlotillaError `cancelled`, or what the engine refused first
 */
export async function clearTheWay(
  session: AppSession,
  client: EngineClient,
  plan: ChangePlan,
  operation: OperationStep,
): Promise<void> {
  const { services } = session.model();
  const { removals } = limitsOf(client);
  const under = new Map<string, Promise<void>>();
  const remove = async ({ containerId = '', service, subject }: PlanStep): Promise<void> => {
    // An orphan's service is in no file any more: the grace it was made with holds.
    const known = services.find(({ name }) => name === service);
    const container = session.containers().find(({ id }) => id === containerId);
    await removals.run(async () => {
      operation.signal.throwIfAborted();
      if (known !== undefined && container?.state === 'running')
        await session.beforeStop(
          containerId,
          subject,
          known,
          (step) => operation.step(step),
          operation.signal,
        );
      operation.step(`Removing ${subject}`);
      session.stopped.add(containerId);
      session.changed();
      await stopAndRemove(client, containerId, known?.stopGraceMs, () =>
        session.leaving(containerId, (step) => operation.step(step)),
      );
    });
  };
  for (const step of plan.steps) {
    const isContainer = step.kind === 'remove-orphan' || step.kind === 'remove-container';
    if (!isContainer && step.kind !== 'recreate-network') continue;
    const run = async (): Promise<void> => {
      for (const need of step.needs) await under.get(need);
      operation.signal.throwIfAborted();
      if (isContainer) return remove(step);
      operation.step(`Removing network ${step.subject}`);
      // It comes again with the networks that are missing.
      await removeNetwork(client, step.networkId ?? step.subject, plan.project, operation.signal);
    };
    const promise = run();
    promise.catch(() => undefined);
    under.set(step.id, promise);
  }
  const outcomes = await Promise.allSettled(under.values());
  if (operation.signal.aborted)
    throw new FlotillaError('cancelled', `Starting ${session.title} was cancelled.`, {
      hint: 'Some containers may be gone that were to be made anew: start it again to go on.',
    });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
