import { setMaxListeners } from 'node:events';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { StudyPlan } from '#shared/domain/Study.ts';
import { cpusetOf } from '#shared/study/cpusets.ts';
import { containerSpec } from '../apps/containerSpec.ts';
import { createOneOff } from '../apps/createOneOff.ts';
import { startContainer } from '../apps/createReplica.ts';
import { limitsOf } from '../apps/engineLimits.ts';
import { ensureNetworksAndVolumes } from '../apps/ensureNetworks.ts';
import { explainStartFailure } from '../apps/explainStartFailure.ts';
import type { PreparedApp } from '../apps/prepareApp.ts';
import { removeNetworks, removeVolumes } from '../apps/removeStores.ts';
import { runLifecycle } from '../apps/runLifecycle.ts';
import { removeInTurn } from '../apps/stopContainer.ts';
import { workerEnvironment } from '../apps/workerEnvironment.ts';
import type { ContainerSummary } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { placeReplicas } from '../placement/placeReplicas.ts';

/** Holds the id of the study that a container belongs to. */
export const STUDY_LABEL = 'io.flotilla.study';

/** A container of a run. */
export interface StudyContainer {
  id: string;
  /** `service-index`. */
  name: string;
  service: ServiceModel;
}

/**
 * Makes all containers of one run, with their networks and volumes, and starts none.
 * @param prepared its app as `studyApp` has it
 * @param openDoor what to tell a main that may control its workers; the networks are there then
 */
export async function createContainers(
  client: EngineClient,
  prepared: PreparedApp,
  plan: StudyPlan,
  openDoor: (main: ServiceModel) => Promise<Record<string, string>>,
  signal: AbortSignal,
): Promise<StudyContainer[]> {
  const { app, path } = prepared;
  await ensureNetworksAndVolumes(client, app, path);
  const placed = await placeStudy(client, app, plan);
  const main = app.services.find(({ control }) => control === true);
  const doorTold = main === undefined ? {} : await openDoor(main);
  const replicas = app.services.flatMap((service) =>
    Array.from({ length: service.replicas }, (_, index) => ({ service, index: index + 1 })),
  );
  const { creations } = limitsOf(client);
  // All of them are waited for, also when one fails: what comes late must be seen by who removes.
  const outcomes = await Promise.allSettled(
    replicas.map(({ service, index }) =>
      creations.run(
        () =>
          createOne(
            client,
            prepared,
            plan,
            { service, index, placed: placed(service, index), more: service === main ? doorTold : {} },
            signal,
          ),
        0,
        signal,
      ),
    ),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function createOne(
  client: EngineClient,
  prepared: PreparedApp,
  plan: StudyPlan,
  {
    service,
    index,
    placed,
    more,
  }: { service: ServiceModel; index: number; placed: ServiceModel; more: Record<string, string> },
  signal: AbortSignal,
): Promise<StudyContainer> {
  signal.throwIfAborted();
  await prepared.mayStart(service);
  const { app, path } = prepared;
  const name = `${service.name}-${index}`;
  const told = { ...workerEnvironment(app, service, index, (other) => other.replicas), ...more };
  const id = await createOneOff(
    client,
    containerSpec(app, placed, index, path, told),
    { [STUDY_LABEL]: plan.id },
    name,
  );
  return { id, name, service };
}

/** As the file places them; of the service that is counted, as the study was asked to bind them. */
async function placeStudy(
  client: EngineClient,
  app: AppModel,
  { pinning, service: counted }: StudyPlan,
): Promise<(service: ServiceModel, index: number) => ServiceModel> {
  const services =
    pinning === undefined
      ? app.services
      : app.services.map((each) => (each.name === counted ? { ...each, placement: undefined } : each));
  const { placed } = await placeReplicas(client, { ...app, services });
  return (service, index) =>
    pinning !== undefined && service.name === counted
      ? { ...service, cpuset: cpusetOf(pinning, index) }
      : placed(service, index);
}

/** Starts containers as nearly at once as the engine can: beyond its limit it miscounts what is on its networks. */
export async function startContainers(
  client: EngineClient,
  containers: readonly StudyContainer[],
  signal: AbortSignal,
): Promise<void> {
  const { creations } = limitsOf(client);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  // Each that waits for its turn hears them.
  setMaxListeners(0, signal, either);
  await Promise.all(
    containers.map(async ({ id, name, service }) => {
      try {
        await creations.run(() => startContainer(client, id), 0, either);
        // Not in its turn: it may wait for others to start.
        await runLifecycle(client, id, name, 'post_start', service.postStart, signal);
      } catch (error) {
        // Those that wait for their turn have no use any more, and what they say is not why.
        if (!over.signal.aborted) over.abort(explainStartFailure(error, name));
        throw over.signal.reason;
      }
    }),
  );
}

/** Removes the containers and volumes of a study, running or not; all runs begin with empty volumes. */
export async function removeContainers(client: EngineClient, plan: StudyPlan): Promise<void> {
  const list = await client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: JSON.stringify({ label: [`${STUDY_LABEL}=${plan.id}`] }) },
  });
  await Promise.all(list.map(({ Id }) => removeInTurn(client, Id)));
  await removeVolumes(client, plan.project);
}

/** Removes all that a study may have made. */
export async function removeAll(client: EngineClient, plan: StudyPlan): Promise<void> {
  await removeContainers(client, plan);
  await removeNetworks(client, plan.project);
}
