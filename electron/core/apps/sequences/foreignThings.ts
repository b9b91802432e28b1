import type { EngineWitness } from '../../../../e2e/lab/EngineWitness.ts';

/** What is not an app's though its name and even its labels look so. */
export interface ForeignThings {
  /** What there is to tell of them: the same as long as nobody touches them. */
  look(): Promise<unknown>;
  remove(): Promise<void>;
}

/**
 * Beside an app: a container of another folder with the same project name, which bears the name of a worker that might be, a volume
 * called nearly like the app's, and a network called so, too.
 *
 * @param place of the network, which is to take none of the engine's own: `10.77.1`; without one there is no network
 */
export async function makeForeignThings(
  witness: EngineWitness,
  project: string,
  place?: string,
): Promise<ForeignThings> {
  const [network, volume, container] = [`${project}_default2`, `${project}_data2`, `${project}-worker-99`];
  if (place !== undefined)
    await witness.ask('POST', '/networks/create', {
      body: {
        Name: network,
        Internal: true,
        IPAM: { Config: [{ Subnet: `${place}.0/24`, Gateway: `${place}.1` }] },
      },
    });
  await witness.ask('POST', '/volumes/create', { body: { Name: volume } });
  await witness.ask('POST', `/containers/create?name=${container}`, {
    body: {
      Image: 'busybox:latest',
      Cmd: ['sleep', '1'],
      HostConfig: {
        NetworkMode: place === undefined ? 'none' : network,
        Mounts: [{ Type: 'volume', Source: volume, Target: '/data' }],
      },
      Labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': 'worker',
        'com.docker.compose.container-number': '99',
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.project.working_dir': `/elsewhere/${project}`,
      },
    },
  });
  return {
    async look() {
      const { Id, Name, Created, Config, State, NetworkSettings, Mounts } = await witness.ask<{
        Id: string;
        Name: string;
        Created: string;
        Config: unknown;
        State: { Status: string; StartedAt: string };
        NetworkSettings: { Networks: Record<string, unknown> };
        Mounts: unknown;
      }>('GET', `/containers/${container}/json`);
      const { Status, StartedAt } = State;
      return {
        // An engine that starts again fills in some of the rest.
        container: [
          Id,
          Name,
          Created,
          Config,
          Status,
          StartedAt,
          Object.keys(NetworkSettings.Networks),
          Mounts,
        ],
        network: place === undefined ? undefined : await witness.ask('GET', `/networks/${network}`),
        volume: await witness.ask('GET', `/volumes/${volume}`),
      };
    },
    async remove() {
      await witness.ask('DELETE', `/containers/${container}?force=1&v=1`);
      if (place !== undefined) await witness.ask('DELETE', `/networks/${network}`);
      await witness.ask('DELETE', `/volumes/${volume}`);
    },
  };
}
