import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { AppModel, CopiedFile, MountModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { SETTINGS_LABEL, settingsOf } from '#shared/reconcile/settingsOf.ts';
import {
  type HostLimits,
  NUMBER_LABEL,
  ONE_OFF_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
} from '../engine/containerRecord.ts';
import { addressesOf, firstContainer, hostSettings, linksOf, sharedNamespace } from './hostSettings.ts';

export const WORKING_DIR_LABEL = 'com.docker.compose.project.working_dir';
export const CONFIG_FILES_LABEL = 'com.docker.compose.project.config_files';
export const CONFIG_HASH_LABEL = 'com.docker.compose.config-hash';
export const NETWORK_LABEL = 'com.docker.compose.network';
export const VOLUME_LABEL = 'com.docker.compose.volume';
export const VERSION_LABEL = 'com.docker.compose.version';
/** Compose writes its own version here; ours must not be taken for one. */
export const CREATOR = 'flotilla';

/** A container as `POST /containers/create` takes it, and the further networks to join before it starts. */
export interface ContainerSpec {
  name: string;
  /** Changes when anything that needs a new container changes. */
  configHash: string;
  body: Record<string, unknown>;
  platform: string | undefined;
  /** To be copied into it before it starts. */
  files: readonly CopiedFile[];
  /** Before API 1.44 a container is created on one network only. */
  furtherNetworks: { name: string; config: Record<string, unknown> }[];
}

/** Container name of a replica, as Compose gives it. */
export function containerName(app: AppModel, service: ServiceModel, index: number): string {
  return service.containerName ?? `${app.name}-${service.name}-${index}`;
}

/**
 * @param projectPath real path of the project folder; relative paths in binds are resolved against it
 * @param told variables that differ from replica to replica; another value is no reason for a new container
 */
export function containerSpec(
  app: AppModel,
  service: ServiceModel,
  index: number,
  projectPath: string,
  told: Readonly<Record<string, string>> = {},
): ContainerSpec {
  const stable = stableConfig(app, service, projectPath);
  const { platform, copiedFiles: files = [], postStart } = service;
  const beside = platform === undefined && files.length === 0 && postStart === undefined;
  const configHash = createHash('sha256')
    .update(JSON.stringify(beside ? stable : [stable, platform, files, postStart]))
    .digest('hex');
  const [first, ...further] = endpointsOf(app, service, index);
  const hostConfig = stable['HostConfig'] as Record<string, unknown>;
  return {
    name: containerName(app, service, index),
    configHash,
    platform,
    files,
    furtherNetworks: further.map(([name, config]) => ({ name, config })),
    body: {
      ...stable,
      Env: [...(stable['Env'] as string[]), ...Object.entries(told).map(([key, value]) => `${key}=${value}`)],
      HostConfig: {
        ...hostConfig,
        NetworkMode: sharedNamespace(service.networkMode, nameIn(app)) ?? first?.[0] ?? 'none',
      },
      ...(first === undefined || service.networkMode !== undefined
        ? {}
        : { NetworkingConfig: { EndpointsConfig: { [first[0]]: first[1] } } }),
      Labels: {
        ...service.labels,
        [PROJECT_LABEL]: app.name,
        [SERVICE_LABEL]: service.name,
        [NUMBER_LABEL]: String(index),
        [ONE_OFF_LABEL]: 'False',
        [WORKING_DIR_LABEL]: projectPath,
        [CONFIG_FILES_LABEL]: app.composeFiles.map((file) => join(projectPath, file)).join(','),
        [CONFIG_HASH_LABEL]: configHash,
        [SETTINGS_LABEL]: JSON.stringify(settingsOf(app, service)),
        [VERSION_LABEL]: CREATOR,
      },
    },
  };
}

/** What the engine calls a service's limits. */
export const limitsOf = ({ memoryBytes, cpus, pidsLimit }: ServiceModel): HostLimits => ({
  ...(memoryBytes === undefined ? {} : { Memory: memoryBytes }),
  ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
  ...(pidsLimit === undefined ? {} : { PidsLimit: pidsLimit }),
});

const nameIn = (app: AppModel): ((service: string) => string) =>
  firstContainer(app, (service) => containerName(app, service, 1));

/** All that is the same for every replica. */
function stableConfig(app: AppModel, service: ServiceModel, projectPath: string): Record<string, unknown> {
  const ports = service.ports;
  const limits = limitsOf(service);
  const { config, hostConfig } = hostSettings(service, nameIn(app));
  return without({
    Image: service.image,
    Cmd: service.command,
    Entrypoint: service.entrypoint,
    Env: Object.entries(service.environment).flatMap(([key, value]) =>
      value === null ? [] : [`${key}=${value}`],
    ),
    ExposedPorts:
      ports.length === 0
        ? undefined
        : Object.fromEntries(ports.map((port) => [`${port.containerPort}/${port.protocol}`, {}])),
    User: service.user,
    WorkingDir: service.workingDir,
    Hostname: service.hostname,
    Tty: service.tty,
    OpenStdin: service.stdinOpen,
    StopSignal: service.stopSignal,
    StopTimeout: Math.ceil(service.stopGraceMs / 1000),
    Healthcheck:
      service.healthcheck === undefined
        ? undefined
        : without({
            Test: service.healthcheck.test,
            Interval: nanoseconds(service.healthcheck.intervalMs),
            Timeout: nanoseconds(service.healthcheck.timeoutMs),
            StartPeriod: nanoseconds(service.healthcheck.startPeriodMs),
            Retries: service.healthcheck.retries,
          }),
    ...config,
    HostConfig: without({
      ...hostConfig,
      Mounts: service.mounts.map((mount) => mountSpec(app, mount, projectPath)),
      PortBindings: ports.length === 0 ? undefined : portBindings(service),
      RestartPolicy: {
        Name: service.restart.name,
        MaximumRetryCount: service.restart.maximumRetryCount ?? 0,
      },
      Init: service.init,
      ReadonlyRootfs: service.readOnly,
      Privileged: service.privileged,
      CapAdd: service.capAdd,
      CapDrop: service.capDrop,
      SecurityOpt: service.securityOpt,
      Devices: service.devices.map(deviceSpec),
      ExtraHosts: service.extraHosts,
      PidMode: sharedNamespace(service.pid, nameIn(app)),
      IpcMode: sharedNamespace(service.ipc, nameIn(app)),
      NanoCpus: limits.NanoCpus,
      CpusetCpus: service.cpuset,
      CpusetMems: service.cpusetMems,
      Memory: limits.Memory,
      ShmSize: service.shmSizeBytes,
      PidsLimit: limits.PidsLimit,
      Ulimits: service.ulimits.map((limit) => ({ Name: limit.name, Soft: limit.soft, Hard: limit.hard })),
      Sysctls: Object.keys(service.sysctls).length === 0 ? undefined : service.sysctls,
      LogConfig:
        service.logging === undefined
          ? undefined
          : { Type: service.logging.driver, Config: service.logging.options },
    }),
  });
}

function endpointsOf(
  app: AppModel,
  service: ServiceModel,
  index: number,
): [string, Record<string, unknown>][] {
  if (service.networkMode !== undefined) return [];
  // Each replica has a name of its own (`worker-3`), unless a service is called so.
  const own = `${service.name}-${index}`;
  const names = [service.name, ...(app.services.some(({ name }) => name === own) ? [] : [own])];
  const links = linksOf(service, nameIn(app));
  return service.networks.flatMap((use, at) => {
    const network = app.networks.find((candidate) => candidate.key === use.name);
    return network === undefined
      ? []
      : [
          [
            network.name,
            without({
              Aliases: [...new Set([...names, ...use.aliases])],
              Links: links,
              ...addressesOf(use),
              ...(at === 0 && service.macAddress !== undefined ? { MacAddress: service.macAddress } : {}),
            }),
          ] as [string, Record<string, unknown>],
        ];
  });
}

/** The long form, because the engine silently makes a folder of a missing source in the short one. */
function mountSpec(app: AppModel, mount: MountModel, projectPath: string): Record<string, unknown> {
  if (mount.kind === 'bind') {
    return {
      Type: 'bind',
      Source: isAbsolute(mount.source) ? mount.source : join(projectPath, mount.source),
      Target: mount.target,
      ReadOnly: mount.readOnly,
    };
  }
  if (mount.kind === 'tmpfs') {
    return {
      Type: 'tmpfs',
      Target: mount.target,
      ...(mount.sizeBytes === undefined ? {} : { TmpfsOptions: { SizeBytes: mount.sizeBytes } }),
    };
  }
  const volume = app.volumes.find((candidate) => candidate.key === mount.source);
  return {
    Type: 'volume',
    Target: mount.target,
    ReadOnly: mount.readOnly,
    ...(volume === undefined ? {} : { Source: volume.name }),
  };
}

function portBindings(service: ServiceModel): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of service.ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    const host = port.hostPort;
    const text =
      host === undefined ? '' : host.first === host.last ? String(host.first) : `${host.first}-${host.last}`;
    (bindings[key] ??= []).push({ HostIp: port.hostIp, HostPort: text });
  }
  return bindings;
}

function deviceSpec(text: string): Record<string, string> {
  const [onHost = '', inside = onHost, permissions = 'rwm'] = text.split(':');
  return { PathOnHost: onHost, PathInContainer: inside, CgroupPermissions: permissions };
}

const nanoseconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms * 1e6);

/** The object without its undefined fields, so that the hash and the engine see only what was said. */
function without(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
