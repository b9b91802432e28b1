import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { ContainerLimits } from '#shared/domain/ContainerLimits.ts';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type {
  EmbeddedStatus,
  Endpoint,
  EndpointProbe,
  EngineInfo,
  EngineState,
} from '#shared/domain/Engine.ts';
import type { HeardEvents } from './HeardEvents.ts';

/** What the rest of the core may ask of the engine layer. Interfaces only: no code here. */

export interface EngineRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Unversioned, e.g. `/containers/json`. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** JSON body (object) or raw body. */
  body?: object | Buffer | Readable;
  signal?: AbortSignal;
}

export interface EngineStream {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  /** Paused until read: backpressure reaches the engine. */
  body: Readable;
  /** Destroys the socket and takes the stream off the registry. Idempotent. */
  close(): void;
}

/** One negotiated connection to one engine. Every failure is a FlotillaError; an HTTP one has `detail.statusCode`. */
export interface EngineClient {
  readonly endpoint: Endpoint;
  readonly info: EngineInfo;
  /** What its events told of containers, beyond the snapshot. */
  readonly heard: HeardEvents;
  /** dockerode with the negotiated version, for its typed verbs. Wrap its rejections with `toEngineError`. */
  readonly docker: Docker;
  /** One request, its whole JSON (or empty) answer. Answers ≥ 400 reject. */
  request<Answer>(request: EngineRequest): Promise<Answer>;
  /** A long answer, registered as a live stream under `purpose` (e.g. `logs pi-worker-1`) until it ends or is closed. */
  openStream(request: EngineRequest & { purpose: string }): Promise<EngineStream>;
}

/** A container that carries Compose's project label. */
export interface ContainerRecord {
  id: string;
  /** Without the leading slash. */
  name: string;
  project: string;
  service: string;
  /** `com.docker.compose.container-number`, else 1. */
  index: number;
  oneOff: boolean;
  image: string;
  imageId: string;
  labels: Record<string, string>;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  health?: 'starting' | 'healthy' | 'unhealthy' | undefined;
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
  /** The engine's `State.Error`, e.g. of a failed start. */
  error?: string | undefined;
  createdAt: number;
  startedAt?: number | undefined;
  finishedAt?: number | undefined;
  ports: { hostIp: string; hostPort: number; containerPort: number; protocol: string }[];
  tty?: boolean | undefined;
  /** Where the engine can change them while the container runs; known from the first inspection on. */
  limits?: ContainerLimits | undefined;
}

export interface EngineSnapshot {
  /** Grows with every change. */
  revision: number;
  /** True once the first list since the (re)connect is in. */
  fresh: boolean;
  containers: ReadonlyMap<string, ContainerRecord>;
}

/** A container event, after it was applied to the snapshot. `relisted`: anything may have changed. */
export type SnapshotChange =
  /** Without a project: one that is not in the snapshot, made, renamed or removed. */
  | { kind: 'container'; id: string; action: string; project: string | undefined }
  | { kind: 'image'; action: string; reference: string }
  | { kind: 'relisted' };

export interface LiveStreams {
  readonly count: number;
  list(): { purpose: string; openedAt: number }[];
  /** Registers a long answer that is read elsewhere; the returned function takes it off, once. */
  add(purpose: string): () => void;
}

export interface EmbeddedEngine extends Disposable {
  status(): Promise<EmbeddedStatus>;
  /** Resolves `running` or `failed`. */
  start(signal?: AbortSignal): Promise<EmbeddedStatus>;
  stop(): Promise<EmbeddedStatus>;
}

export interface EngineService extends Disposable {
  readonly state: EngineState;
  /** Called with every new state. */
  onState(listener: (state: EngineState) => void): Disposable;
  /** Starts the search for an engine and keeps the connection from then on. */
  start(): void;
  list(): Promise<EndpointProbe[]>;
  /** Switches to an endpoint and remembers it as preferred. */
  connect(endpointId: string): Promise<EngineState>;
  retry(): Promise<EngineState>;
  /** Throws `engine-unavailable` unless ready. */
  client(): EngineClient;
  /** Resolves when ready; rejects `engine-unavailable` (with the reasons in the message) after `timeoutMs`. */
  whenReady(timeoutMs: number): Promise<EngineClient>;
  readonly snapshot: EngineSnapshot;
  onSnapshot(listener: (change: SnapshotChange, snapshot: EngineSnapshot) => void): Disposable;
  /** Lists afresh now. */
  relist(): Promise<EngineSnapshot>;
  readonly embedded: EmbeddedEngine;
  readonly liveStreams: LiveStreams;
}
