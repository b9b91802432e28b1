import type { VisibleSettings } from '#shared/reconcile/EngineFacts.ts';
import { type HostLimits, limitsIn } from '../engine/containerRecord.ts';
import { flagText, listText, memoryText, secondsText } from '#shared/reconcile/settingText.ts';

/** `GET /containers/{id}/json` (Docker Engine API 1.41), as far as settings are read from it. */
export interface SettingsInspection {
  Config?: {
    Image?: string;
    StopTimeout?: number | null;
    StopSignal?: string;
    Tty?: boolean;
    OpenStdin?: boolean;
    Cmd?: string[] | null;
    Entrypoint?: string[] | null;
    Env?: string[] | null;
    User?: string;
    WorkingDir?: string;
    Hostname?: string;
  };
  HostConfig?: HostLimits & {
    PortBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null;
    RestartPolicy?: { Name?: string } | null;
    Privileged?: boolean;
    ReadonlyRootfs?: boolean;
    CapAdd?: string[] | null;
    CapDrop?: string[] | null;
    SecurityOpt?: string[] | null;
    ExtraHosts?: string[] | null;
    ShmSize?: number;
    Init?: boolean | null;
    PidMode?: string;
    LogConfig?: { Type?: string } | null;
  };
  Mounts?: { Type?: string; Name?: string; Source?: string; Destination?: string }[] | null;
}

/** What an inspection shows of a container's settings, in the planner's words. */
export function visibleSettings({
  Config = {},
  HostConfig = {},
  Mounts,
}: SettingsInspection): VisibleSettings {
  return {
    command: Config.Cmd ?? undefined,
    entrypoint: Config.Entrypoint ?? undefined,
    environment: Object.fromEntries(
      (Config.Env ?? []).map((line) => {
        const at = line.indexOf('=');
        return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
      }),
    ),
    user: Config.User ?? '',
    workingDir: Config.WorkingDir ?? '',
    hostname: Config.Hostname ?? '',
    ports: Object.entries(HostConfig.PortBindings ?? {}).flatMap(([port, bindings]) =>
      // A port of a range or of the engine's own choice counts as one without a number.
      (bindings ?? []).map(
        ({ HostPort = '' }) => `${/^\d+$/.test(HostPort) ? Number(HostPort) || '' : ''}:${port}`,
      ),
    ),
    mounts: (Mounts ?? []).map(({ Type = '', Name, Source = '', Destination = '' }) => ({
      kind: Type,
      target: Destination,
      source: Type === 'volume' ? (Name ?? Source) : Source,
    })),
    restart: HostConfig.RestartPolicy?.Name ?? '',
    privileged: HostConfig.Privileged ?? false,
    readOnly: HostConfig.ReadonlyRootfs ?? false,
    ...limitsIn(HostConfig),
    cpuset: HostConfig.CpusetCpus ?? '',
    told: {
      image: Config.Image,
      hostname: Config.Hostname,
      stopSignal: Config.StopSignal,
      cpusetMems: HostConfig.CpusetMems === '' ? null : HostConfig.CpusetMems,
      ...(typeof Config.StopTimeout === 'number'
        ? { stopGraceMs: secondsText(Config.StopTimeout * 1000) }
        : {}),
      tty: flagText(Config.Tty ?? false),
      stdinOpen: flagText(Config.OpenStdin ?? false),
      init: flagText(HostConfig.Init ?? false),
      capAdd: listText(HostConfig.CapAdd ?? []),
      capDrop: listText(HostConfig.CapDrop ?? []),
      securityOpt: listText(HostConfig.SecurityOpt ?? []),
      extraHosts: listText(HostConfig.ExtraHosts ?? []),
      shmSizeBytes: memoryText(HostConfig.ShmSize ?? 0),
      pid: HostConfig.PidMode === '' ? null : HostConfig.PidMode,
      logging: HostConfig.LogConfig?.Type,
    },
  };
}
