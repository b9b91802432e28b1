import { isAbsolute, join } from 'node:path';
import type { AppModel, VolumeModel } from '#shared/domain/ServiceModel.ts';
import { NETWORK_SETTINGS_LABEL, networkDigest } from '#shared/reconcile/networkDigest.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { PROJECT_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { CREATOR, NETWORK_LABEL, VERSION_LABEL, VOLUME_LABEL } from './containerSpec.ts';
import { networkOptions } from './hostSettings.ts';
import { hasStatus } from './stopContainer.ts';

/**
 * Makes the networks and volumes of an app that are not there yet, labelled as Compose labels them.
 * @param projectPath real path of the project folder
 */
export async function ensureNetworksAndVolumes(
  client: EngineClient,
  app: AppModel,
  projectPath: string,
): Promise<void> {
  const used = new Set(
    app.services.flatMap((service) =>
      service.networkMode === undefined ? service.networks.map((network) => network.name) : [],
    ),
  );
  const present = new Set(
    (await client.request<{ Name: string }[]>({ path: '/networks' })).map((network) => network.Name),
  );
  for (const network of app.networks) {
    if (!used.has(network.key) || present.has(network.name)) continue;
    if (network.external) {
      throw new FlotillaError('not-found', `The external network ${network.name} does not exist.`, {
        hint: `Create it: docker network create ${network.name}`,
      });
    }
    const settings = networkDigest(network);
    await client
      .request({
        method: 'POST',
        path: '/networks/create',
        body: {
          Name: network.name,
          CheckDuplicate: true,
          Internal: network.internal,
          ...(network.driver === undefined ? {} : { Driver: network.driver }),
          ...networkOptions(network),
          Labels: {
            ...network.labels,
            [PROJECT_LABEL]: app.name,
            [NETWORK_LABEL]: network.key,
            [VERSION_LABEL]: CREATOR,
            ...(settings === '' ? {} : { [NETWORK_SETTINGS_LABEL]: settings }),
          },
        },
      })
      .catch((error: unknown) => {
        // Somebody else made it meanwhile.
        if (!hasStatus(error, 409)) throw error;
      });
  }
  for (const volume of app.volumes) {
    const mounted = app.services.some((service) =>
      service.mounts.some((mount) => mount.kind === 'volume' && mount.source === volume.key),
    );
    if (!mounted) continue;
    const exists = await client.request({ path: `/volumes/${encodeURIComponent(volume.name)}` }).then(
      () => true,
      (error: unknown) => {
        if (hasStatus(error, 404)) return false;
        throw error;
      },
    );
    if (exists) continue;
    if (volume.external) {
      throw new FlotillaError('not-found', `The external volume ${volume.name} does not exist.`, {
        hint: `Create it: docker volume create ${volume.name}`,
      });
    }
    await client.request({
      method: 'POST',
      path: '/volumes/create',
      body: {
        Name: volume.name,
        ...(volume.driver === undefined ? {} : { Driver: volume.driver }),
        DriverOpts: driverOptions(volume, projectPath),
        Labels: {
          ...volume.labels,
          [PROJECT_LABEL]: app.name,
          [VOLUME_LABEL]: volume.key,
          [VERSION_LABEL]: CREATOR,
        },
      },
    });
  }
}

/** A volume that stands for a folder names it as seen from the project; the engine wants to know it whole. */
export function driverOptions({ driverOpts }: VolumeModel, projectPath: string): Record<string, string> {
  const { device, o } = driverOpts;
  if (device === undefined || o !== 'bind' || isAbsolute(device)) return driverOpts;
  return { ...driverOpts, device: join(projectPath, device) };
}
