import type { ContainerLimits } from '#shared/domain/ContainerLimits.ts';
import type { ContainerRecord } from './EngineApi.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
export const NUMBER_LABEL = 'com.docker.compose.container-number';
export const ONE_OFF_LABEL = 'com.docker.compose.oneoff';

/** An element of `GET /containers/json` (Docker Engine API 1.41, ContainerSummary), as far as it is read. */
export interface ContainerSummary {
  Id: string;
  Names?: string[];
  Image?: string;
  ImageID?: string;
  Created?: number | string;
  Labels?: Record<string, string> | null;
  State?: string;
  Status?: string;
  Ports?: { IP?: string; PrivatePort?: number; PublicPort?: number; Type?: string }[] | null;
}

/** `GET /containers/{id}/json` (ContainerInspect), as far as it is read. */
export interface ContainerInspection {
  Id: string;
  Name?: string;
  Image?: string;
  Created?: string;
  Config?: { Image?: string; Labels?: Record<string, string> | null; Tty?: boolean; WorkingDir?: string };
  State?: {
    Status?: string;
    ExitCode?: number;
    OOMKilled?: boolean;
    Error?: string;
    StartedAt?: string;
    FinishedAt?: string;
    Health?: { Status?: string } | null;
  };
  NetworkSettings?: { Ports?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null };
  HostConfig?: HostLimits;
}

/** `HostConfig` of an inspection, as far as it limits. */
export interface HostLimits {
  /** Bytes. */
  Memory?: number;
  /** Billionths of a core. */
  NanoCpus?: number;
  PidsLimit?: number | null;
  CpusetCpus?: string;
  CpusetMems?: string;
}

/** Whether its program is over, by its state. */
export const hasEnded = ({ state }: Pick<ContainerRecord, 'state'>): boolean =>
  state === 'exited' || state === 'dead';

const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;

/** A container off the list; undefined when it is of no Compose project. Details (exit code, times) come with an inspection. */
export function recordOfSummary(
  summary: ContainerSummary,
  known?: ContainerRecord,
): ContainerRecord | undefined {
  const labels = summary.Labels ?? {};
  const project = projectOf(labels);
  if (project === undefined) return undefined;
  const status = summary.Status ?? '';
  const state = stateOf(summary.State);
  const base: ContainerRecord = {
    id: summary.Id,
    name: (summary.Names?.[0] ?? summary.Id.slice(0, 12)).replace(/^\//, ''),
    ...labelled(labels, project),
    image: summary.Image ?? '',
    imageId: summary.ImageID ?? '',
    labels,
    state,
    health: healthOf(/\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1]?.replace('health: ', '')),
    exitCode: exitCodeOf(summary),
    createdAt: typeof summary.Created === 'number' ? summary.Created * 1000 : (timeOf(summary.Created) ?? 0),
    ports: (summary.Ports ?? []).flatMap((port) =>
      port.PublicPort === undefined || port.PrivatePort === undefined
        ? []
        : [
            {
              hostIp: port.IP ?? '',
              hostPort: port.PublicPort,
              containerPort: port.PrivatePort,
              protocol: port.Type ?? 'tcp',
            },
          ],
    ),
  };
  if (known === undefined) return base;
  // Limits outlast whatever happens to a container; the rest is asked for again.
  if (known.state !== state) return { ...base, limits: known.limits };
  return {
    ...base,
    createdAt: known.createdAt,
    exitCode: base.exitCode ?? known.exitCode,
    oomKilled: known.oomKilled,
    error: known.error,
    startedAt: known.startedAt,
    finishedAt: known.finishedAt,
    tty: known.tty,
    limits: known.limits,
  };
}

/** A container as its `create` event tells of it: labels, name and image stand among the attributes. `time` in epoch milliseconds. */
export function recordOfEvent(
  id: string,
  attributes: Record<string, string>,
  time: number,
): ContainerRecord | undefined {
  const { name, image, ...labels } = attributes;
  const project = projectOf(labels);
  if (project === undefined) return undefined;
  return {
    id,
    name: name ?? id.slice(0, 12),
    ...labelled(labels, project),
    image: image ?? '',
    imageId: '',
    labels,
    state: 'created',
    createdAt: time,
    ports: [],
  };
}

/**
 * A container in full; undefined when it is of no Compose project.
 * @param updatesLimits the engine can change its limits while it runs: see EngineInfo
 */
export function recordOfInspection(
  inspection: ContainerInspection,
  updatesLimits: boolean,
): ContainerRecord | undefined {
  const labels = inspection.Config?.Labels ?? {};
  const project = projectOf(labels);
  if (project === undefined) return undefined;
  const state = inspection.State ?? {};
  const phase = stateOf(state.Status);
  const ended = hasEnded({ state: phase });
  return {
    id: inspection.Id,
    name: (inspection.Name ?? inspection.Id.slice(0, 12)).replace(/^\//, ''),
    ...labelled(labels, project),
    image: inspection.Config?.Image ?? '',
    imageId: inspection.Image ?? '',
    labels,
    state: phase,
    health: healthOf(state.Health?.Status),
    exitCode: ended || (phase === 'created' && (state.ExitCode ?? 0) !== 0) ? state.ExitCode : undefined,
    oomKilled: state.OOMKilled ?? false,
    error: state.Error === '' ? undefined : state.Error,
    createdAt: timeOf(inspection.Created) ?? 0,
    startedAt: timeOf(state.StartedAt),
    finishedAt: ended ? timeOf(state.FinishedAt) : undefined,
    ports: portsOf(inspection.NetworkSettings?.Ports ?? {}),
    tty: inspection.Config?.Tty ?? false,
    limits: updatesLimits ? limitsIn(inspection.HostConfig) : undefined,
  };
}

/** No limit is 0, -1 or nothing, depending on which one. */
export const limitsIn = ({
  Memory,
  NanoCpus,
  PidsLimit,
  CpusetCpus = '',
  CpusetMems = '',
}: HostLimits = {}): ContainerLimits => ({
  memoryBytes: Memory ?? 0,
  cpus: (NanoCpus ?? 0) / 1e9,
  pidsLimit: Math.max(0, PidsLimit ?? 0),
  ...(CpusetCpus === '' ? {} : { cpuset: CpusetCpus }),
  ...(CpusetMems === '' ? {} : { cpusetMems: CpusetMems }),
});

/**
 * The Compose project that a container was made for. An image that was built for a project carries its name too and hands it
 * on to every container made from it, also to those of a build: only the replica's number is the container's own.
 */
export function projectOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[NUMBER_LABEL] === undefined ? undefined : labels[PROJECT_LABEL];
}

function labelled(labels: Record<string, string>, project: string) {
  const number = Number(labels[NUMBER_LABEL] ?? '1');
  return {
    project,
    service: labels[SERVICE_LABEL] ?? '',
    index: Number.isSafeInteger(number) && number > 0 ? number : 1,
    oneOff: labels[ONE_OFF_LABEL] === 'True',
  };
}

/** The exit code that a list entry's status (`Exited (0) 5 minutes ago`) tells. */
export function exitCodeOf({ Status = '' }: ContainerSummary): number | undefined {
  const code = /^Exited \((\d+)\)/.exec(Status)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** The state in the engine’s own word, also from Podman’s. */
export function stateOf(text: string | undefined): ContainerRecord['state'] {
  if (text === 'stopped') return 'exited'; // Podman's word
  if (text === 'stopping') return 'running';
  if (text === 'configured' || text === 'initialized') return 'created';
  return STATES.find((state) => state === text) ?? 'created';
}

function healthOf(text: string | undefined): ContainerRecord['health'] {
  return text === 'starting' || text === 'healthy' || text === 'unhealthy' ? text : undefined;
}

/** Epoch milliseconds; the engine writes year 1 for "never". */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || text.startsWith('0001-')) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function portsOf(
  bindings: Record<string, { HostIp?: string; HostPort?: string }[] | null>,
): ContainerRecord['ports'] {
  return Object.entries(bindings).flatMap(([key, hosts]) => {
    const [port = '0', protocol = 'tcp'] = key.split('/');
    return (hosts ?? []).map((host) => ({
      hostIp: host.HostIp ?? '',
      hostPort: Number(host.HostPort ?? '0'),
      containerPort: Number(port),
      protocol,
    }));
  });
}
