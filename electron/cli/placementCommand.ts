import { replicasSchema } from '#shared/contract/calls.ts';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import { describePlacement } from '#shared/placement/describePlacement.ts';
import type { CommandContext } from './runCommand.ts';
import { opened } from './opened.ts';
import { usage } from './parseArguments.ts';

/** `flotilla placement`: which CPUs and GPUs each replica gets, and which are short; exit code 1 where a replica can have no place. */
export async function placementCommand(context: CommandContext): Promise<number> {
  const { core, command, output } = context;
  const { workers } = command.options;
  const app = await opened(context);
  const view = await core.apps.placement(app.id, {
    workers: workers === undefined ? undefined : parseCount(workers),
  });
  const lines = describePlacement(view);
  if (view.services.every(({ placement }) => placement === null))
    lines.push(
      '',
      'No service asks for a place: write x-flotilla: { placement: { cpus_per_worker: 1 } } below one.',
    );
  output.result({ placement: view }, lines.join('\n'));
  return view.plan.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function parseCount(text: string): number {
  const count = replicasSchema.safeParse(text.trim() === '' ? Number.NaN : Number(text));
  if (count.success) return count.data;
  throw usage(`--workers: “${text}” is no whole number from 0 to ${MAX_REPLICAS}`);
}
