import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { CommandContext } from './runCommand.ts';

const ENGINE_MS = 10_000;

/**
 * The app of the folder, with its containers known.
 * @throws FlotillaError `project-invalid` for a folder that is none and has no containers either; it is not remembered then
 */
export async function opened({ core, folder }: CommandContext): Promise<AppView> {
  const remembered = new Set((await core.apps.recents()).map(({ id }) => id));
  const { id } = await core.apps.open(folder);
  core.engine.start();
  await engineReady(core);
  const app = core.apps.get(id);
  if (app.services.length > 0 || app.workers.length > 0) return app;
  const problem = app.diagnostics.find(({ severity }) => severity === 'error');
  if (!remembered.has(id)) await core.apps.close(id, { forget: true });
  throw new FlotillaError(
    'project-invalid',
    app.folderError?.message ?? problem?.message ?? `${folder} holds no compute app.`,
    { hint: app.folderError?.hint ?? problem?.explanation ?? '`flotilla check DIR` lists what is wrong.' },
  );
}

/** Nobody waits at a prompt for an engine that is not there: the first search counts. */
export async function engineReady({ engine }: CommandContext['core']): Promise<void> {
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
