import type { BuildRequest } from '../BuildApi.ts';
import type { BuildFiles } from '../locateDockerfile.ts';

/** Paths of files that a call of buildx reads or writes besides the context. */
export interface BuildxPlaces {
  /** buildx writes the image's id there. */
  imageIdFile: string;
  /** By the secret's id: name of the variable in the command's environment that holds it. */
  secretVariables: ReadonlyMap<string, string>;
  /** `ssh` values as buildx takes them, their paths made absolute. */
  ssh: readonly string[];
  /** `additional_contexts` as buildx takes them, their folders made absolute. */
  contexts: readonly string[];
  /** The Dockerfile, where the context is not read from the input but from its folder. */
  dockerfile: string | undefined;
}

/**
 * The words of a `docker buildx build` that reads the context as a tar from its input, or from its folder, and tells its progress as
 * `client.SolveStatus` in JSON on its error output. Nothing goes through a shell; a value that begins with `-` is
 * written behind `=`.
 */
export function buildxArguments(request: BuildRequest, files: BuildFiles, places: BuildxPlaces): string[] {
  const { build } = request;
  const several = (build.platforms?.length ?? 0) > 1;
  const each = (flag: string, values: readonly string[] | undefined): string[] =>
    (values ?? []).map((value) => `--${flag}=${value}`);
  return [
    'buildx',
    'build',
    '--progress=rawjson',
    `--file=${places.dockerfile ?? files.dockerfileInContext}`,
    `--tag=${request.tag}`,
    '--load',
    ...(several ? [] : [`--iidfile=${places.imageIdFile}`]),
    ...(build.target === undefined ? [] : [`--target=${build.target}`]),
    ...each('build-arg', pairs(build.args)),
    ...each('label', pairs({ ...build.labels, ...request.labels })),
    ...each(
      'secret',
      [...places.secretVariables].map(([id, variable]) => `id=${id},env=${variable}`),
    ),
    ...each('ssh', places.ssh),
    ...each('build-context', places.contexts),
    ...each('cache-from', build.cacheFrom),
    ...each('cache-to', build.cacheTo),
    ...((build.platforms?.length ?? 0) > 0 ? [`--platform=${(build.platforms ?? []).join(',')}`] : []),
    ...each('add-host', build.extraHosts),
    ...(build.network === undefined ? [] : [`--network=${build.network}`]),
    ...(build.shmSizeBytes === undefined ? [] : [`--shm-size=${build.shmSizeBytes}`]),
    ...each(
      'ulimit',
      build.ulimits?.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`),
    ),
    // buildx adds one unasked where the engine keeps it; the time in it makes each build another image.
    `--provenance=${build.provenance ?? 'false'}`,
    ...(build.sbom === undefined ? [] : [`--sbom=${build.sbom}`]),
    ...each('allow', build.entitlements),
    ...each('no-cache-filter', build.noCacheFilter),
    ...(build.pull === true ? ['--pull'] : []),
    ...(request.noCache || build.noCache === true ? ['--no-cache'] : []),
    places.dockerfile === undefined ? '-' : files.contextRoot,
  ];
}

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}
