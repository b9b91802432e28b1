import { CONTROL_TOKEN, CONTROL_URL } from '../domain/Door.ts';
import type { Findings } from './Findings.ts';
import type { GivenRole } from './guessRoles.ts';
import { get, type Located } from './Located.ts';
import type { ReadService } from './readService.ts';

const OWN_VARIABLES = new Set([CONTROL_URL, CONTROL_TOKEN]);

/** What stands in the way of the control door that a service asks for (`x-flotilla: { control: true }`). */
export function checkControl(
  services: readonly ReadService[],
  roles: ReadonlyMap<string, GivenRole>,
  findings: Findings,
): void {
  const asking = services.filter(({ model }) => model.control === true);
  for (const service of asking) {
    const { model, entry } = service;
    const said = get(get(entry.value, 'x-flotilla'), 'control') ?? entry.key;
    const tell = (at: Located, message: string, explanation: string): void =>
      findings.add({
        code: 'bad-control',
        severity: 'error',
        file: at.file,
        start: at.start,
        end: at.end,
        service: model.name,
        message: `${model.name}: ${message}`,
        explanation,
      });
    const role = roles.get(model.name)?.role ?? 'service';
    if (role !== 'main')
      tell(
        said,
        `only main may have a control door, and this is a ${role}.`,
        'Take x-flotilla.control out, or write role: main beside it.',
      );
    else if (service !== asking.find(({ model: other }) => roles.get(other.name)?.role === 'main'))
      tell(said, 'an app has one control door.', 'Write control: true below one of its mains only.');
    if (model.networkMode !== undefined)
      tell(
        get(entry.value, 'network_mode') ?? said,
        `with network_mode: ${model.networkMode} there is no way to a control door.`,
        'It is reached over a network of the app: take network_mode out, or x-flotilla.control.',
      );
    if (model.replicas > 1)
      tell(said, 'a control door is for one container.', 'Ask for one replica of this service.');
    for (const { key, keyAt } of service.environment)
      if (OWN_VARIABLES.has(key))
        tell(keyAt, `${key} is what Flotilla sets.`, 'Take it out: a token that stands in a file is none.');
  }
}
