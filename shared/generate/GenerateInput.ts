import type { FolderScan } from './FolderScan.ts';

/** A Dockerfile that services of the compose file are built from. */
export interface WantedDockerfile {
  /** Folder inside the project; `.` is the root. */
  context: string;
  /** Path inside the context. */
  dockerfile: string;
  /** Stages that the services name. */
  stages: readonly string[];
  exists: boolean;
}

export interface GenerateInput {
  scan: FolderScan;
  /** The compose file that stands there; undefined: none. */
  composeFile: string | undefined;
  /** What the compose file builds from. */
  wanted: readonly WantedDockerfile[];
  /** What was chosen, by the choice's id. */
  choices: Readonly<Record<string, string>>;
  /** Index of the finding to go by; undefined: the surest. */
  finding: number | undefined;
}
