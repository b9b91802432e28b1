import type { ErrorShape } from '../contract/errors.ts';

/** Where an engine address was found. */
export type EndpointSource = 'env' | 'context' | 'socket' | 'embedded' | 'flag';

/** An address at which a container engine may answer. */
export interface Endpoint {
  /** Stable across restarts: derived from source, name and host. */
  id: string;
  source: EndpointSource;
  /** What a person calls it: "DOCKER_HOST", a context's name, "Docker", "Podman (rootless)", "Flotilla's own engine". */
  name: string;
  /** `unix:///path`, `npipe:////./pipe/x`, `tcp://host:port`. */
  host: string;
  tls?:
    | { ca?: string | undefined; cert?: string | undefined; key?: string | undefined; skipVerify: boolean }
    | undefined;
}

/** What an engine says of itself. */
export interface EngineInfo {
  /** "Docker" or "Podman". */
  product: string;
  version: string;
  /** The API version this connection speaks, e.g. "1.41". */
  apiVersion: string;
  operatingSystem: string;
  architecture: string;
  cpus: number;
  memoryBytes: number;
  rootless: boolean;
  cgroupVersion: string;
  /** CPU, memory and process limits of a container can be changed while it runs. */
  updatesLimits: boolean;
  /** Changes when the engine was restarted or replaced behind the same address. */
  engineId: string;
}

export type EndpointProbe =
  | {
      endpoint: Endpoint;
      answered: true;
      product: string;
      version: string;
      apiVersion: string;
      latencyMs: number;
    }
  | { endpoint: Endpoint; answered: false; reason: ErrorShape };

/** The visible state machine of the engine connection. */
export type EngineState =
  | { phase: 'searching' }
  /** Nothing answered; `probes` say why. */
  | { phase: 'none'; probes: EndpointProbe[]; embedded: EmbeddedStatus }
  | { phase: 'connecting'; endpoint: Endpoint; attempt: number }
  | { phase: 'ready'; endpoint: Endpoint; info: EngineInfo; since: number }
  /** Was ready; `nextRetryAt` is epoch milliseconds. */
  | {
      phase: 'lost';
      endpoint: Endpoint;
      reason: ErrorShape;
      nextRetryAt: number;
      attempt: number;
      since: number;
    };

/** Flotilla's own private engine, for machines where none runs. */
export type EmbeddedStatus =
  | { state: 'unsupported'; reason: string }
  /** Neither dockerd nor podman is installed. */
  | { state: 'missing'; distribution: string; installCommand: string }
  | { state: 'stopped'; program: 'dockerd' | 'podman' }
  | { state: 'starting'; program: 'dockerd' | 'podman' }
  | { state: 'running'; program: 'dockerd' | 'podman'; host: string; pid: number }
  | { state: 'failed'; program: 'dockerd' | 'podman'; reason: ErrorShape };
