import type { BlockIo, DeviceRate, DeviceRequest, HostSettings } from '../domain/HostSettings.ts';
import { get, isNothing, type Located, textOf } from './Located.ts';
import { listed, mapped, said } from './onlySaid.ts';
import { parseBytes } from './quantities.ts';
import type { ServiceReader } from './ServiceReader.ts';

const MICROSECONDS = { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true };

/** The settings of a service in a canonical tree that the engine takes as they are. What the kernel or the engine refuses is theirs to say. */
export function readHostSettings(reader: ServiceReader): HostSettings {
  const text = (key: string): string | undefined => reader.text(reader.at(key), key) || undefined;
  const texts = (key: string): string[] | undefined => listed(reader.texts(reader.at(key), key));
  const number = (key: string, least: number, most: number): number | undefined =>
    reader.number(reader.at(key), key, { least, most, whole: true });
  const time = (key: string): number | undefined =>
    reader.number(reader.at(key), key, MICROSECONDS) || undefined;
  const reservations = get(get(reader.at('deploy'), 'resources'), 'reservations');
  const reserved = get(reservations, 'memory');
  const settings: HostSettings = said({
    domainname: text('domainname'),
    dns: texts('dns'),
    dnsOptions: texts('dns_opt'),
    dnsSearch: texts('dns_search'),
    groupAdd: texts('group_add'),
    runtime: text('runtime'),
    userns: text('userns_mode'),
    uts: text('uts'),
    cgroupNamespace: text('cgroup'),
    cgroupParent: text('cgroup_parent'),
    macAddress: text('mac_address'),
    volumesFrom: texts('volumes_from'),
    links: texts('links'),
    cpuShares: number('cpu_shares', 0, 262_144) || undefined,
    cpuPeriodUs: time('cpu_period'),
    cpuQuotaUs:
      reader.number(reader.at('cpu_quota'), 'cpu_quota', { ...MICROSECONDS, least: -1 }) || undefined,
    cpuRealtimePeriodUs: time('cpu_rt_period'),
    cpuRealtimeRuntimeUs: time('cpu_rt_runtime'),
    memoryReservationBytes: reader.bytes(
      isNothing(reserved) ? reader.at('mem_reservation') : reserved,
      'mem_reservation',
    ),
    memorySwapBytes: readSwap(reader),
    memorySwappiness: number('mem_swappiness', 0, 100),
    oomKillDisable: reader.flag(reader.at('oom_kill_disable'), 'oom_kill_disable') || undefined,
    oomScoreAdj: number('oom_score_adj', -1000, 1000) || undefined,
    deviceRequests: listed([
      ...requestsOf(reader, get(reservations, 'devices'), []),
      // Compose adds to those of `gpus` what their name says.
      ...requestsOf(reader, reader.at('gpus'), ['gpu']),
    ]),
    deviceCgroupRules: texts('device_cgroup_rules'),
    storageOptions: mapped(reader.record(reader.at('storage_opt'), 'storage_opt')),
    annotations: mapped(reader.record(reader.at('annotations'), 'annotations')),
    blockIo: readBlockIo(reader),
  });
  checkLimits(reader, settings);
  return settings;
}

/** The engine would refuse these with words of its own API. */
function checkLimits(
  reader: ServiceReader,
  { cpuQuotaUs, cpuPeriodUs, memorySwapBytes }: HostSettings,
): void {
  const limits = get(get(reader.at('deploy'), 'resources'), 'limits');
  const memory = parseBytes(
    textOf(
      (isNothing(get(limits, 'memory')) ? reader.at('mem_limit') : get(limits, 'memory')) ?? reader.node,
    ) ?? '',
  );
  const swap = reader.at('memswap_limit');
  if (swap !== undefined && memory !== undefined && memorySwapBytes !== undefined)
    if (memorySwapBytes > 0 && memorySwapBytes < memory)
      reader.error(
        'bad-swap',
        swap,
        'memswap_limit is less than the memory limit.',
        'It is of memory and swap together: write at least as much, or -1 for swap without limit.',
      );
  const cpus = isNothing(get(limits, 'cpus')) ? reader.at('cpus') : get(limits, 'cpus');
  const [key, at] =
    cpuQuotaUs === undefined
      ? ['cpu_period', reader.at('cpu_period')]
      : ['cpu_quota', reader.at('cpu_quota')];
  if (cpus === undefined || at === undefined || (cpuQuotaUs ?? cpuPeriodUs) === undefined) return;
  reader.error(
    'two-values',
    at,
    `${key} and cpus say the same in two ways.`,
    'Keep cpus: cpus: 1.5 is cpu_quota: 150000 with cpu_period: 100000.',
  );
}

function readSwap(reader: ServiceReader): number | undefined {
  const at = reader.at('memswap_limit');
  return textOf(at ?? reader.node) === '-1' || (at?.kind === 'scalar' && Number(at.value) === -1)
    ? -1
    : reader.bytes(at, 'memswap_limit') || undefined;
}

function requestsOf(
  reader: ServiceReader,
  list: Located | undefined,
  implied: readonly string[],
): DeviceRequest[] {
  return (list?.kind === 'list' ? list.items : []).map((item) => {
    const count = get(item, 'count');
    const ids = listed(reader.texts(get(item, 'device_ids'), 'device_ids'));
    const capabilities = reader.texts(get(item, 'capabilities'), 'capabilities');
    return {
      capabilities: [...new Set([...capabilities, ...implied])],
      ...said({
        driver: reader.text(get(item, 'driver'), 'driver') || undefined,
        count:
          ids === undefined
            ? (reader.number(count, 'count', { least: -1, most: 1_000_000, whole: true }) ?? -1)
            : undefined,
        deviceIds: ids,
        options: mapped(reader.record(get(item, 'options'), 'options')),
      }),
    };
  });
}

function readBlockIo(reader: ServiceReader): BlockIo | undefined {
  const node = reader.at('blkio_config');
  if (node === undefined) return undefined;
  const rates = (key: string): DeviceRate[] | undefined => {
    const list = get(node, key);
    return listed(
      (list?.kind === 'list' ? list.items : []).flatMap((item) => {
        const path = reader.text(get(item, 'path'), `${key} path`);
        const rate = get(item, 'rate');
        const perSecond =
          rate?.kind === 'scalar' && typeof rate.value !== 'string'
            ? Number(rate.value)
            : reader.bytes(rate, `${key} rate`);
        return path === undefined || perSecond === undefined ? [] : [{ path, rate: perSecond }];
      }),
    );
  };
  const weights = get(node, 'weight_device');
  const weight = { least: 0, most: 1000, whole: true };
  const io = said({
    weight: reader.number(get(node, 'weight'), 'blkio_config weight', weight) || undefined,
    weightDevices: listed(
      (weights?.kind === 'list' ? weights.items : []).flatMap((item) => {
        const path = reader.text(get(item, 'path'), 'weight_device path');
        const share = reader.number(get(item, 'weight'), 'weight_device weight', weight);
        return path === undefined || share === undefined ? [] : [{ path, weight: share }];
      }),
    ),
    readBytes: rates('device_read_bps'),
    writeBytes: rates('device_write_bps'),
    readOperations: rates('device_read_iops'),
    writeOperations: rates('device_write_iops'),
  });
  return Object.keys(io).length === 0 ? undefined : io;
}
