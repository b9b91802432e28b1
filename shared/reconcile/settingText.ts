import type { BlockIo, DeviceRate, DeviceRequest } from '../domain/HostSettings.ts';
import type {
  AppModel,
  HealthcheckModel,
  MountModel,
  PortModel,
  ServiceModel,
} from '../domain/ServiceModel.ts';
import type { SettingName } from './settingWords.ts';

const KIB = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A setting of a service as one line for people; null when the file does not set it. Variables stand for themselves. */
export function settingText(app: AppModel, service: ServiceModel, name: SettingName): string | null {
  switch (name) {
    case 'environment':
      return null;
    case 'command':
    case 'entrypoint':
      return wordsText(service[name]);
    case 'ports':
      return listText(service.ports.map(portText));
    case 'mounts':
      return listText(service.mounts.map((mount) => mountText(app, mount)));
    case 'networks':
      return listText(
        service.networks.map((use) => app.networks.find(({ key }) => key === use.name)?.name ?? use.name),
      );
    case 'stopGraceMs':
      return secondsText(service.stopGraceMs);
    case 'memorySwapBytes':
      return service.memorySwapBytes === -1 ? 'no limit' : memoryText(service.memorySwapBytes ?? 0);
    case 'memoryBytes':
    case 'shmSizeBytes':
    case 'memoryReservationBytes':
      return memoryText(service[name] ?? 0);
    case 'cpus':
      return limitText(service.cpus ?? 0);
    case 'pidsLimit':
      return limitText(service.pidsLimit ?? 0);
    case 'restart':
      return restartText(service.restart.name, service.restart.maximumRetryCount);
    case 'ulimits':
      return listText(service.ulimits.map(({ name: of, soft, hard }) => `${of}=${soft}:${hard}`));
    case 'sysctls':
    case 'labels':
    case 'storageOptions':
    case 'annotations':
      return listText(Object.entries(service[name] ?? {}).map(([key, value]) => `${key}=${value}`));
    case 'postStart':
      return listText((service.postStart ?? []).map(({ command }) => wordsText(command) ?? ''));
    case 'copiedFiles':
      // What stands in them is nobody's business.
      return listText((service.copiedFiles ?? []).map(({ name: of, target }) => `${of} at ${target}`));
    case 'healthcheck':
      return healthText(service.healthcheck);
    case 'logging':
      return service.logging?.driver ?? null;
    case 'tty':
    case 'stdinOpen':
    case 'readOnly':
    case 'privileged':
    case 'init':
    case 'control':
    case 'oomKillDisable':
      return flagText(service[name] ?? false);
    case 'capAdd':
    case 'capDrop':
    case 'securityOpt':
    case 'devices':
    case 'extraHosts':
    case 'dns':
    case 'dnsOptions':
    case 'dnsSearch':
    case 'groupAdd':
    case 'volumesFrom':
    case 'links':
    case 'deviceCgroupRules':
      return listText(service[name] ?? []);
    case 'cpuPeriodUs':
    case 'cpuQuotaUs':
    case 'cpuRealtimePeriodUs':
    case 'cpuRealtimeRuntimeUs':
      return timeText(service[name]);
    case 'cpuShares':
    case 'memorySwappiness':
    case 'oomScoreAdj':
      return service[name]?.toString() ?? null;
    case 'deviceRequests':
      return listText((service.deviceRequests ?? []).map(requestText));
    case 'blockIo':
      return blockIoText(service.blockIo);
    default:
      return service[name] ?? null;
  }
}

const timeText = (microseconds: number | undefined): string | null =>
  microseconds === undefined ? null : microseconds < 0 ? 'no limit' : `${microseconds / 1000} ms`;

/** `2 × gpu`, `all gpu`, `gpu 0 and 1`. */
function requestText({ driver, count, deviceIds, capabilities }: DeviceRequest): string {
  const what = capabilities.join(' + ') || (driver ?? 'devices');
  if (deviceIds !== undefined) return `${what} ${deviceIds.join(' and ')}`;
  return count === undefined || count < 0 ? `all ${what}` : `${count} × ${what}`;
}

function blockIoText(io: BlockIo | undefined): string | null {
  const rates = (word: string, list: readonly DeviceRate[] = []): string[] =>
    list.map(({ path, rate }) => `${path} ${word} ${rate}/s`);
  return listText([
    ...(io?.weight === undefined ? [] : [`weight ${io.weight}`]),
    ...(io?.weightDevices ?? []).map(({ path, weight }) => `${path} weight ${weight}`),
    ...rates('read', io?.readBytes),
    ...rates('written', io?.writeBytes),
    ...rates('reads', io?.readOperations),
    ...rates('writes', io?.writeOperations),
  ]);
}

/** As a shell would be given them. */
export const wordsText = (words: readonly string[] | undefined): string | null =>
  words === undefined || words.length === 0
    ? null
    : words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');

/** The order of such lists means nothing, except that of networks, which have their first. */
export const listText = (items: readonly string[]): string | null =>
  items.length === 0 ? null : items.join(', ');

export const flagText = (isOn: boolean): string | null => (isOn ? 'on' : null);

/** No limit is 0 or -1, depending on who says it. */
export const limitText = (limit: number): string | null => (limit > 0 ? String(limit) : null);

/** `512 MiB`; what is no whole number of a unit is told in the next smaller one. */
export function memoryText(bytes: number): string | null {
  if (bytes <= 0) return null;
  let value = bytes;
  let unit = 0;
  while (value % KIB === 0 && unit < UNITS.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${value} ${UNITS[unit] ?? ''}`;
}

export const secondsText = (ms: number): string => `${ms / 1000} s`;

export const restartText = (name: string, retries: number | undefined): string =>
  retries === undefined || retries === 0 ? name || 'no' : `${name}:${retries}`;

const portText = ({ hostIp, hostPort, containerPort, protocol }: PortModel): string => {
  const host =
    hostPort === undefined
      ? ''
      : hostPort.first === hostPort.last
        ? `${hostPort.first}`
        : `${hostPort.first}-${hostPort.last}`;
  const address = hostIp === '127.0.0.1' ? '' : `${hostIp}:`;
  return `${address}${host}:${containerPort}/${protocol}`;
};

function mountText(app: AppModel, mount: MountModel): string {
  if (mount.kind === 'tmpfs') return `memory at ${mount.target}`;
  const source =
    mount.kind === 'volume'
      ? (app.volumes.find(({ key }) => key === mount.source)?.name ?? mount.source ?? 'a new volume')
      : mount.source;
  return `${source} at ${mount.target}${mount.readOnly ? ' (read-only)' : ''}`;
}

const healthText = (check: HealthcheckModel | undefined): string | null =>
  check === undefined ? null : wordsText(check.test);
