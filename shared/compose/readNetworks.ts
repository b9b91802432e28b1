import type { AddressPlan, NetworkModel, VolumeModel } from '../domain/ServiceModel.ts';
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
        ...optionsOf(reader),
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

/** What only a network that the app makes itself is told. */
function optionsOf(
  reader: ServiceReader,
): Pick<NetworkModel, 'driverOpts' | 'attachable' | 'ipv6' | 'addresses'> {
  const driverOpts = recordOf(reader, reader.at('driver_opts'), 'driver_opts');
  const attachable = reader.flag(reader.at('attachable'), 'attachable');
  const ipv6 = reader.flag(reader.at('enable_ipv6'), 'enable_ipv6');
  const addresses = addressesOf(reader);
  return {
    ...(driverOpts === undefined ? {} : { driverOpts }),
    ...(attachable === true ? { attachable } : {}),
    ...(ipv6 === true ? { ipv6 } : {}),
    ...(addresses === undefined ? {} : { addresses }),
  };
}

function addressesOf(reader: ServiceReader): AddressPlan | undefined {
  const ipam = reader.at('ipam');
  if (ipam === undefined) return undefined;
  const config = get(ipam, 'config');
  const driver = reader.text(get(ipam, 'driver'), 'ipam driver') || undefined;
  const options = recordOf(reader, get(ipam, 'options'), 'ipam options');
  const ranges = (config?.kind === 'list' ? config.items : []).map((item) => {
    const said: Record<string, unknown> = {
      subnet: reader.text(get(item, 'subnet'), 'subnet'),
      ipRange: reader.text(get(item, 'ip_range'), 'ip_range'),
      gateway: reader.text(get(item, 'gateway'), 'gateway'),
      auxiliary: recordOf(reader, get(item, 'aux_addresses'), 'aux_addresses'),
    };
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  });
  if (driver === undefined && options === undefined && ranges.length === 0) return undefined;
  return {
    ...(driver === undefined ? {} : { driver }),
    ...(options === undefined ? {} : { options }),
    ranges,
  };
}

function recordOf(
  reader: ServiceReader,
  node: Located | undefined,
  what: string,
): Record<string, string> | undefined {
  const pairs = reader.pairs(node, what);
  return pairs.length === 0
    ? undefined
    : Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']));
}

function labelsOf(reader: ServiceReader): Record<string, string> {
  return Object.fromEntries(
    reader.pairs(reader.at('labels'), 'labels').map((pair) => [pair.key, pair.value ?? '']),
  );
}
