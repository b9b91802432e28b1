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
