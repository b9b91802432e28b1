import type { AppView } from '#shared/domain/AppView.ts';
import { allowedIds } from './allowDangers.ts';
import type { CommandContext } from './runCommand.ts';

/** Consents to what the command line allows. */
export async function allowApp({ core, command: { options } }: CommandContext, app: AppView): Promise<void> {
  if (options['allow-dangers'] === true)
    await core.apps.grantDangers(
      app.id,
      app.dangers.map((danger) => danger.id),
    );
  else if (options.allow !== undefined)
    await core.apps.grantDangers(app.id, allowedIds(options.allow, app.dangers));
}
