import { get, type Located, textOf } from './Located.ts';

/** The profiles of services, by service, as their files list them. */
export function profilesOf(root: Located): Map<string, string[]> {
  const services = get(root, 'services');
  return new Map(
    [...(services?.kind === 'map' ? services.entries : [])].map(([name, { value }]) => {
      const profiles = get(value, 'profiles');
      return [name, profiles?.kind === 'list' ? profiles.items.flatMap((item) => textOf(item) ?? []) : []];
    }),
  );
}
