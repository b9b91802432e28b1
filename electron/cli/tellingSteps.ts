import type { CommandContext } from './runCommand.ts';

/** Does work on an app and tells its steps meanwhile. */
export async function tellingSteps<Result>(
  { core, output }: CommandContext,
  appId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const heard = core.apps.onApp((change) => {
    if (change.kind === 'app' && change.app.id === appId)
      output.progress(change.app.operations[0]?.step ?? '');
  });
  try {
    return await work();
  } finally {
    void heard.dispose();
  }
}
