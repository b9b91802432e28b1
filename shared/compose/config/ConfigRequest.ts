import type { ProjectFiles } from '../ComposeApi.ts';

/** A project to resolve, as `docker compose config` is asked. */
export interface ConfigRequest {
  /** Paths are relative to the project folder; `..` may lead out of it where the reader allows that. */
  files: Pick<ProjectFiles, 'read' | 'hash'>;
  /** Absolute path of the project folder, with `/`. */
  folder: string;
  /** Compose files, base first; otherwise those of COMPOSE_FILE in `.env`, or the default ones with their override. */
  composeFiles?: readonly string[] | undefined;
  /** Instead of `.env`; later ones win. */
  envFiles?: readonly string[] | undefined;
  /** Values given explicitly: they win over all files. The environment of a process is none of them unless it is passed here. */
  variables?: ReadonlyMap<string, string> | undefined;
  profiles?: readonly string[] | undefined;
  /** Absolute path that `~` stands for. */
  home?: string | undefined;
}
