import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { planChanges, type PlanOptions } from '#shared/reconcile/planChanges.ts';
import { setOutOf } from '#shared/reconcile/setOut.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { EngineFacts } from '#shared/reconcile/EngineFacts.ts';
import type { AppSession } from './AppSession.ts';
import { containerSpec } from './containerSpec.ts';
import { driverOptions } from './ensureNetworks.ts';
import type { SetOut } from './projectsDocument.ts';
import { readEngineFacts } from './readEngineFacts.ts';
import { loadsToChooseBy } from './readLoads.ts';
import { assertRoom } from '../placement/Placer.ts';
import { crowdedNotes } from '#shared/placement/crowdedNotes.ts';

type Wanted = Pick<PlanOptions, 'removeOrphans' | 'retryFailed'>;

/**
 * What would bring the engine to what an app's files declare and what was asked for since. Looks only.
 * @throws FlotillaError `project-invalid`, `invalid-input` where a replica can have no place, or why the engine does not answer
 */
export const planApp = async (
  session: AppSession,
  client: EngineClient,
  wanted: Wanted,
): Promise<ChangePlan> => (await planStart(session, client, wanted)).plan;

/**
 * The plan of a start, with what is remembered of an earlier one that was broken off, and what is to be remembered of this one.
 * @throws FlotillaError as {@link planApp}
 */
export async function planStart(
  session: AppSession,
  client: EngineClient,
  { removeOrphans, retryFailed }: Wanted,
): Promise<{ plan: ChangePlan; earlier: SetOut; setOut: SetOut }> {
  const model = session.model();
  const app = {
    ...model,
    volumes: model.volumes.map((volume) => ({ ...volume, driverOpts: driverOptions(volume, session.path) })),
  };
  const earlier = await session.setOut();
  await session.placer.prepare(client, app);
  const facts = await withLoads(
    session,
    client,
    await readEngineFacts(
      client,
      app,
      (labels) => session.owns(labels),
      (present) => session.placer.placeApp(app, present).placed,
    ),
  );
  const placement = session.placer.placeApp(
    app,
    facts.containers.filter(({ own }) => own),
  );
  assertRoom(placement.plan);
  const plan = planChanges(
    {
      app,
      replicas: new Map(app.services.map((service) => [service.name, session.requested(service)])),
      configHashes: new Map(
        app.services.map((service) => [
          service.name,
          containerSpec(app, service, 1, session.path).configHash,
        ]),
      ),
      projectPath: session.path,
      placed: placement.placed,
    },
    facts,
    { removeOrphans, retryFailed, stopped: session.stopped, setOut: earlier },
  );
  return {
    plan: { ...plan, notes: [...plan.notes, ...crowdedNotes(placement.plan)] },
    earlier,
    setOut: setOutOf(plan, facts.containers, earlier),
  };
}

/** Adds what the replicas have to do of those services that have too many: who goes is chosen as scaling chooses. */
async function withLoads(
  session: AppSession,
  client: EngineClient,
  facts: EngineFacts,
): Promise<EngineFacts> {
  const loads = await Promise.all(
    session.model().services.map((service) => {
      const present = facts.containers.filter(
        ({ own, service: name, state }) => own && name === service.name && state !== 'removing',
      );
      return loadsToChooseBy(client, service, present, session.requested(service));
    }),
  );
  const loadOf = new Map(loads.flatMap((each) => [...each]));
  if (loadOf.size === 0) return facts;
  return {
    ...facts,
    containers: facts.containers.map((container) => ({ ...container, load: loadOf.get(container.id) })),
  };
}
