import type { AppModel, BuildModel } from '../domain/ServiceModel.ts';
import type { ProjectFileKind } from '../domain/ProjectFile.ts';

const DOCKERFILE = /(?:^|\/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$/i;
const IGNORE = /(?:^|\/)(?:\.dockerignore|\.containerignore|[^/]+\.dockerignore)$/i;
const COMPOSE = /(?:^|\/)(?:docker-)?compose(?:\.[\w.-]+)?\.ya?ml$/i;

/** What a path is for the editor, by its name or because a service is built from it; undefined: not for editing. */
export function projectFileKind(path: string, model: AppModel | undefined): ProjectFileKind | undefined {
  if (IGNORE.test(path)) return 'ignore';
  if (model?.composeFiles.includes(path) === true || COMPOSE.test(path)) return 'compose';
  const isBuilt = model?.services.some(({ build }) => build !== undefined && dockerfilePath(build) === path);
  return isBuilt === true || DOCKERFILE.test(path) ? 'dockerfile' : undefined;
}

/** Where a build's Dockerfile lies, inside the project; undefined: in the compose file. */
export function dockerfilePath({ context, dockerfile, dockerfileInline }: BuildModel): string | undefined {
  return dockerfileInline === undefined ? joinPath(context, dockerfile) : undefined;
}

/** Two paths as one, without `.` in it. */
export function joinPath(folder: string, path: string): string {
  return `${folder}/${path}`
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
