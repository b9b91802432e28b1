import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { RunRecord } from '#shared/domain/Run.ts';
import { showError } from '../../app/showError.ts';
import { copyText } from '../build/details/copyText.ts';

/** Shows a run's folder; in a shell that cannot, its path goes to the clipboard. */
export async function openRunFolder(client: Client, { summary, folder }: RunRecord): Promise<void> {
  try {
    await client.call('runs.openFolder', { id: summary.id });
  } catch (error) {
    if (toErrorShape(error).code === 'unsupported') copyText(folder, 'The folder’s path is copied');
    else showError(error);
  }
}
