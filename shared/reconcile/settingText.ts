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
    case 'memoryBytes':
    case 'shmSizeBytes':
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
      return listText(Object.entries(service[name]).map(([key, value]) => `${key}=${value}`));
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
      return flagText(service[name] ?? false);
    case 'capAdd':
    case 'capDrop':
    case 'securityOpt':
    case 'devices':
    case 'extraHosts':
      return listText(service[name]);
    default:
      return service[name] ?? null;
  }
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
