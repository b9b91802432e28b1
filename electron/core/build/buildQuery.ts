import type { EngineRequest } from '#core/engine/EngineApi.ts';
import type { BuildRequest } from './BuildApi.ts';
import type { BuildFiles } from './locateDockerfile.ts';

/** The query of the engine's `POST /build` that all its builders share. */
export function buildQuery(request: BuildRequest, files: BuildFiles): NonNullable<EngineRequest['query']> {
  const { build } = request;
  return {
    t: request.tag,
    dockerfile: files.dockerfileInContext,
    target: build.target,
    buildargs: JSON.stringify(build.args),
    labels: JSON.stringify({ ...build.labels, ...request.labels }),
    nocache: request.noCache || build.noCache === true,
    pull: build.pull === true ? true : undefined,
    networkmode: build.network,
    extrahosts:
      build.extraHosts === undefined || build.extraHosts.length === 0
        ? undefined
        : build.extraHosts.join(','),
    shmsize: build.shmSizeBytes,
    ulimits:
      build.ulimits === undefined
        ? undefined
        : JSON.stringify(
            build.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
          ),
    platform: build.platforms?.[0],
    cachefrom:
      build.cacheFrom === undefined || build.cacheFrom.length === 0
        ? undefined
        : JSON.stringify(build.cacheFrom.map(cacheReference)),
  };
}

/** `type=registry,ref=x` as the `x` that the engine's API takes. */
function cacheReference(text: string): string {
  return /(?:^|,)ref=([^,]+)/.exec(text)?.[1] ?? text;
}
