import type { LifecycleCommand } from '../domain/ServiceModel.ts';
import { get, type Located } from './Located.ts';
import { mapped, said } from './onlySaid.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The commands that are run in a container when it has started, or before it is stopped. */
export function readLifecycle(reader: ServiceReader, key: 'post_start' | 'pre_stop'): LifecycleCommand[] {
  return lifecycleItems(reader.at(key)).flatMap((item) => {
    const command = reader.command(get(item, 'command'), `${key} command`) ?? [];
    if (command.length === 0) {
      reader.error(
        'bad-lifecycle-command',
        item,
        `an entry of ${key} has no command.`,
        'Write command: with the program to run in the container.',
      );
      return [];
    }
    const environment = reader.pairs(get(item, 'environment'), `${key} environment`);
    return [
      {
        command,
        ...said({
          user: reader.text(get(item, 'user'), `${key} user`) || undefined,
          workingDir: reader.text(get(item, 'working_dir'), `${key} working_dir`) || undefined,
          privileged: reader.flag(get(item, 'privileged'), `${key} privileged`) || undefined,
          environment: mapped(
            Object.fromEntries(
              environment.flatMap(({ key: name, value }) => (value === null ? [] : [[name, value]])),
            ),
          ),
        }),
      },
    ];
  });
}

export const lifecycleItems = (node: Located | undefined): readonly Located[] =>
  node?.kind === 'list' ? node.items : [];
