import type { AppModel, MountModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { ContainerFacts, VisibleSettings } from './EngineFacts.ts';
import { isSameCpuList } from '../placement/cpuList.ts';
import { isSameLimit } from './liveLimits.ts';
import { VARIABLE } from './settingsOf.ts';
import type { SettingName } from './settingWords.ts';

/**
 * Settings in which a container differs from its service as far as an inspection shows it: for containers that another program (Compose)
 * made. An inspection mixes in what the image says, so a setting that the file is silent about is compared only where silence has a
 * meaning of its own (limits, privileges, ports). Addresses of published ports are not compared: without one, Compose publishes
 * to all, Flotilla to this machine only, and a container must not be replaced for that.
 *
 * @param projectPath absolute path of the project's folder; without it, binds of paths inside the project are not compared
 * @returns names of settings, and of variables after `environment.`
 */
export function visibleDifferences(
  app: AppModel,
  service: ServiceModel,
  { visible, limits }: { visible: VisibleSettings } & Pick<ContainerFacts, 'limits'>,
  projectPath: string | undefined,
): string[] {
  const now = limits ?? visible;
  const differ: Partial<Record<SettingName, boolean>> = {
    command: service.command !== undefined && !isSame(service.command, visible.command ?? []),
    entrypoint: service.entrypoint !== undefined && !isSame(service.entrypoint, visible.entrypoint ?? []),
    user: service.user !== undefined && service.user !== visible.user,
    workingDir: service.workingDir !== undefined && service.workingDir !== visible.workingDir,
    hostname: service.hostname !== undefined && service.hostname !== visible.hostname,
    ports: !isSame(fixedPorts(service), [...visible.ports].sort()),
    mounts: service.mounts.some((mount) => !isMounted(app, mount, visible, projectPath)),
    restart: service.restart.name !== (visible.restart === '' ? 'no' : visible.restart),
    privileged: service.privileged !== visible.privileged,
    readOnly: service.readOnly !== visible.readOnly,
    memoryBytes: !isSameLimit(service.memoryBytes, now.memoryBytes),
    cpus: !isSameLimit(service.cpus, now.cpus),
    // Podman, which changes no limits, has one of its own where nothing is said.
    pidsLimit:
      (service.pidsLimit !== undefined || limits !== undefined) &&
      !isSameLimit(service.pidsLimit, now.pidsLimit),
    cpuset: !isSameCpuList(service.cpuset ?? '', visible.cpuset),
  };
  const variables = Object.entries(service.environment).flatMap(([name, value]) =>
    value !== null && visible.environment[name] !== value ? [VARIABLE + name] : [],
  );
  return [
    ...Object.entries(differ).flatMap(([name, isDifferent]) => (isDifferent ? [name] : [])),
    ...variables,
  ];
}

function fixedPorts(service: ServiceModel): string[] {
  return service.ports
    .map(({ hostPort, containerPort, protocol }) => {
      const isFixed = hostPort !== undefined && hostPort.first === hostPort.last;
      return `${isFixed ? hostPort.first : ''}:${containerPort}/${protocol}`;
    })
    .sort();
}

function isMounted(
  app: AppModel,
  mount: MountModel,
  visible: VisibleSettings,
  projectPath: string | undefined,
): boolean {
  const found = visible.mounts.find((candidate) => candidate.target === mount.target);
  // Mounts of memory stand elsewhere in an inspection, depending on how they were asked for.
  if (mount.kind === 'tmpfs') return true;
  if (found?.kind !== mount.kind) return false;
  if (mount.kind === 'volume') {
    const volume = app.volumes.find((candidate) => candidate.key === mount.source);
    return volume === undefined || volume.name === found.source;
  }
  const source = absolute(mount.source, projectPath);
  return source === undefined || source === found.source;
}

/** Undefined where the path cannot be told without a look at the disk. */
function absolute(source: string, projectPath: string | undefined): string | undefined {
  if (source.startsWith('/')) return source;
  if (projectPath === undefined || source.includes('..')) return undefined;
  const inside = source.replace(/^\.\/?/, '').replace(/\/$/, '');
  return inside === '' ? projectPath : `${projectPath}/${inside}`;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, at) => item === other[at]);
