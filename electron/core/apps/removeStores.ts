import { setTimeout as delay } from 'node:timers/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import { listWords } from '#shared/reconcile/listWords.ts';
import { type ContainerSummary, PROJECT_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { hasStatus } from './stopContainer.ts';

/** How long an engine may take to let go of a network's last endpoints. */
const ENDPOINTS_MS = 60_000;
/** The same, while it names not one of them: it takes them off before it says that a container has ended. */
const UNNAMED_MS = 20_000;
/** Attempts (some second and a half) before it is asked who is on the network. */
const ASK_AFTER = 5;
/** Attempts (some eight seconds) before endpoints of containers that are gone are taken off by force. */
const FORCE_AFTER = 12;

/**
 * Removes the project's own networks, once its containers are gone. One that containers of another folder of the same
 * project name use stays; one that a foreign container uses stays and is named in the error.
 *
 * @returns how many it removed
 * @throws FlotillaError `cancelled` when the signal aborts, or what {@link removeNetwork} says
 */
export async function removeNetworks(
  client: EngineClient,
  project: string,
  signal?: AbortSignal,
): Promise<number> {
  const networks = await client.request<{ Id: string }[]>({
    path: '/networks',
    query: { filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`] }) },
  });
  let removed = 0;
  for (const network of networks) if (await removeNetwork(client, network.Id, project, signal)) removed += 1;
  return removed;
}

/**
 * Removes one network of a project by its id; what {@link removeNetworks} says of each.
 *
 * @returns false where it stays, or was gone
 * @throws FlotillaError `cancelled`; `conflict` naming who is on it; `engine-error` where the engine has lost count of its endpoints
 */
export async function removeNetwork(
  client: EngineClient,
  id: string,
  project: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const began = Date.now();
  let namedAt = began;
  for (let attempt = 1; ; attempt += 1) {
    if (signal?.aborted === true)
      throw new FlotillaError('cancelled', 'Removing the networks was cancelled.', {
        hint: 'Remove the app to be rid of those that are left.',
      });
    try {
      await client.request({ method: 'DELETE', path: `/networks/${id}` });
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      if (![403, 409, 500].some((status) => hasStatus(error, status))) throw error;
      // The engine may still be taking the last endpoints off: seconds, when it is busy. Those of others stay.
      const held = attempt < ASK_AFTER ? undefined : await endpointsOf(client, id, project);
      if (held !== undefined) {
        if (held.foreign.length > 0) throw inUse(held.network, held.foreign, error);
        if (held.isShared) return false;
        const now = Date.now();
        if (held.names.length > 0) namedAt = now;
        if (now - namedAt > UNNAMED_MS) throw hasStatus(error, 403) ? lostCount(held.network, error) : error;
        if (now - began > ENDPOINTS_MS) throw inUse(held.network, held.names, error);
        // A busy engine can forget some for good: those of containers that are not there any more.
        if (attempt >= FORCE_AFTER) await takeOff(client, id, held.stale);
      }
      await delay(Math.min(1_000, 100 * attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}

function inUse(network: string, holders: readonly string[], cause: unknown): FlotillaError {
  const uses = holders.length === 1 ? 'uses' : 'use';
  return new FlotillaError('conflict', `The network ${network} stays: ${listWords(holders)} ${uses} it.`, {
    hint: `Take them off it, then remove the app again: docker network disconnect ${network} ${holders[0] ?? ''}`,
    cause,
  });
}

function lostCount(network: string, cause: unknown): FlotillaError {
  return new FlotillaError(
    'engine-error',
    `The engine does not remove the network ${network}: it counts endpoints on it, but has none.`,
    {
      hint: 'That is a fault of the engine, which counts anew when it starts: restart it (docker.io on Linux: systemctl restart docker), then remove the app again. Nothing else of the app is left, and until then the network works as before.',
      cause,
    },
  );
}

/**
 * Who is on the network: containers of another project or of none (`foreign`), else one of the same project that
 * nobody removes (`isShared`); and the names of all endpoints and of those whose container is gone (`stale`).
 */
async function endpointsOf(
  client: EngineClient,
  id: string,
  project: string,
): Promise<{ network: string; foreign: string[]; isShared: boolean; names: string[]; stale: string[] }> {
  const { Name: network, Containers } = await client.request<{
    Name: string;
    Containers?: Record<string, { Name?: string }> | null;
  }>({ path: `/networks/${id}` });
  const present = await client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true },
  });
  const containers = new Map(present.map((container) => [container.Id, container]));
  const endpoints = Object.entries(Containers ?? {}).map(([key, { Name }]) => ({
    name: Name ?? key.slice(0, 12),
    container: containers.get(key),
  }));
  return {
    network,
    foreign: endpoints.flatMap(({ name, container }) =>
      container !== undefined && container.Labels?.[PROJECT_LABEL] !== project ? [name] : [],
    ),
    isShared: endpoints.some(({ container }) => ['running', 'paused'].includes(container?.State ?? '')),
    names: endpoints.map(({ name }) => name),
    stale: endpoints.flatMap(({ name, container }) => (container === undefined ? [name] : [])),
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

/** Removes the project's own volumes, with what is in them. @returns how many there were */
export async function removeVolumes(client: EngineClient, project: string): Promise<number> {
  const answer = await client.request<{ Volumes?: { Name: string }[] | null }>({
    path: '/volumes',
    query: { filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`] }) },
  });
  const volumes = answer.Volumes ?? [];
  for (const volume of volumes) {
    await client
      .request({ method: 'DELETE', path: `/volumes/${encodeURIComponent(volume.Name)}` })
      .catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      });
  }
  return volumes.length;
}
