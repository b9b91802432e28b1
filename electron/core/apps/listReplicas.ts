import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { ReplicaState } from '#shared/reconcile/decideReplicas.ts';
import {
  type ContainerSummary,
  exitCodeOf,
  NUMBER_LABEL,
  ONE_OFF_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
  stateOf,
} from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { loadsToChooseBy } from './readLoads.ts';

/** A replica that is there. */
export interface PresentReplica extends ReplicaState {
  id: string;
  imageId: string;
}

/**
 * The replicas of a service that the engine has now. Where some but not all are to go, and the service says how to ask, with what each has
 * to do.
 * @param owns whether a container with these labels is of the app's folder: another may have the same project name
 * @param wanted how many there are to be
 */
export async function listReplicas(
  client: EngineClient,
  project: string,
  service: ServiceModel,
  owns: (labels: Readonly<Record<string, string>>) => boolean,
  wanted: number,
): Promise<PresentReplica[]> {
  const list = await client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: {
      all: true,
      filters: JSON.stringify({
        label: [
          `${PROJECT_LABEL}=${project}`,
          `${SERVICE_LABEL}=${service.name}`,
          `${ONE_OFF_LABEL}=False`,
          NUMBER_LABEL,
        ],
      }),
    },
  });
  const present = list
    .filter(({ State, Labels }) => State !== 'removing' && owns(Labels ?? {}))
    .map((summary) => ({
      id: summary.Id,
      index: Number(summary.Labels?.[NUMBER_LABEL] ?? '1'),
      state: stateOf(summary.State),
      exitCode: exitCodeOf(summary),
      imageId: summary.ImageID ?? '',
    }));
  const loads = await loadsToChooseBy(client, service, present, wanted);
  return present.map((replica) => ({ ...replica, load: loads.get(replica.id) }));
}
