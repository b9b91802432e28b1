import type { ServiceText } from '#shared/compose/edit/ServiceText.ts';

/** Fields that compose takes in two places: where a file says them, or where they go when it does not. */
const PLACES = {
  replicas: [['deploy', 'replicas'], ['scale']],
  cpus: [['deploy', 'resources', 'limits', 'cpus'], ['cpus']],
  memory: [['deploy', 'resources', 'limits', 'memory'], ['mem_limit']],
} as const satisfies Record<string, readonly [readonly string[], readonly string[]]>;

/** The keys of a field that has two places; the short one for a file that has no `deploy` yet. */
export function fieldKeys(
  service: ServiceText,
  field: keyof typeof PLACES,
  elsewhere: ReadonlyMap<string, unknown>,
): readonly string[] {
  const [long, short] = PLACES[field];
  for (const keys of [long, short])
    if (service.field(...keys).from !== 'absent' || elsewhere.has(keys.join('.'))) return keys;
  return field === 'replicas' || service.field('deploy').value !== undefined ? long : short;
}

/** The keys of the least and the most replicas: those of the rule by which the service scales by itself, where it has one. */
export function rangeKeys(service: ServiceText, bound: 'min' | 'max'): readonly string[] {
  const isByItself = service.field('x-flotilla', 'autoscale').from !== 'absent';
  return ['x-flotilla', isByItself ? 'autoscale' : 'replicas', bound];
}

/** The keys of the folder that a service is built from. */
export function buildKeys(service: ServiceText): readonly string[] {
  return service.field('build').text === undefined ? ['build', 'context'] : ['build'];
}
