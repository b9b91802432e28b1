import type { ContainerLimits } from '../domain/ContainerLimits.ts';
import type { SettingName } from './settingWords.ts';

/**
 * What an inspection shows of how a container was made, as far as it can be held against a file. Values that come from the image
 * are among them, so only what the file declares may be compared.
 */
export interface VisibleSettings extends ContainerLimits {
  command?: string[] | undefined;
  entrypoint?: string[] | undefined;
  /** With those of the image. */
  environment: Record<string, string>;
  user: string;
  workingDir: string;
  hostname: string;
  /** Ports with a fixed number on the host, as `8080:80/tcp`, and all others as `:80/tcp`. Addresses are left out: see visibleDifferences. */
  ports: string[];
  mounts: { kind: string; target: string /** A volume's name or a path of the host. */; source: string }[];
  restart: string;
  privileged: boolean;
  readOnly: boolean;
  cpuset: string;
  /** In the words of settingText, of settings that are shown when they changed and never compared. */
  told?: { [Name in SettingName]?: string | null | undefined } | undefined;
}

/** One container of the engine, whoever made it. */
export interface ContainerFacts {
  id: string;
  name: string;
  /** Made for this app: of its project, of its folder, no one-off. All others are foreign and are never touched. */
  own: boolean;
  /** Service and 1-based number that its labels name; of no meaning for foreign ones. */
  service: string;
  index: number;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  exitCode?: number | undefined;
  oomKilled?: boolean | undefined;
  /** When it was last started, in epoch milliseconds; known at least of what has ended. Undefined: never, or nobody has looked. */
  startedAt?: number | undefined;
  /** How much it has to do, where it tells and a choice depends on it. */
  load?: number | undefined;
  /** Epoch milliseconds. */
  createdAt: number;
  imageId: string;
  /** Networks it is on, by name; an empty id is not known (a container that never started). Undefined: the engine does not tell. */
  networks?: { name: string; id: string }[] | undefined;
  /** Those it has now, where the engine can change them while it runs. Undefined: it cannot, or nobody has looked. */
  limits?: ContainerLimits | undefined;
  /** What our own label says of the settings it was made with: digests by setting. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** Compose's label for all settings in one; comparable only where Flotilla wrote it. */
  configHash?: string | undefined;
  /** Flotilla made it (and not Compose, whose config hash means something else). */
  byFlotilla: boolean;
  /** Asked for only where there is no label to compare, and where the label tells of a change, so that the plan can say from what. */
  visible?: VisibleSettings | undefined;
}

export interface NetworkFacts {
  id: string;
  name: string;
  /** It carries the project's label: only then may it be removed. */
  own: boolean;
  driver: string;
  internal: boolean;
  /** Digest of what Flotilla made it with besides; undefined: another program made it, and nothing is known. */
  settings?: string | undefined;
  /** Without those of Compose and Flotilla. */
  labels: Readonly<Record<string, string>>;
}

export interface VolumeFacts {
  name: string;
  own: boolean;
  driver: string;
  options: Readonly<Record<string, string>>;
}

/** What an engine has at one moment, as far as a plan asks for it. */
export interface EngineFacts {
  /** All of them, also those of others: they may hold a name or be on a network. */
  containers: readonly ContainerFacts[];
  networks: readonly NetworkFacts[];
  volumes: readonly VolumeFacts[];
  /** Ids by reference, of those references of the app that the engine has. */
  images: ReadonlyMap<string, string>;
}
