import type { SourceRange } from './Diagnostic.ts';
import type { HostSettings } from './HostSettings.ts';
import type { PlacementPolicy } from '../placement/PlacementPolicy.ts';
import type { AutoscalePolicy } from '../scaling/AutoscalePolicy.ts';
import type { Requirement } from '../study/Requirement.ts';
import type { Role } from './Role.ts';
import type { ResultsDeclared } from './Run.ts';

/** A value that steps may read while they run and that no layer keeps. Exactly one source is set. */
export interface BuildSecretModel {
  /** Name by which `RUN --mount=type=secret,id=…` asks for it. */
  id: string;
  /** Path of a file inside the project, with `/`. */
  file?: string | undefined;
  /** Name of a variable of the project's .env file. */
  environment?: string | undefined;
}

/** A Dockerfile that stands in a compose file (Compose specification, `dockerfile_inline`). */
export interface InlineDockerfile {
  /** Variables filled in; never empty. */
  text: string;
  /** The compose file, as path inside the project. */
  file: string;
  /** 1-based line of its key there. */
  line: number;
  /** 1-based line of the compose file that has the first of the text; undefined where the one’s lines are not the other’s (folded, quoted). */
  firstLine?: number | undefined;
}

export interface BuildModel {
  /** Path inside the project root, with `/`; `.` is the root. */
  context: string;
  /** Path relative to the context; means nothing beside `dockerfileInline`. */
  dockerfile: string;
  /** Takes the place of a Dockerfile. */
  dockerfileInline?: InlineDockerfile | undefined;
  target?: string | undefined;
  args: Record<string, string>;
  secrets?: BuildSecretModel[] | undefined;
  /** Keys handed to steps: `default` (the agent's) or `name=path` inside the project. */
  ssh?: string[] | undefined;
  /** Where cached steps may be taken from: image references, or `type=…,…` as buildx has it. */
  cacheFrom?: string[] | undefined;
  /** Where cached steps are written to, `type=…,…`. */
  cacheTo?: string[] | undefined;
  /** E.g. `linux/arm64`; empty or absent: the engine's own. */
  platforms?: string[] | undefined;
  /** Network of RUN steps: `default`, `none` or `host`. */
  network?: string | undefined;
  /** Further references for the image. */
  tags?: string[] | undefined;
  labels?: Record<string, string> | undefined;
  /** `host:address` lines for RUN steps. */
  extraHosts?: string[] | undefined;
  shmSizeBytes?: number | undefined;
  /** Ask the registry for newer base images. */
  pull?: boolean | undefined;
  noCache?: boolean | undefined;
  /** Stages that are built anew whatever is cached. */
  noCacheFilter?: string[] | undefined;
  /**
   * Further contexts by name, for `FROM name` and `COPY --from=name`: a folder inside the project,
   * `docker-image://REFERENCE`, `service:NAME` for the image of another service, or what the engine fetches: an address with http(s) or git.
   */
  additionalContexts?: Record<string, string> | undefined;
  /** Whether, and how, the image says how it was built (SLSA): `true`, `false`, `mode=max`, … as buildx has it. */
  provenance?: string | undefined;
  /** Whether, and by what program, the image lists what it holds (SBOM): `true`, `false`, `generator=IMAGE`. */
  sbom?: string | undefined;
  ulimits?: Ulimit[] | undefined;
  /** Rights that its steps may ask for: `security.insecure`, `network.host`. */
  entitlements?: string[] | undefined;
}

export interface Ulimit {
  name: string;
  soft: number;
  hard: number;
}

export interface PortModel {
  hostIp: string;
  /** First and last host port; undefined: the engine picks. */
  hostPort?: { first: number; last: number } | undefined;
  containerPort: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  range?: SourceRange | undefined;
}

export type MountModel =
  /** `source` is absolute or inside the project (starts with `.`). */
  | { kind: 'bind'; source: string; target: string; readOnly: boolean; createSource: boolean }
  /** `source` is a volume's key in the model; undefined: anonymous. */
  | { kind: 'volume'; source?: string | undefined; target: string; readOnly: boolean }
  | { kind: 'tmpfs'; target: string; sizeBytes?: number | undefined };

export type DependsCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface HealthcheckModel {
  /** As the engine takes it: `['CMD', …]`, `['CMD-SHELL', …]`, `['NONE']`, or empty for the image's own test. */
  test: string[];
  intervalMs?: number | undefined;
  timeoutMs?: number | undefined;
  startPeriodMs?: number | undefined;
  retries?: number | undefined;
}

/** A command that runs in a container, or an address that it listens at. */
export type ContainerHook =
  | { kind: 'command'; command: string[] }
  | { kind: 'http'; port: number; path: string };

/** A command run in a container by the engine at a moment of its life (Compose specification, `post_start` and `pre_stop`). */
export interface LifecycleCommand {
  command: string[];
  /** Absent: the container's own. */
  user?: string | undefined;
  workingDir?: string | undefined;
  privileged?: boolean | undefined;
  /** Beside the container's own. */
  environment?: Record<string, string> | undefined;
}

/** A secret or config that is no file of the project: its text is copied into each container before it starts. */
export interface CopiedFile {
  kind: 'secret' | 'config';
  name: string;
  /** Absolute path in the container. */
  target: string;
  text: string;
  mode: number;
  uid: number;
  gid: number;
}

export interface ScaleRange {
  min: number;
  max: number;
}

/** One service of a compute app, resolved as far as its files allow. */
export interface ServiceModel extends HostSettings {
  name: string;
  role: Role;
  roleSource: 'declared' | 'guessed';
  /** One sentence: why this role was guessed, or where it was declared. */
  roleReason: string;
  /** Image reference to run: the declared one, or `project-service` for one that is built. */
  image: string;
  build?: BuildModel | undefined;
  /** Undefined: fetched or built when it is not there. */
  pullPolicy?: 'always' | 'never' | 'build' | undefined;
  command?: string[] | undefined;
  entrypoint?: string[] | undefined;
  /** A null value means: unset. */
  environment: Record<string, string | null>;
  ports: PortModel[];
  mounts: MountModel[];
  dependsOn: { service: string; condition: DependsCondition; required: boolean }[];
  /** Replicas declared in the file; 1 when nothing is said. */
  replicas: number;
  /** How it is scaled by itself, when asked to. */
  autoscale?: AutoscalePolicy | undefined;
  /** Numbers that main may ask for at its control door. */
  scaleRange?: ScaleRange | undefined;
  /** What is asked of a container before its stop signal, and how long its end is waited for. */
  drain?: { hook: ContainerHook; timeoutMs: number } | undefined;
  /** Tells how much a container has to do: 0 is idle. */
  load?: ContainerHook | undefined;
  /** Expression by which lines of its log tell how far it is, see parseProgress. */
  progress?: string | undefined;
  /** Where its replicas are to run. */
  placement?: PlacementPolicy | undefined;
  /** What of a container is copied at its end. */
  results?: ResultsDeclared | undefined;
  /** Run in a container one after the other when it has been started. */
  postStart?: LifecycleCommand[] | undefined;
  /** Run in a container that runs, one after the other, before its stop signal. */
  preStop?: LifecycleCommand[] | undefined;
  copiedFiles?: CopiedFile[] | undefined;
  /** What its image is to be made for, such as `linux/arm64`; absent: what the engine has or takes by itself. */
  platform?: string | undefined;
  /** Its container is told of a door by which it may scale the app's workers. */
  control?: boolean | undefined;
  stopGraceMs: number;
  stopSignal?: string | undefined;
  init?: boolean | undefined;
  user?: string | undefined;
  workingDir?: string | undefined;
  hostname?: string | undefined;
  containerName?: string | undefined;
  tty: boolean;
  stdinOpen: boolean;
  readOnly: boolean;
  privileged: boolean;
  capAdd: string[];
  capDrop: string[];
  securityOpt: string[];
  devices: string[];
  extraHosts: string[];
  networkMode?: string | undefined;
  pid?: string | undefined;
  ipc?: string | undefined;
  cpus?: number | undefined;
  cpuset?: string | undefined;
  /** NUMA nodes its memory comes from, as `0-1`; no file says them, a placement does. */
  cpusetMems?: string | undefined;
  memoryBytes?: number | undefined;
  shmSizeBytes?: number | undefined;
  pidsLimit?: number | undefined;
  ulimits: Ulimit[];
  sysctls: Record<string, string>;
  restart: {
    name: 'no' | 'always' | 'on-failure' | 'unless-stopped';
    maximumRetryCount?: number | undefined;
  };
  healthcheck?: HealthcheckModel | undefined;
  networks: NetworkUse[];
  labels: Record<string, string>;
  logging?: { driver: string; options: Record<string, string> } | undefined;
  /** Where the service's key stands. */
  file: string;
  range?: SourceRange | undefined;
}

/** A service's place on a network. */
export interface NetworkUse {
  /** Key of the network. */
  name: string;
  aliases: string[];
  ipv4?: string | undefined;
  ipv6?: string | undefined;
  linkLocalIps?: string[] | undefined;
  macAddress?: string | undefined;
}

/** How a network gives out its addresses. */
export interface AddressPlan {
  driver?: string | undefined;
  options?: Record<string, string> | undefined;
  ranges: {
    /** CIDR. */
    subnet?: string | undefined;
    ipRange?: string | undefined;
    gateway?: string | undefined;
    auxiliary?: Record<string, string> | undefined;
  }[];
}

export interface NetworkModel {
  /** Key in the file; `default` for the implied one. */
  key: string;
  /** Name on the engine. */
  name: string;
  external: boolean;
  internal: boolean;
  driver?: string | undefined;
  driverOpts?: Record<string, string> | undefined;
  attachable?: boolean | undefined;
  ipv6?: boolean | undefined;
  addresses?: AddressPlan | undefined;
  labels: Record<string, string>;
}

export interface VolumeModel {
  key: string;
  name: string;
  external: boolean;
  driver?: string | undefined;
  driverOpts: Record<string, string>;
  labels: Record<string, string>;
}

/** What a project folder says a compute app is. */
export interface AppModel {
  /** Compose project name. */
  name: string;
  /** Files the model was read from, inside the project. */
  composeFiles: string[];
  services: ServiceModel[];
  networks: NetworkModel[];
  volumes: VolumeModel[];
  /** What its performance has to be. */
  requirements?: Requirement[] | undefined;
}
