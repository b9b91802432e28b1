import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type { WantedDockerfile } from '#shared/generate/GenerateInput.ts';

/**
 * The Dockerfiles that services of a compose file are built from, each once with all stages named.
 * @param exists tells whether there is a file at a path inside the project
 */
export async function wantedDockerfiles(
  model: AppModel | undefined,
  exists: (path: string) => Promise<boolean>,
): Promise<WantedDockerfile[]> {
  const found = new Map<string, WantedDockerfile & { stages: string[] }>();
  for (const { build } of model?.services ?? []) {
    if (build === undefined || build.dockerfileInline !== undefined) continue;
    if (!isPlain(build.context) || !isPlain(build.dockerfile)) continue;
    const dockerfile = build.dockerfile.replace(/^(\.\/)+/, '');
    const path = build.context === '.' ? dockerfile : `${build.context}/${dockerfile}`;
    const wanted = found.get(path) ?? {
      context: build.context,
      dockerfile,
      stages: [],
      exists: await exists(path),
    };
    if (build.target !== undefined && !wanted.stages.includes(build.target)) wanted.stages.push(build.target);
    found.set(path, wanted);
  }
  return [...found.values()];
}

/** Inside the project, and no address. */
function isPlain(path: string): boolean {
  return !path.startsWith('/') && !path.includes(':') && !path.split('/').includes('..');
}
