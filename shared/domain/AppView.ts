import type { ErrorShape } from '../contract/errors.ts';
import type { ContainerLimits } from './ContainerLimits.ts';
import type { BuildSummary } from './Build.ts';
import type { DangerView, Diagnostic } from './Diagnostic.ts';
import type { AutoscaleView } from './Autoscale.ts';
import type { DoorView } from './Door.ts';
import type { PlacementPolicy } from '../placement/PlacementPolicy.ts';
import type { Role } from './Role.ts';
import type { Requirement } from '../study/Requirement.ts';
import type { ScaleRange } from './ServiceModel.ts';

/**
 * What a worker (a container of the app, of any role) is doing.
 * `done` is an exit with code 0; `failed` any other end, or one that could not be created or started.
 */
export const WORKER_PHASES = [
  'requested',
  'creating',
  'starting',
  'running',
  'paused',
  'restarting',
  'stopping',
  'removing',
  'created',
  'done',
  'stopped',
  'failed',
] as const;
export type WorkerPhase = (typeof WORKER_PHASES)[number];

export interface WorkerView {
  /** `service-index`, stable while the replica exists, also before it has a container. */
  key: string;
  service: string;
  /** 1-based replica number. */
  index: number;
  phase: WorkerPhase;
  containerId?: string | undefined;
  containerName?: string | undefined;
  health?: 'starting' | 'healthy' | 'unhealthy' | undefined;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
  /** Epoch milliseconds. */
  startedAt?: number | undefined;
  finishedAt?: number | undefined;
  error?: ErrorShape | undefined;
  /** Where its engine can change them while it runs. */
  limits?: ContainerLimits | undefined;
  /** e.g. `127.0.0.1:8080→80/tcp`. */
  ports: string[];
}

export interface ServiceView {
  name: string;
  role: Role;
  roleSource: 'declared' | 'guessed';
  roleReason: string;
  image: string;
  /** Has a build section. */
  buildable: boolean;
  /** An image with this service's name exists on the engine; undefined: not known yet. */
  imagePresent?: boolean | undefined;
  dependsOn: string[];
  /** What the file declares. */
  declaredReplicas: number;
  /** What was last asked for; equals the declared number until someone scales. */
  requestedReplicas: number;
  /** Null: may be scaled freely; otherwise why not (fixed host port, container_name). */
  scaleBlockedBy: string | null;
  /** Numbers that the file has in mind for it, where it says so. */
  scaleRange?: ScaleRange | undefined;
  /** Where its replicas are to run, where the file says so. */
  placement?: PlacementPolicy | undefined;
  /** Where the file says how it is scaled by itself. */
  autoscale?: AutoscaleView | undefined;
  /** Of a main whose file asks for a control door. */
  door?: DoorView | undefined;
  /** Where the service stands, for display; absent for apps read off the engine alone. */
  file?: string | undefined;
  line?: number | undefined;
}

export type OperationKind = 'up' | 'scale' | 'stop' | 'down' | 'build';

/** Long work under way on an app. */
export interface OperationView {
  id: string;
  kind: OperationKind;
  /** What it does now, e.g. "Starting worker 3 of 6". */
  step: string;
  done: number;
  total: number;
  startedAt: number;
  cancellable: boolean;
}

/** `no-project`: nothing in the folder says what to run, yet. `partly`: some services run, some do not. */
export type AppStatus =
  | 'unreadable'
  | 'no-project'
  | 'stopped'
  | 'starting'
  | 'running'
  | 'partly'
  | 'stopping'
  | 'done'
  | 'failed'
  | 'unknown';

export interface Drift {
  /** Services with containers that were made with other settings than the files have now. */
  services: string[];
  /** Names of containers of services that the files do not have. */
  orphans: string[];
}

/** Everything a window shows of one app. */
export interface AppView {
  id: string;
  /** Compose project name. */
  name: string;
  /** What a person calls it: the folder's name. */
  title: string;
  /** Absolute path on the engine side; absent where the app was found on the engine and its folder is not known. */
  path?: string | undefined;
  /** `folder`: opened from a project folder. `engine`: found by its Compose labels only. */
  origin: 'folder' | 'engine';
  /** The folder cannot be read now (removed, unmounted, no permission). */
  folderError?: ErrorShape | undefined;
  status: AppStatus;
  services: ServiceView[];
  workers: WorkerView[];
  diagnostics: Diagnostic[];
  dangers: DangerView[];
  /** Where its containers differ from its files, as far as a look at their labels and limits tells; `apps.plan` knows all. Absent: nowhere. */
  drift?: Drift | undefined;
  /** CPUs or GPUs are short for the numbers that are wanted: replicas will share (`warning`), or cannot be made (`error`). */
  shortage?: 'warning' | 'error' | undefined;
  /** What its performance has to be; absent: nothing is said of that. */
  requirements?: Requirement[] | undefined;
  operations: OperationView[];
  builds: BuildSummary[];
  /** The last operation's failure, until the next one starts or it is dismissed. */
  lastError?: ErrorShape | undefined;
  openedAt: number;
}
