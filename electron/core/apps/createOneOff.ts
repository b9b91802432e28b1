import { ONE_OFF_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { ContainerSpec } from './containerSpec.ts';
import { copyFiles } from './copyFiles.ts';
import { joinNetworks } from './createReplica.ts';
import { explainStartFailure } from './explainStartFailure.ts';

/**
 * Makes a container that is no part of the app that runs (one-off, as compose calls it), on its networks with its files in it, and does not start it.
 * @param name for what is said of it
 * @returns its id
 * @throws FlotillaError why it could not be made
 */
export async function createOneOff(
  client: EngineClient,
  spec: ContainerSpec,
  labels: Readonly<Record<string, string>>,
  name: string,
): Promise<string> {
  try {
    const { Id: id } = await client.request<{ Id: string }>({
      method: 'POST',
      path: '/containers/create',
      query: { name: spec.name, platform: spec.platform },
      body: {
        ...spec.body,
        Labels: { ...(spec.body['Labels'] as Record<string, string>), [ONE_OFF_LABEL]: 'True', ...labels },
      },
    });
    await joinNetworks(client, id, spec.furtherNetworks);
    await copyFiles(client, id, spec.files);
    return id;
  } catch (error) {
    throw explainStartFailure(error, name);
  }
}
