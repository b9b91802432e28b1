import type { DeviceRate, HostSettings } from '../../../domain/HostSettings.ts';
import { parseBytes } from '../../quantities.ts';
import type { Json } from '../encode/Json.ts';

type Fields = { [key: string]: Json };
type HostFields = Record<string, unknown>;

/** The settings that the engine takes as they are, as the app read them. */
export function readHost(host: HostSettings): HostFields {
  const { blockIo } = host;
  const rates = (list: readonly DeviceRate[] = []) => list.map(({ path, rate }) => `${path} ${rate}`);
  return {
    domainname: host.domainname ?? null,
    dns: host.dns ?? [],
    dnsOptions: host.dnsOptions ?? [],
    dnsSearch: host.dnsSearch ?? [],
    groupAdd: host.groupAdd ?? [],
    runtime: host.runtime ?? null,
    userns: host.userns ?? null,
    uts: host.uts ?? null,
    cgroupNamespace: host.cgroupNamespace ?? null,
    cgroupParent: host.cgroupParent ?? null,
    macAddress: host.macAddress ?? null,
    volumesFrom: host.volumesFrom ?? [],
    links: host.links ?? [],
    cpuShares: host.cpuShares ?? 0,
    cpuPeriodUs: host.cpuPeriodUs ?? 0,
    cpuQuotaUs: host.cpuQuotaUs ?? 0,
    cpuRealtimePeriodUs: host.cpuRealtimePeriodUs ?? 0,
    cpuRealtimeRuntimeUs: host.cpuRealtimeRuntimeUs ?? 0,
    memoryReservationBytes: host.memoryReservationBytes ?? 0,
    memorySwapBytes: host.memorySwapBytes ?? 0,
    memorySwappiness: host.memorySwappiness ?? 0,
    oomKillDisable: host.oomKillDisable ?? false,
    oomScoreAdj: host.oomScoreAdj ?? 0,
    deviceRequests: (host.deviceRequests ?? []).map(({ driver, count, deviceIds, capabilities, options }) => [
      driver ?? '',
      deviceIds ?? count,
      capabilities.filter((capability) => capability !== 'gpu'),
      options ?? {},
    ]),
    deviceCgroupRules: host.deviceCgroupRules ?? [],
    storageOptions: host.storageOptions ?? {},
    annotations: host.annotations ?? {},
    blockIo: [
      blockIo?.weight ?? 0,
      (blockIo?.weightDevices ?? []).map(({ path, weight }) => `${path} ${weight}`),
      rates(blockIo?.readBytes),
      rates(blockIo?.readOperations),
      rates(blockIo?.writeBytes),
      rates(blockIo?.writeOperations),
    ],
  };
}

/** What compose answered of them, in the same words. */
export function recordedHost(service: Fields): HostFields {
  const reservations = mapOf(mapOf(mapOf(service['deploy'])['resources'])['reservations']);
  const blkio = mapOf(service['blkio_config']);
  const rates = (key: string) =>
    listOf(blkio[key]).map((item) => {
      // Compose writes the keys of these with capital letters.
      const { Path: path, Rate: rate } = mapOf(item);
      return `${textOf(path)} ${typeof rate === 'string' ? (parseBytes(rate) ?? '?') : Number(rate ?? 0)}`;
    });
  return {
    domainname: service['domainname'] ?? null,
    dns: listOf(service['dns']),
    dnsOptions: listOf(service['dns_opt']),
    dnsSearch: listOf(service['dns_search']),
    groupAdd: listOf(service['group_add']),
    runtime: service['runtime'] ?? null,
    userns: service['userns_mode'] ?? null,
    uts: service['uts'] ?? null,
    cgroupNamespace: service['cgroup'] ?? null,
    cgroupParent: service['cgroup_parent'] ?? null,
    macAddress: service['mac_address'] ?? null,
    volumesFrom: listOf(service['volumes_from']),
    links: listOf(service['links']),
    cpuShares: Number(service['cpu_shares'] ?? 0),
    cpuPeriodUs: Number(service['cpu_period'] ?? 0),
    cpuQuotaUs: Number(service['cpu_quota'] ?? 0),
    cpuRealtimePeriodUs: Number(service['cpu_rt_period'] ?? 0),
    cpuRealtimeRuntimeUs: Number(service['cpu_rt_runtime'] ?? 0),
    memoryReservationBytes: Number(reservations['memory'] ?? service['mem_reservation'] ?? 0),
    memorySwapBytes: Number(service['memswap_limit'] ?? 0),
    memorySwappiness: Number(service['mem_swappiness'] ?? 0),
    oomKillDisable: service['oom_kill_disable'] ?? false,
    oomScoreAdj: Number(service['oom_score_adj'] ?? 0),
    deviceRequests: [...listOf(reservations['devices']), ...listOf(service['gpus'])].map((item) => {
      const { driver, count, device_ids, capabilities, options } = mapOf(item);
      return [
        driver ?? '',
        device_ids ?? count,
        listOf(capabilities).filter((capability) => capability !== 'gpu'),
        options ?? {},
      ];
    }),
    deviceCgroupRules: listOf(service['device_cgroup_rules']),
    storageOptions: service['storage_opt'] ?? {},
    annotations: service['annotations'] ?? {},
    blockIo: [
      Number(blkio['weight'] ?? 0),
      listOf(blkio['weight_device']).map((item) => {
        const { Path: path, Weight: weight } = mapOf(item);
        return `${textOf(path)} ${Number(weight ?? 0)}`;
      }),
      rates('device_read_bps'),
      rates('device_read_iops'),
      rates('device_write_bps'),
      rates('device_write_iops'),
    ],
  };
}

function mapOf(value: Json | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '?');

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
