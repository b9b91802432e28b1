import type { DeviceRate } from '#shared/domain/HostSettings.ts';
import type { AppModel, NetworkModel, NetworkUse, ServiceModel } from '#shared/domain/ServiceModel.ts';

/** What `POST /containers/create` (Docker Engine API 1.41) is told of the settings that go to the engine as they are. */
export function hostSettings(
  service: ServiceModel,
  nameOf: (service: string) => string,
): { config: Record<string, unknown>; hostConfig: Record<string, unknown> } {
  const { blockIo } = service;
  return {
    // Since API 1.44 the address is the endpoint's; both may say it.
    config: { Domainname: service.domainname, MacAddress: service.macAddress },
    hostConfig: {
      Dns: service.dns,
      DnsOptions: service.dnsOptions,
      DnsSearch: service.dnsSearch,
      GroupAdd: service.groupAdd,
      Runtime: service.runtime,
      UsernsMode: service.userns,
      UTSMode: service.uts,
      CgroupnsMode: service.cgroupNamespace,
      CgroupParent: service.cgroupParent,
      VolumesFrom: service.volumesFrom?.map((from) => {
        if (from.startsWith('container:')) return from.slice('container:'.length);
        const [other = '', mode] = from.split(':');
        return nameOf(other) + (mode === undefined ? '' : `:${mode}`);
      }),
      CpuShares: service.cpuShares,
      CpuPeriod: service.cpuPeriodUs,
      CpuQuota: service.cpuQuotaUs,
      CpuRealtimePeriod: service.cpuRealtimePeriodUs,
      CpuRealtimeRuntime: service.cpuRealtimeRuntimeUs,
      MemoryReservation: service.memoryReservationBytes,
      MemorySwap: service.memorySwapBytes,
      MemorySwappiness: service.memorySwappiness,
      OomKillDisable: service.oomKillDisable,
      OomScoreAdj: service.oomScoreAdj,
      DeviceRequests: service.deviceRequests?.map((request) => ({
        Driver: request.driver ?? '',
        Count: request.count ?? 0,
        ...(request.deviceIds === undefined ? {} : { DeviceIDs: request.deviceIds }),
        Capabilities: [request.capabilities],
        Options: request.options ?? {},
      })),
      DeviceCgroupRules: service.deviceCgroupRules,
      StorageOpt: service.storageOptions,
      Annotations: service.annotations,
      BlkioWeight: blockIo?.weight,
      BlkioWeightDevice: blockIo?.weightDevices?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
      BlkioDeviceReadBps: blockIo?.readBytes?.map(throttle),
      BlkioDeviceWriteBps: blockIo?.writeBytes?.map(throttle),
      BlkioDeviceReadIOps: blockIo?.readOperations?.map(throttle),
      BlkioDeviceWriteIOps: blockIo?.writeOperations?.map(throttle),
    },
  };
}

/** A namespace that another service of the app shares, by the name of that one's container. */
export const sharedNamespace = (
  mode: string | undefined,
  nameOf: (service: string) => string,
): string | undefined => {
  const other = /^service:(.+)$/.exec(mode ?? '')?.[1];
  return other === undefined ? mode : `container:${nameOf(other)}`;
};

/** `SERVICE[:ALIAS]` as an endpoint takes it: `CONTAINER:ALIAS`. */
export const linksOf = (service: ServiceModel, nameOf: (service: string) => string): string[] | undefined =>
  service.links?.map((link) => {
    const [other = '', alias = other] = link.split(':');
    return `${nameOf(other)}:${alias}`;
  });

/** The addresses that an endpoint asks for. */
export function addressesOf({ ipv4, ipv6, linkLocalIps, macAddress }: NetworkUse): Record<string, unknown> {
  const isAsked = ipv4 !== undefined || ipv6 !== undefined || linkLocalIps !== undefined;
  return {
    IPAMConfig: isAsked
      ? {
          ...(ipv4 === undefined ? {} : { IPv4Address: ipv4 }),
          ...(ipv6 === undefined ? {} : { IPv6Address: ipv6 }),
          ...(linkLocalIps === undefined ? {} : { LinkLocalIPs: linkLocalIps }),
        }
      : undefined,
    MacAddress: macAddress,
  };
}

/** What `POST /networks/create` is told besides name, driver and labels. */
export function networkOptions({
  driverOpts,
  attachable,
  ipv6,
  addresses,
}: NetworkModel): Record<string, unknown> {
  return {
    ...(driverOpts === undefined ? {} : { Options: driverOpts }),
    ...(attachable === true ? { Attachable: true } : {}),
    ...(ipv6 === true ? { EnableIPv6: true } : {}),
    ...(addresses === undefined
      ? {}
      : {
          IPAM: {
            Driver: addresses.driver ?? 'default',
            Options: addresses.options ?? {},
            Config: addresses.ranges.map(({ subnet, ipRange, gateway, auxiliary }) => ({
              ...(subnet === undefined ? {} : { Subnet: subnet }),
              ...(ipRange === undefined ? {} : { IPRange: ipRange }),
              ...(gateway === undefined ? {} : { Gateway: gateway }),
              ...(auxiliary === undefined ? {} : { AuxiliaryAddresses: auxiliary }),
            })),
          },
        }),
  };
}

/** The name of a service's first container. */
export const firstContainer =
  (app: AppModel, name: (service: ServiceModel) => string) =>
  (service: string): string => {
    const found = app.services.find((candidate) => candidate.name === service);
    return found === undefined ? service : name(found);
  };

const throttle = ({ path, rate }: DeviceRate): { Path: string; Rate: number } => ({ Path: path, Rate: rate });
