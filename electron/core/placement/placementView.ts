import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { placeApp, replicaIndices } from '#shared/placement/placeApp.ts';
import { THREAD_VARIABLES } from '#shared/placement/placedService.ts';
import type { PlacementSource } from '#shared/placement/PlacementSource.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { imagesOf } from './Placer.ts';
import { topologyOf } from './topologyOf.ts';

interface Question {
  /** The app's own. */
  present: readonly { service: string; index: number }[];
  wanted: (service: ServiceModel) => number;
  /** The numbers were asked about, rather than what is there. */
  isSupposed: boolean;
}

/**
 * Where the replicas of an app are, or would be, on the machine of an engine.
 * @param sources where its files say so
 */
export async function placementView(
  client: EngineClient,
  app: AppModel,
  sources: ReadonlyMap<string, PlacementSource>,
  { present, wanted, isSupposed }: Question,
): Promise<PlacementView> {
  const topology = await topologyOf(client, imagesOf(app));
  const indices = (service: ServiceModel): number[] =>
    replicaIndices(
      isSupposed ? [] : present.flatMap(({ service: name, index }) => (name === service.name ? [index] : [])),
      wanted(service),
    );
  const { plan } = placeApp(app, topology, indices);
  return {
    topology,
    plan,
    services: app.services.map((service) => ({
      name: service.name,
      role: service.role,
      placement: service.placement ?? null,
      replicas: indices(service).length,
      threadVariables:
        service.placement === undefined ||
        service.placement.cpusPerWorker === 0 ||
        service.placement.threads === 'keep'
          ? []
          : THREAD_VARIABLES.filter((name) => !Object.hasOwn(service.environment, name)),
      file: service.file,
      line: service.range?.line,
      source: sources.get(service.name) ?? null,
    })),
  };
}
