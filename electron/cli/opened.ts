import type { AppView } from '#shared/domain/AppView.ts';
import type { CommandContext } from './runCommand.ts';

const ENGINE_MS = 10_000;

/** The app of the folder, with its containers known. */
export async function opened({ core, folder }: CommandContext): Promise<AppView> {
  const app = await core.apps.open(folder);
  core.engine.start();
  await engineReady(core);
  return core.apps.get(app.id);
}

/** Nobody waits at a prompt for an engine that is not there: the first search counts. */
async function engineReady({ engine }: CommandContext['core']): Promise<void> {
  const none = new Promise<never>((_resolve, reject) => {
    engine.onState((state) => {
      if (state.phase !== 'none') return;
      try {
        engine.client();
      } catch (error) {
        reject(error);
      }
    });
  });
  await Promise.race([engine.whenReady(ENGINE_MS), none]);
}
