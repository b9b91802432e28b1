import { editCompose } from '#shared/compose/edit/editCompose.ts';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';
import type { PlacedServiceView } from '#shared/placement/PlacementView.ts';
import { placementEdits } from './placementEdits.ts';

/** What was written, and how to take it back. */
export interface WrittenPlacement {
  path: string;
  undo: () => Promise<void>;
}

/**
 * Writes into the compose file that decides it how a service is to be placed; the rest of the file stays as it stands. Undefined: the file says so already.
 * @throws FlotillaError why the file cannot be edited so, or is not what it was
 */
export async function writePlacement(
  client: Client,
  appId: string,
  { name, file, source, placement }: PlacedServiceView,
  wanted: PlacementPolicy,
): Promise<WrittenPlacement | undefined> {
  const path = source?.changedIn ?? file;
  const before = await client.call('files.read', { appId, path });
  let { text } = before;
  for (const edit of placementEdits(name, placement, wanted)) {
    const outcome = editCompose(text, edit);
    if (!outcome.ok) {
      const { message, hint, line } = outcome.refusal;
      throw new FlotillaError('invalid-input', `${path}${line === undefined ? '' : `:${line}`}: ${message}`, {
        hint,
      });
    }
    ({ text } = outcome);
  }
  if (text === before.text) return undefined;
  const { version } = await client.call('files.write', { appId, path, text, version: before.version });
  return {
    path,
    undo: async () => {
      await client.call('files.write', { appId, path, text: before.text, version });
    },
  };
}
