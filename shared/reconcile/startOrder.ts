import type { ServiceModel } from '../domain/ServiceModel.ts';

/**
 * Services in waves: every service comes after the waves of all it depends on. A cycle, which the reader of the files refuses
 * before this is asked, ends in one last wave.
 */
export function startOrder(services: readonly ServiceModel[]): ServiceModel[][] {
  const names = new Set(services.map((service) => service.name));
  const done = new Set<string>();
  const waves: ServiceModel[][] = [];
  let left = [...services];
  while (left.length > 0) {
    let wave = left.filter((service) =>
      service.dependsOn.every((dependency) => done.has(dependency.service) || !names.has(dependency.service)),
    );
    if (wave.length === 0) wave = left;
    for (const service of wave) done.add(service.name);
    waves.push(wave);
    left = left.filter((service) => !done.has(service.name));
  }
  return waves;
}

/** How many services wait for each one in a row, at most: what has the longest way behind it is to be started first. */
export function startUrgencies(services: readonly ServiceModel[]): Map<string, number> {
  const urgencies = new Map(services.map(({ name }) => [name, 0]));
  for (const service of startOrder(services).flat().reverse())
    for (const { service: needed } of service.dependsOn) {
      const before = urgencies.get(needed);
      if (before !== undefined)
        urgencies.set(needed, Math.max(before, 1 + (urgencies.get(service.name) ?? 0)));
    }
  return urgencies;
}
