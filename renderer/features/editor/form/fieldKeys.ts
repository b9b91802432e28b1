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
