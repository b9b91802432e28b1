import { expect } from 'vitest';
import type { EngineWitness } from '../../../../e2e/lab/EngineWitness.ts';
import type { DeclaredApp } from './DeclaredApp.ts';

interface Inspection {
  Id: string;
  Name: string;
  Image: string;
  State: { Status: string; StartedAt: string };
  Config: { Cmd: string[]; Env: string[]; Labels: Record<string, string> };
  HostConfig: { PortBindings?: Record<string, unknown> | null };
  Mounts: { Type: string; Name?: string; Destination: string }[];
  NetworkSettings: {
    Networks: Record<string, { NetworkID: string; IPAddress: string; Aliases: string[] | null }>;
  };
}
type Networks = { Id: string; Name: string; Internal: boolean }[];

const ANONYMOUS = /^[0-9a-f]{64}$/;

const label = (project: string): string => `com.docker.compose.project=${project}`;

/** All containers of a project's folder. Another folder may have the same project name: those are not the app's. */
async function containersOf(witness: EngineWitness, project: string, folder: string): Promise<Inspection[]> {
  const list = await witness.labelled<{ Id: string; Labels: Record<string, string> }[]>(
    '/containers/json',
    label(project),
  );
  return Promise.all(
    list
      .filter(({ Labels }) => Labels['com.docker.compose.project.working_dir'] === folder)
      .map(({ Id }) => witness.ask<Inspection>('GET', `/containers/${Id}/json`)),
  );
}

/**
 * Holds what the engine has of an app against what its file declares: every container with its number, settings, networks and mounts, every
 * network and volume, and nothing beyond.
 *
 * @param replicasOf how many of a service are wanted
 * @returns by container, which it is and since when it runs: the same again when nothing was done
 */
export async function assertDeclared(
  witness: EngineWitness,
  app: DeclaredApp,
  folder: string,
  replicasOf: (service: string) => number,
): Promise<Record<string, string>> {
  const { project } = app;
  const [containers, networks, volumes] = await Promise.all([
    containersOf(witness, project, folder),
    witness.labelled<Networks>('/networks', label(project)),
    witness.labelled<{ Volumes: { Name: string }[] | null }>('/volumes', label(project)),
  ]);
  const declared = Object.entries(app.services);
  const used = [...new Set(declared.flatMap(([, { networks: keys }]) => keys))].sort();
  expect(
    networks.map(({ Name, Internal }) => [Name, Internal]).sort(byFirst),
    `networks of ${project}`,
  ).toEqual(used.map((key) => [`${project}_${key}`, app.networks[key]]));
  const networkId = (key: string): string | undefined =>
    networks.find(({ Name }) => Name === `${project}_${key}`)?.Id;

  const images = new Map<string, string>();
  for (const reference of new Set(declared.map(([, { image }]) => image)))
    images.set(reference, (await witness.ask<{ Id: string }>('GET', `/images/${reference}/json`)).Id);
  const numbers = (name: string): number[] =>
    containers
      .filter(({ Config }) => Config.Labels['com.docker.compose.service'] === name)
      .map(({ Config }) => Number(Config.Labels['com.docker.compose.container-number']))
      .sort((one, other) => one - other);

  const expected = declared.flatMap(([name, service]) => {
    const own = numbers(name);
    expect(own, `${name} of ${project}`).toHaveLength(replicasOf(name));
    expect(new Set(own).size).toBe(own.length);
    return own.map((number) => [
      `/${project}-${name}-${number}`,
      {
        state: 'running',
        image: images.get(service.image),
        command: ['sleep', String(service.seconds)],
        seed: [`SEED=${service.seed}`],
        networks: service.networks
          .map((key) => [`${project}_${key}`, networkId(key), true, true])
          .sort(byFirst),
        mounts: service.hasVolume ? [`/data ${project}_data`, '/scratch anonymous'] : [],
        ports: service.hasPort ? ['80/tcp'] : [],
      },
    ]);
  });
  const found = containers.map(({ Name, State, Image, Config, HostConfig, Mounts, NetworkSettings }) => [
    Name,
    {
      state: State.Status,
      image: Image,
      command: Config.Cmd,
      seed: Config.Env.filter((entry) => entry.startsWith('SEED=')),
      networks: Object.entries(NetworkSettings.Networks)
        .map(([network, { NetworkID, IPAddress, Aliases }]) => [
          network,
          NetworkID,
          IPAddress !== '',
          Aliases?.includes(Config.Labels['com.docker.compose.service'] ?? '') === true,
        ])
        .sort(byFirst),
      mounts: Mounts.map(
        ({ Destination, Name: volume = '' }) =>
          `${Destination} ${ANONYMOUS.test(volume) ? 'anonymous' : volume}`,
      ).sort(),
      ports: Object.keys(HostConfig.PortBindings ?? {}),
    },
  ]);
  expect(Object.fromEntries(found), `containers of ${project}`).toEqual(Object.fromEntries(expected));
  expect(found).toHaveLength(expected.length);

  const mounted = declared.some(([name, { hasVolume }]) => hasVolume && replicasOf(name) > 0);
  const names = (volumes.Volumes ?? []).map(({ Name }) => Name);
  // A volume outlives the services that mounted it; no other is the app's.
  if (mounted || names.length > 0) expect(names).toEqual([`${project}_data`]);
  return Object.fromEntries(containers.map(({ Name, Id, State }) => [Name, `${Id} ${State.StartedAt}`]));
}

const byFirst = ([one]: readonly unknown[], [other]: readonly unknown[]): number =>
  String(one) < String(other) ? -1 : 1;

/** @throws when anything of the app is left on the engine */
export async function assertGone(witness: EngineWitness, project: string, folder: string): Promise<void> {
  expect(await containersOf(witness, project, folder)).toEqual([]);
  expect(await witness.labelled<Networks>('/networks', label(project))).toEqual([]);
  const { Volumes } = await witness.labelled<{ Volumes: unknown[] | null }>('/volumes', label(project));
  expect(Volumes ?? []).toEqual([]);
}

/** Names of the volumes that nobody named: each is to go with its container. */
export async function anonymousVolumes(witness: EngineWitness): Promise<string[]> {
  const { Volumes } = await witness.ask<{ Volumes: { Name: string }[] | null }>('GET', '/volumes');
  return (Volumes ?? []).flatMap(({ Name }) => (ANONYMOUS.test(Name) ? [Name] : [])).sort();
}
