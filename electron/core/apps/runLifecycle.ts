import { FlotillaError } from '#shared/contract/errors.ts';
import type { LifecycleCommand } from '#shared/domain/ServiceModel.ts';
import { runInContainer } from '../autoscale/runInContainer.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

const MOST_BYTES = 64 * 1024;
const LONGEST_WORDS = 200;

/**
 * Runs commands in a container that runs, one after the other. The first that fails ends it, as with docker compose: a start has failed then though the container
 * runs on, and a container is not stopped.
 *
 * @param worker as `worker-3`
 * @throws FlotillaError `engine-error` that says which command failed and what it said, `cancelled`
 */
export async function runLifecycle(
  client: EngineClient,
  containerId: string,
  worker: string,
  key: 'post_start' | 'pre_stop',
  commands: readonly LifecycleCommand[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (const { command, ...options } of commands ?? []) {
    assertNotCancelled(signal, key, worker);
    const { output, errors, exitCode } = await runInContainer(client, containerId, command, {
      ...options,
      mostBytes: MOST_BYTES,
      signal,
    }).catch((error: unknown) => {
      assertNotCancelled(signal, key, worker);
      throw failure(`${key} of ${worker} cannot be run: ${wordsOf(error)}`, key, error);
    });
    if (exitCode === 0) continue;
    const said = (errors || output).trim().split('\n').at(-1)?.slice(0, LONGEST_WORDS) ?? '';
    throw failure(
      `${key} of ${worker} failed: \`${command.join(' ')}\` ended with exit code ${exitCode}${said === '' ? '' : `: ${said}`}`,
      key,
    );
  }
}

function assertNotCancelled(signal: AbortSignal, key: string, worker: string): void {
  if (signal.aborted)
    throw new FlotillaError('cancelled', `${key} of ${worker} was cancelled; the container runs on.`);
}

const failure = (message: string, key: 'post_start' | 'pre_stop', cause?: unknown): FlotillaError =>
  new FlotillaError('engine-error', message, {
    hint:
      key === 'post_start'
        ? 'The container runs on. Correct post_start of its service, then run it again: it is made anew.'
        : 'The container was not stopped. Correct pre_stop of its service, or take it away, then stop it again.',
    ...(cause === undefined ? {} : { cause }),
  });

const wordsOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(/^The engine refused to [^:]+: /, '');
