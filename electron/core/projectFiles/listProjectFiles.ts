import { dockerfilePath, joinPath, projectFileKind } from '#shared/dockerfile/projectFileKind.ts';
import type { ProjectFileContext, ProjectFileEntry, ProjectFileKind } from '#shared/domain/ProjectFile.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';

const MOST_ENTRIES = 200;
const DEEPEST = 4;
const MOST_CONTEXT_PATHS = 5000;
const ORDER: Record<ProjectFileKind, number> = { dockerfile: 0, ignore: 1, compose: 2 };

/** The files to edit: what services are built from first, also where it is missing; then what only has the name. */
export function listProjectFiles(paths: readonly string[], model: AppModel | undefined): ProjectFileEntry[] {
  const entries = new Map<string, ProjectFileEntry>();
  const known = new Set(paths);
  const note = (path: string, kind: ProjectFileKind, services: readonly string[]): void => {
    const entry = entries.get(path) ?? { path, kind, services: [], exists: known.has(path) };
    entry.services.push(...services.filter((service) => !entry.services.includes(service)));
    entries.set(path, entry);
  };
  for (const { name, build } of model?.services ?? []) {
    if (build === undefined || /^[a-z]+:\/\/|^git@/i.test(build.context)) continue;
    const dockerfile = dockerfilePath(build);
    if (dockerfile !== undefined) note(dockerfile, 'dockerfile', [name]);
    note(ignoreFileOf(dockerfile, build.context, known), 'ignore', [name]);
  }
  const all = (model?.services ?? []).map(({ name }) => name);
  for (const path of model?.composeFiles ?? []) note(path, 'compose', all);
  for (const path of paths) {
    const kind = projectFileKind(path, model);
    if (kind === undefined || entries.has(path) || path.split('/').length > DEEPEST) continue;
    note(path, kind, []);
    if (entries.size >= MOST_ENTRIES) break;
  }
  return [...entries.values()].sort(
    (left, right) =>
      ORDER[left.kind] - ORDER[right.kind] ||
      Number(left.services.length === 0) - Number(right.services.length === 0) ||
      (left.path < right.path ? -1 : 1),
  );
}

/** The context a Dockerfile is used with: that of the first service built from it, else its own folder. */
export function contextOf(
  path: string,
  { paths, truncated }: { paths: readonly string[]; truncated: boolean },
  model: AppModel | undefined,
): ProjectFileContext {
  const build = model?.services.find(
    (service) => service.build && dockerfilePath(service.build) === path,
  )?.build;
  const folder = joinPath(build?.context ?? path.slice(0, Math.max(0, path.lastIndexOf('/'))), '');
  const known = new Set(paths);
  const ignoreFile = ignoreFileOf(path, folder, known);
  const start = folder === '' ? '' : `${folder}/`;
  const inside = paths.filter((one) => one.startsWith(start)).map((one) => one.slice(start.length));
  return {
    ignoreFile,
    hasIgnoreFile: known.has(ignoreFile),
    paths: inside.slice(0, MOST_CONTEXT_PATHS),
    truncated: truncated || inside.length > MOST_CONTEXT_PATHS,
  };
}

/** `<Dockerfile>.dockerignore` goes before the one of the context. */
function ignoreFileOf(dockerfile: string | undefined, context: string, known: ReadonlySet<string>): string {
  const own = `${dockerfile}.dockerignore`;
  return dockerfile !== undefined && known.has(own) ? own : joinPath(context, '.dockerignore');
}
