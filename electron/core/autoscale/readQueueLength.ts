import type { QueueSource } from '#shared/scaling/AutoscalePolicy.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { fetchText } from './fetchText.ts';
import { firstNumber } from './firstNumber.ts';
import { runInContainer } from './runInContainer.ts';

const PATIENCE_MS = 10_000;
const MOST_BYTES = 64 * 1024;

/**
 * How many jobs wait, by what the app itself says.
 * @param containers of the app
 * @throws FlotillaError that says what was asked and why it gave no number
 */
export async function readQueueLength(
  source: QueueSource,
  client: EngineClient,
  containers: readonly ContainerRecord[],
  signal: AbortSignal,
): Promise<number> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const late = (what: string): FlotillaError =>
    new FlotillaError('timeout', `${what} did not answer within ${PATIENCE_MS / 1000} s.`);
  if (source.kind === 'http') {
    const what = source.url;
    try {
      return firstNumber(await fetchText(source.url, { mostChars: MOST_BYTES, signal: patience }), what);
    } catch (error) {
      signal.throwIfAborted();
      if (patience.aborted) throw late(what);
      if (error instanceof FlotillaError) throw error;
      const cause = (error as { cause?: { message?: string } }).cause?.message;
      throw new FlotillaError('invalid-input', `${what} cannot be asked: ${cause ?? String(error)}.`, {
        hint: 'It is asked from where Flotilla runs: is the port published?',
      });
    }
  }
  const container = containers.find(
    ({ service, state }) => service === source.service && state === 'running',
  );
  const what = `\`${source.command.join(' ')}\` in ${source.service}`;
  if (container === undefined)
    throw new FlotillaError('not-found', `${what} cannot be run: no container of ${source.service} runs.`);
  try {
    const { output, errors, exitCode } = await runInContainer(client, container.id, source.command, {
      mostBytes: MOST_BYTES,
      signal: patience,
    });
    if (exitCode !== 0)
      throw new FlotillaError(
        'invalid-input',
        `${what} ended with exit code ${exitCode}: ${(errors || output).trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`,
      );
    return firstNumber(output, what);
  } catch (error) {
    signal.throwIfAborted();
    throw patience.aborted ? late(what) : error;
  }
}
