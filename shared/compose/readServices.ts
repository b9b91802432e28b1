import type { Findings } from './Findings.ts';
import type { Variables } from './interpolate.ts';
import { get, kindName, type LocatedMap } from './Located.ts';
import { type ReadService, readService } from './readService.ts';

/** The services of a canonical tree, in the order of the files; what is none is told and left out. */
export function readServices(
  root: LocatedMap,
  project: string,
  variables: Variables,
  findings: Findings,
): ReadService[] {
  const services = get(root, 'services');
  const read: ReadService[] = [];
  for (const [name, entry] of services?.kind === 'map' ? services.entries : []) {
    const { file, start, end } = entry.key;
    const tell = (code: string, message: string, explanation: string): void =>
      findings.add({ code, severity: 'error', file, start, end, message, explanation });
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,200}$/.test(name))
      tell(
        'bad-service-name',
        `“${name.slice(0, 60)}” is no name of a service.`,
        'Use letters, digits, “_”, “.” and “-”, beginning with a letter or digit, at most 200 of them.',
      );
    else if (entry.value.kind !== 'map')
      tell(
        'service-empty',
        `${name} must be a mapping, not ${kindName(entry.value)}.`,
        'Indent its settings (image or build, and so on) below its name.',
      );
    else
      read.push(
        readService(name, entry, project, findings, {
          secrets: get(root, 'secrets'),
          configs: get(root, 'configs'),
          variables,
        }),
      );
  }
  return read;
}
