import type { NetworkModel, VolumeModel } from '../domain/ServiceModel.ts';
import type { Findings } from './Findings.ts';
import { get, type Located } from './Located.ts';
import type { ReadService } from './readService.ts';
import { ServiceReader } from './ServiceReader.ts';

/** The app's networks, with the implied default one. */
export function readNetworks(
  root: Located,
  services: readonly ReadService[],
  project: string,
  findings: Findings,
): NetworkModel[] {
  const declared = get(root, 'networks');
  const networks: NetworkModel[] = [];
  if (declared?.kind === 'map') {
    for (const [key, { value }] of declared.entries) {
      const reader = new ServiceReader(`network ${key}`, value, findings);
      const isExternal = reader.flag(get(value, 'external'), 'external') === true;
      const name = reader.text(reader.at('name'), 'name') ?? (isExternal ? key : `${project}_${key}`);
      const driver = reader.text(reader.at('driver'), 'driver');
      networks.push({
        key,
        name,
        external: isExternal,
        internal: reader.flag(reader.at('internal'), 'internal') ?? false,
        ...(driver === undefined ? {} : { driver }),
        labels: labelsOf(reader),
      });
    }
  }
  if (!networks.some((network) => network.key === 'default'))
    networks.push({
      key: 'default',
      name: `${project}_default`,
      external: false,
      internal: false,
      labels: {},
    });
  for (const { model, entry } of services) {
    for (const { name } of model.networks) {
      if (networks.some((network) => network.key === name)) continue;
      const at = get(entry.value, 'networks') ?? entry.key;
      findings.add({
        code: 'undeclared-network',
        severity: 'error',
        file: at.file,
        start: at.start,
        end: at.end,
        service: model.name,
        message: `${model.name} uses the network “${name}”, which is not declared.`,
        explanation: 'Declare it under networks: at the top of the file.',
      });
    }
  }
  return networks;
}

/** The app's named volumes. */
export function readNamedVolumes(
  root: Located,
  services: readonly ReadService[],
  project: string,
  findings: Findings,
): VolumeModel[] {
  const declared = get(root, 'volumes');
  const volumes: VolumeModel[] = [];
  if (declared?.kind === 'map') {
    for (const [key, { value }] of declared.entries) {
      const reader = new ServiceReader(`volume ${key}`, value, findings);
      const isExternal = reader.flag(get(value, 'external'), 'external') === true;
      const driver = reader.text(reader.at('driver'), 'driver');
      const driverOpts = Object.fromEntries(
        reader.pairs(reader.at('driver_opts'), 'driver_opts').map((pair) => [pair.key, pair.value ?? '']),
      );
      volumes.push({
        key,
        name: reader.text(reader.at('name'), 'name') ?? (isExternal ? key : `${project}_${key}`),
        external: isExternal,
        ...(driver === undefined ? {} : { driver }),
        driverOpts,
        labels: labelsOf(reader),
      });
    }
  }
  for (const { model, mounts } of services) {
    for (const { mount, node } of mounts) {
      if (
        mount.kind !== 'volume' ||
        mount.source === undefined ||
        volumes.some((volume) => volume.key === mount.source)
      )
        continue;
      findings.add({
        code: 'undeclared-volume',
        severity: 'error',
        file: node.file,
        start: node.start,
        end: node.end,
        service: model.name,
        message: `${model.name} uses the volume “${mount.source}”, which is not declared.`,
        explanation:
          'Declare it under volumes: at the top of the file; a folder of the project begins with “./”.',
      });
    }
  }
  return volumes;
}

function labelsOf(reader: ServiceReader): Record<string, string> {
  return Object.fromEntries(
    reader.pairs(reader.at('labels'), 'labels').map((pair) => [pair.key, pair.value ?? '']),
  );
}
