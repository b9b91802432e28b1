import type { ErrorShape } from '../contract/errors.ts';
import type { BuildLayer } from './Build.ts';

/** An image of the engine, as the list shows it. */
export interface ImageSummary {
  /** `sha256:…` */
  id: string;
  /** `repository:tag`, none for a dangling image. */
  tags: string[];
  /** `repository@sha256:…`, where a registry knows it. */
  digests: string[];
  createdAt: number;
  sizeBytes: number;
  /** Containers that were made from it, running or not; names. */
  usedBy: string[];
  /** Compose project and service whose build made it, by its labels. */
  builtFor?: { project: string; service: string } | undefined;
}

/** A change of the list of images. */
export type ImagesChange =
  | { kind: 'snapshot'; images: ImageSummary[] }
  | { kind: 'image'; image: ImageSummary }
  | { kind: 'removed'; id: string }
  /** The engine could not be asked; what was told before may be out of date. */
  | { kind: 'failed'; error: ErrorShape };

export interface ImageDetails extends ImageSummary {
  architecture: string;
  os: string;
  author?: string | undefined;
  /** Lowest first, also those that only change settings. */
  layers: BuildLayer[];
  /** What a container made of it runs. */
  command: string[];
  entrypoint: string[];
  workingDir?: string | undefined;
  user?: string | undefined;
  environment: string[];
  exposedPorts: string[];
  labels: Record<string, string>;
}

/** A layer's way between engine and registry. */
export interface LayerTransfer {
  /** The engine's short id of the layer. */
  id: string;
  /** The engine's own word, e.g. `Downloading`, `Extracting`, `Pull complete`, `Layer already exists`. */
  status: string;
  doneBytes?: number | undefined;
  totalBytes?: number | undefined;
  done: boolean;
}

/** A pull or push as it goes on. */
export interface ImageTransfer {
  reference: string;
  direction: 'pull' | 'push';
  /** What is going on as a whole, e.g. `Waiting for the registry`. */
  status: string;
  layers: LayerTransfer[];
  /** Set with the last item of one that succeeded. `sizeBytes`: of the whole image on the engine. */
  result?:
    | {
        imageId?: string | undefined;
        digest?: string | undefined;
        sizeBytes?: number | undefined;
        /** The engine (pull) or the registry (push) had all of it already. */
        upToDate: boolean;
      }
    | undefined;
}

/** What pruning would take away; nothing else is touched. */
export interface PrunePreview {
  scope: 'dangling' | 'unused' | 'build-cache';
  images: {
    id: string;
    tags: string[];
    digests: string[];
    sizeBytes: number;
    createdAt?: number | undefined;
    /** A nameless image that lists leave out, for others were built on it: one of those, all of which go too. */
    under?: string | undefined;
    /** Of a record of the build cache: the step it keeps. */
    description?: string | undefined;
    /** Of a record of the build cache. */
    cache?:
      | {
          /** BuildKit's word, e.g. `regular`, `source.local`, `exec.cachemount`. */
          type: string;
          lastUsedAt?: number | undefined;
          /** Images stand on the same layer: it frees nothing. */
          shared: boolean;
        }
      | undefined;
  }[];
  /** Bytes that would become free, as far as the engine tells: shared layers count once. */
  reclaimableBytes: number;
}

/** What pruning has taken away, and what of the preview stayed, each with the reason as a sentence. */
export interface PruneResult {
  removed: number;
  freedBytes: number;
  kept: { id: string; reason: string }[];
}

/** A registry that docker's own configuration knows credentials for. Secrets never leave the privileged side. */
export interface RegistryLogin {
  /** As the configuration names it, e.g. `https://index.docker.io/v1/` or `registry.lab:5000`. */
  server: string;
  /** Absent for an identity token. */
  username?: string | undefined;
  /** `helper`: a credential helper keeps it; `file`: it stands in the configuration file itself. */
  source: 'helper' | 'file';
  helper?: string | undefined;
  /** Why it cannot be used now, e.g. the helper is not installed. */
  problem?: string | undefined;
}

/** All registry sign-ins that docker's configuration knows. */
export interface RegistryLogins {
  /** Full path of docker's `config.json`, also where there is none. */
  file: string;
  logins: RegistryLogin[];
  /** Why the file, or a part of it, cannot be used. */
  problem?: string | undefined;
}
