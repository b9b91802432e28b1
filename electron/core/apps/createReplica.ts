import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { ContainerSpec } from './containerSpec.ts';
import { copyFiles } from './copyFiles.ts';

/**
 * Makes a container, puts it on its networks and its files into it. One for which `then` fails is removed again: it never ran, is of no use to anybody,
 * and would block its name.
 *
 * @param then what is done with it, e.g. started
 * @returns its id
 */
export async function createReplica(
  client: EngineClient,
  spec: ContainerSpec,
  then: (id: string) => Promise<void>,
): Promise<string> {
  const { Id: id } = await client.request<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    query: { name: spec.name, platform: spec.platform },
    body: spec.body,
  });
  try {
    await joinNetworks(client, id, spec.furtherNetworks);
    await copyFiles(client, id, spec.files);
    await then(id);
  } catch (error) {
    await discardContainer(client, id);
    throw error;
  }
  return id;
}

/** Removes a container that never ran, as far as that can be done. */
export const discardContainer = (client: EngineClient, id: string): Promise<void> =>
  client
    .request<void>({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } })
    .catch(() => undefined);

/** Puts a container on networks; one that it is on already is no error. */
export async function joinNetworks(
  client: EngineClient,
  id: string,
  networks: ContainerSpec['furtherNetworks'],
): Promise<void> {
  for (const { name, config } of networks)
    await client
      .request({
        method: 'POST',
        path: `/networks/${encodeURIComponent(name)}/connect`,
        body: { Container: id, EndpointConfig: config },
      })
      .catch((error: unknown) => {
        if (!isJoined(error)) throw error;
      });
}

const isJoined = (error: unknown): boolean =>
  error instanceof FlotillaError && /already (exists|attached|connected)/i.test(error.message);

export const startContainer = (client: EngineClient, id: string): Promise<void> =>
  client.request({ method: 'POST', path: `/containers/${id}/start` });
