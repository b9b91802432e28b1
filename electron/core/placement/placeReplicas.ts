import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { type AppPlacement, hasPlacement, placeApp, replicaIndices } from '#shared/placement/placeApp.ts';
import { flatTopology } from '#shared/placement/Topology.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { assertRoom, imagesOf } from './Placer.ts';
import { topologyOf } from './topologyOf.ts';

/** Places an app of which nothing runs yet. @throws FlotillaError `invalid-input` where a replica can have no place */
export async function placeReplicas(client: EngineClient, app: AppModel): Promise<AppPlacement> {
  const topology = hasPlacement(app) ? await topologyOf(client, imagesOf(app)) : flatTopology(0, '');
  const placement = placeApp(app, topology, ({ replicas }) => replicaIndices([], replicas));
  assertRoom(placement.plan);
  return placement;
}
