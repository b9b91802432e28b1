import type { LifecycleCommand, NetworkUse, ServiceModel, Ulimit } from '../../../domain/ServiceModel.ts';
import { readHost } from './hostFields.ts';

/** What is compared of a service: all that `ServiceModel` takes from the files. */
export type ReadFields = Readonly<Record<string, unknown>>;

const networkText = ({ name, aliases, ipv4, ipv6, linkLocalIps, macAddress }: NetworkUse): string =>
  [name, aliases.join(), ipv4, ipv6, linkLocalIps?.join(), macAddress].map((text) => text ?? '').join(' ');

const ulimitText = ({ name, soft, hard }: Ulimit): string => `${name} ${soft} ${hard}`;

const commandText = ({ command, user, workingDir, privileged, environment }: LifecycleCommand): string =>
  JSON.stringify([command, user ?? '', workingDir ?? '', privileged ?? false, environment ?? {}]);

/** A service as the app read it, for comparison with what compose answered. */
export function readFields(service: ServiceModel): ReadFields {
  const { build, healthcheck } = service;
  return {
    image: service.image,
    command: service.command ?? null,
    entrypoint: service.entrypoint ?? null,
    environment: service.environment,
    ports: service.ports.map(({ hostIp, hostPort, containerPort, protocol }) => {
      const published =
        hostPort === undefined
          ? ''
          : hostPort.first === hostPort.last
            ? String(hostPort.first)
            : `${hostPort.first}-${hostPort.last}`;
      return `${hostIp}:${published}:${containerPort}/${protocol}`;
    }),
    mounts: service.mounts.map((mount) => {
      if (mount.kind === 'tmpfs') return `tmpfs ${mount.target} ${mount.sizeBytes ?? '-'}`;
      return `${mount.kind} ${mount.source ?? '-'} ${mount.target} ${mount.readOnly ? 'ro' : 'rw'}`;
    }),
    dependsOn: service.dependsOn
      .map(
        (dependency) =>
          `${dependency.service} ${dependency.condition} ${dependency.required ? 'required' : 'optional'}`,
      )
      .toSorted(),
    replicas: service.replicas,
    cpus: service.cpus ?? null,
    memoryBytes: service.memoryBytes ?? null,
    shmSizeBytes: service.shmSizeBytes ?? null,
    pidsLimit: service.pidsLimit ?? null,
    stopGraceMs: service.stopGraceMs,
    stopSignal: service.stopSignal ?? null,
    flags: [
      ...(service.init === true ? ['init'] : []),
      ...(service.privileged ? ['privileged'] : []),
      ...(service.readOnly ? ['read_only'] : []),
      ...(service.stdinOpen ? ['stdin_open'] : []),
      ...(service.tty ? ['tty'] : []),
    ],
    isInitSaid: service.init !== undefined,
    user: service.user ?? null,
    workingDir: service.workingDir ?? null,
    hostname: service.hostname ?? null,
    containerName: service.containerName ?? null,
    networkMode: service.networkMode ?? null,
    pid: service.pid ?? null,
    ipc: service.ipc ?? null,
    cpuset: service.cpuset ?? null,
    capAdd: service.capAdd,
    capDrop: service.capDrop,
    securityOpt: service.securityOpt,
    devices: service.devices.map((device) => {
      const [source = '', target = source, permissions = 'rwm'] = device.split(':');
      return `${source}:${target}:${permissions}`;
    }),
    extraHosts: service.extraHosts.toSorted(),
    ulimits: service.ulimits.map(ulimitText).toSorted(),
    sysctls: service.sysctls,
    labels: service.labels,
    restart:
      service.restart.maximumRetryCount === undefined
        ? service.restart.name
        : `${service.restart.name}:${service.restart.maximumRetryCount}`,
    healthcheck:
      healthcheck === undefined
        ? null
        : {
            test: healthcheck.test,
            intervalMs: healthcheck.intervalMs ?? null,
            timeoutMs: healthcheck.timeoutMs ?? null,
            startPeriodMs: healthcheck.startPeriodMs ?? null,
            retries: healthcheck.retries ?? null,
          },
    networks: service.networks.map(networkText).toSorted(),
    ...readHost(service),
    logging: service.logging ?? null,
    build:
      build === undefined
        ? null
        : {
            context: build.context,
            dockerfile: build.dockerfile,
            dockerfileInline: build.dockerfileInline?.text ?? null,
            target: build.target ?? null,
            args: build.args,
            labels: build.labels ?? {},
            tags: build.tags ?? [],
            platforms: build.platforms ?? [],
            cacheFrom: build.cacheFrom ?? [],
            cacheTo: build.cacheTo ?? [],
            network: build.network ?? null,
            pull: build.pull ?? false,
            noCache: build.noCache ?? false,
            shmSizeBytes: build.shmSizeBytes ?? null,
            noCacheFilter: build.noCacheFilter ?? [],
            additionalContexts: build.additionalContexts ?? {},
            provenance: build.provenance ?? null,
            sbom: build.sbom ?? null,
            ulimits: (build.ulimits ?? []).map(ulimitText).toSorted(),
            entitlements: (build.entitlements ?? []).toSorted(),
          },
    postStart: (service.postStart ?? []).map(commandText),
    preStop: (service.preStop ?? []).map(commandText),
    // Their texts are compose's to keep: it prints names of variables.
    copiedFiles: (service.copiedFiles ?? [])
      .map(({ target, mode, uid, gid }) => `${target} ${mode} ${uid}:${gid}`)
      .toSorted(),
    platform: service.platform ?? null,
  };
}
