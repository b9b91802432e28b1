import type { Findings } from './Findings.ts';
import { get, type LocatedMap } from './Located.ts';

/** Tells which services are not run because none of their profiles is on. */
export function tellDisabled(
  root: LocatedMap,
  disabled: ReadonlySet<string>,
  profiles: ReadonlyMap<string, string[]>,
  findings: Findings,
): void {
  const services = get(root, 'services');
  for (const [name, { key }] of services?.kind === 'map' ? services.entries : []) {
    if (!disabled.has(name)) continue;
    const names = profiles.get(name) ?? [];
    findings.add({
      code: 'service-off',
      severity: 'info',
      file: key.file,
      start: key.start,
      end: key.end,
      service: name,
      message: `${name} is not run: ${names.length === 1 ? 'its profile' : 'none of its profiles'} (${names.join(', ')}) is ${names.length === 1 ? 'off' : 'on'}.`,
      explanation: `Write COMPOSE_PROFILES=${names[0] ?? ''} into the project’s .env file to run it. Profiles are joined by commas.`,
    });
  }
}
