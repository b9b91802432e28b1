import type { AppView } from '#shared/domain/AppView.ts';
import { type DoorNews, doorWords } from '#shared/domain/Door.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { opened } from './opened.ts';
import type { CommandContext } from './runCommand.ts';

/**
 * `flotilla door`: keeps the control door of an app's main open until it is interrupted, and tells each decision in a line; with `--json` one
 * object a line.
 * @throws FlotillaError `invalid-input` when the file asks for none
 */
export async function doorCommand(context: CommandContext): Promise<number> {
  const { core, output, signal } = context;
  const app = await opened(context);
  if (newsOf(app) === undefined)
    throw new FlotillaError('invalid-input', `Nothing in ${app.title} asks for a control door.`, {
      hint: 'Write x-flotilla: { control: true } below main.',
    });
  const told = new Set<DoorNews>();
  const tell = (view: AppView): void => {
    for (const news of (newsOf(view) ?? []).toReversed()) {
      if (told.has(news)) continue;
      told.add(news);
      output.line(news, `${new Date(news.at).toTimeString().slice(0, 8)} ${doorWords(news)}`);
    }
  };
  const heard = core.apps.onApp((change) => {
    if (change.kind === 'app' && change.app.id === app.id) tell(change.app);
  });
  tell(core.apps.get(app.id));
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  void heard.dispose();
  return 130;
}

const newsOf = (app: AppView): DoorNews[] | undefined =>
  app.services.find(({ door }) => door !== undefined)?.door?.news;
