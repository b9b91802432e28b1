import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { planChanges, type PlanOptions } from '#shared/reconcile/planChanges.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { containerSpec } from './containerSpec.ts';
import { driverOptions } from './ensureNetworks.ts';
import { readEngineFacts } from './readEngineFacts.ts';

/**
 * What would bring the engine to what an app's files declare and what was asked for since. Looks only.
 * @throws FlotillaError `project-invalid`, or why the engine does not answer
 */
export async function planApp(
  session: AppSession,
  client: EngineClient,
  { removeOrphans, retryFailed }: Pick<PlanOptions, 'removeOrphans' | 'retryFailed'>,
): Promise<ChangePlan> {
  const model = session.model();
  const app = {
    ...model,
    volumes: model.volumes.map((volume) => ({ ...volume, driverOpts: driverOptions(volume, session.path) })),
  };
  const facts = await readEngineFacts(client, app, (labels) => session.owns(labels));
  return planChanges(
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
    },
    facts,
    { removeOrphans, retryFailed, stopped: session.stopped },
  );
}
