import { isAbsolute, join } from 'node:path';
import type { AppModel, VolumeModel } from '#shared/domain/ServiceModel.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { type ContainerSummary, PROJECT_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { CREATOR, NETWORK_LABEL, VERSION_LABEL, VOLUME_LABEL } from './containerSpec.ts';
import { hasStatus } from './stopContainer.ts';

interface NetworkSummary {
  Id: string;
  Name: string;
  Labels?: Record<string, string> | null;
}

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
    (await client.request<NetworkSummary[]>({ path: '/networks' })).map((network) => network.Name),
  );
  for (const network of app.networks) {
    if (!used.has(network.key) || present.has(network.name)) continue;
    if (network.external) {
      throw new FlotillaError('not-found', `The external network ${network.name} does not exist.`, {
        hint: `Create it: docker network create ${network.name}`,
      });
    }
    await client
      .request({
        method: 'POST',
        path: '/networks/create',
        body: {
          Name: network.name,
          CheckDuplicate: true,
          Internal: network.internal,
          ...(network.driver === undefined ? {} : { Driver: network.driver }),
          Labels: {
            ...network.labels,
            [PROJECT_LABEL]: app.name,
            [NETWORK_LABEL]: network.key,
            [VERSION_LABEL]: CREATOR,
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

/** How long an engine may take to let go of a network's last endpoints. */
const ENDPOINTS_MS = 60_000;
/** Attempts (some eight seconds) before endpoints of containers that are gone are taken off by force. */
const FORCE_AFTER = 12;

/**
 * Removes the project's own networks, once its containers are gone. One that containers of another folder of the same
 * project name use stays; one that a foreign container uses stays and is named in the error.
 */
export async function removeNetworks(client: EngineClient, project: string): Promise<void> {
  const networks = await client.request<NetworkSummary[]>({
    path: '/networks',
    query: { filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`] }) },
  });
  for (const network of networks) await removeNetwork(client, network.Id, project);
}

/** Removes one network of a project by its id; what {@link removeNetworks} says of each. */
export async function removeNetwork(client: EngineClient, id: string, project: string): Promise<void> {
  const deadline = Date.now() + ENDPOINTS_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.request({ method: 'DELETE', path: `/networks/${id}` });
      return;
    } catch (error) {
      if (hasStatus(error, 404)) return;
      // The engine may still be taking the last endpoints off: seconds, when it is busy. Those of others stay.
      const held = attempt < 5 ? undefined : await endpointsOf(client, id, project);
      if (held?.isShared === true) return;
      if (held?.hasForeign === true || Date.now() > deadline) throw error;
      // A busy engine can forget some for good: those of containers that are not there any more.
      if (attempt >= FORCE_AFTER) await takeOff(client, id, held?.stale ?? []);
      await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 100 * attempt)));
    }
  }
}

/**
 * Who is on the network: a container of another project or of none (`hasForeign`), else one of the same project that
 * nobody removes (`isShared`); and the names of endpoints whose container is gone.
 */
async function endpointsOf(
  client: EngineClient,
  id: string,
  project: string,
): Promise<{ hasForeign: boolean; isShared: boolean; stale: string[] }> {
  const { Containers } = await client.request<{ Containers?: Record<string, { Name?: string }> | null }>({
    path: `/networks/${id}`,
  });
  const present = await client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true },
  });
  const containers = new Map(present.map((container) => [container.Id, container]));
  const endpoints = Object.entries(Containers ?? {});
  const there = endpoints.flatMap(([key]) => containers.get(key) ?? []);
  return {
    hasForeign: there.some(({ Labels }) => Labels?.[PROJECT_LABEL] !== project),
    isShared: there.some(({ State }) => State === 'running' || State === 'paused'),
    stale: endpoints.flatMap(([key, { Name }]) => (containers.has(key) || Name === undefined ? [] : [Name])),
  };
}

async function takeOff(client: EngineClient, id: string, endpoints: readonly string[]): Promise<void> {
  for (const name of endpoints)
    await client
      .request({
        method: 'POST',
        path: `/networks/${id}/disconnect`,
        body: { Container: name, Force: true },
      })
      // It may have gone by itself meanwhile; the next attempt tells.
      .catch(() => undefined);
}

export async function removeVolumes(client: EngineClient, project: string): Promise<void> {
  const answer = await client.request<{ Volumes?: { Name: string }[] | null }>({
    path: '/volumes',
    query: { filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`] }) },
  });
  for (const volume of answer.Volumes ?? []) {
    await client
      .request({ method: 'DELETE', path: `/volumes/${encodeURIComponent(volume.Name)}` })
      .catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      });
  }
}
