import type { BuildModel, ServiceModel } from '../domain/ServiceModel.ts';

const SERVICE = 'service:';

/** Names of the services whose images a build takes as further contexts (Compose specification, `additional_contexts`), each once. */
export function contextServices(build: Pick<BuildModel, 'additionalContexts'> | undefined): string[] {
  const names = Object.values(build?.additionalContexts ?? {}).flatMap((source) =>
    source.startsWith(SERVICE) ? [source.slice(SERVICE.length)] : [],
  );
  return [...new Set(names)];
}

/**
 * The services and all that they are built with, each once, what is needed first. Of several that make one image only one is built for another, of those
 * that are asked for if it can be.
 * @param isThere whether the image of one that is not asked for is there: it is not made then
 */
export function withContextServices(
  services: readonly ServiceModel[],
  all: readonly ServiceModel[],
  isThere: (service: ServiceModel) => boolean = () => false,
): ServiceModel[] {
  const wanted = new Set(services);
  const makers = [...services, ...all].filter(({ build }) => build !== undefined);
  const found = new Set<ServiceModel>();
  const met = new Set<ServiceModel>();
  const add = (service: ServiceModel): void => {
    // A circle is an error of the project; here it must only have an end.
    if (met.has(service)) return;
    met.add(service);
    for (const name of contextServices(service.build)) {
      const named = all.find((candidate) => candidate.name === name);
      if (named?.build === undefined) continue;
      const other = makers.find(({ image }) => image === named.image) ?? named;
      if (wanted.has(other) || !isThere(other)) add(other);
    }
    found.add(service);
  };
  services.forEach(add);
  return [...found];
}

/** The build with the images that those services have in place of their names. */
export function withContextImages(build: BuildModel, all: readonly ServiceModel[]): BuildModel {
  if (build.additionalContexts === undefined) return build;
  const imageOf = (source: string): string => {
    const name = source.startsWith(SERVICE) ? source.slice(SERVICE.length) : undefined;
    const service = all.find((candidate) => candidate.name === name);
    return service === undefined ? source : `docker-image://${service.image}`;
  };
  return {
    ...build,
    additionalContexts: Object.fromEntries(
      Object.entries(build.additionalContexts).map(([name, source]) => [name, imageOf(source)]),
    ),
  };
}
