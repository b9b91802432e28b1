import type { AddressPlan, NetworkModel, VolumeModel } from '../domain/ServiceModel.ts';
import type { Findings } from './Findings.ts';
import { get, type Located } from './Located.ts';
import { mapped, said } from './onlySaid.ts';
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
        ...optionsOf(reader),
        labels: reader.record(reader.at('labels'), 'labels'),
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
      const driverOpts = reader.record(reader.at('driver_opts'), 'driver_opts');
      volumes.push({
        key,
        name: reader.text(reader.at('name'), 'name') ?? (isExternal ? key : `${project}_${key}`),
        external: isExternal,
        ...(driver === undefined ? {} : { driver }),
        driverOpts,
        labels: reader.record(reader.at('labels'), 'labels'),
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

/** What only a network that the app makes itself is told. */
function optionsOf(
  reader: ServiceReader,
): Pick<NetworkModel, 'driverOpts' | 'attachable' | 'ipv6' | 'addresses'> {
  return said({
    driverOpts: mapped(reader.record(reader.at('driver_opts'), 'driver_opts')),
    attachable: reader.flag(reader.at('attachable'), 'attachable') || undefined,
    ipv6: reader.flag(reader.at('enable_ipv6'), 'enable_ipv6') || undefined,
    addresses: addressesOf(reader),
  });
}

function addressesOf(reader: ServiceReader): AddressPlan | undefined {
  const ipam = reader.at('ipam');
  if (ipam === undefined) return undefined;
  const config = get(ipam, 'config');
  const driver = reader.text(get(ipam, 'driver'), 'ipam driver') || undefined;
  const options = mapped(reader.record(get(ipam, 'options'), 'ipam options'));
  const ranges = (config?.kind === 'list' ? config.items : []).map((item) =>
    said({
      subnet: reader.text(get(item, 'subnet'), 'subnet'),
      ipRange: reader.text(get(item, 'ip_range'), 'ip_range'),
      gateway: reader.text(get(item, 'gateway'), 'gateway'),
      auxiliary: mapped(reader.record(get(item, 'aux_addresses'), 'aux_addresses')),
    }),
  );
  if (driver === undefined && options === undefined && ranges.length === 0) return undefined;
  return { ...said({ driver, options }), ranges };
}
