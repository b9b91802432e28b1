import { existsSync } from 'node:fs';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { doorPlace, type DoorPlace, type NetworkInspection, noDoor } from '../door/doorPlace.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/**
 * A place for main's door on the first of its networks that has one. They have to be there.
 * @throws FlotillaError `unsupported` saying why there is none
 */
export async function placeDoor(
  client: EngineClient,
  app: Pick<AppModel, 'networks'> | null,
  main: ServiceModel,
): Promise<DoorPlace> {
  let problem: unknown;
  for (const { name } of main.networks) {
    const network = app?.networks.find(({ key }) => key === name)?.name ?? name;
    try {
      return doorPlace({
        host: client.endpoint.host,
        info: client.info,
        network: await client.request<NetworkInspection>({
          path: `/networks/${encodeURIComponent(network)}`,
        }),
        hasInterface: (device) => existsSync(`/sys/class/net/${device}`),
      });
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem ?? noDoor('it is on no network');
}
