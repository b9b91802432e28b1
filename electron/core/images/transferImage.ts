import { setTimeout as delay } from 'node:timers/promises';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ImageTransfer } from '#shared/domain/Image.ts';
import { formatReference, parseReference } from '#shared/image/parseReference.ts';
import type { EngineClient, EngineStream } from '../engine/EngineApi.ts';
import { NdjsonReader } from '../engine/NdjsonReader.ts';
import { findCredentials } from './credentials/credentialsFor.ts';
import type { ConfigPlace } from './credentials/readDockerConfig.ts';
import { authConfigOf, registryHeader } from './credentials/registryConfig.ts';
import { explainTransferFailure, type TransferAttempt } from './explainTransferFailure.ts';
import { imagePath } from './imagePath.ts';
import type { ImageInspection } from './inspectImage.ts';
import { TransferState } from './TransferState.ts';

/** Consumers hear of changes at most this often. */
const GAP_MS = 100;

export interface TransferOptions {
  client: EngineClient;
  direction: 'pull' | 'push';
  reference: string;
  /** Where docker's own configuration is looked for. */
  place: ConfigPlace;
  signal: AbortSignal;
  /** Of a pull: `OS/ARCHITECTURE[/VARIANT]`. */
  platform?: string | undefined;
}

/**
 * Pulls or pushes one image with the credentials of docker's own configuration. Emits its state whenever it changed, at most 10
 * times a second and never more than the newest; the last one has a result. Leaving the loop or the signal ends the engine's work.
 *
 * @throws FlotillaError `permission-denied`, `not-found`, `timeout`, `engine-error`, `invalid-input`, `cancelled`
 */
export async function* transferImage(options: TransferOptions): AsyncGenerator<ImageTransfer[]> {
  const { client, direction, reference, place, signal, platform } = options;
  const parsed = parseReference(reference);
  if (direction === 'push' && parsed.digest !== undefined)
    throw new FlotillaError('invalid-input', `“${reference}” names a digest; only a tag can be pushed.`, {
      hint: 'Write name:tag.',
    });
  const state = new TransferState(reference, direction);
  yield [state.view()];
  const found = await findCredentials(parsed.registry, { ...place, signal });
  const attempt: TransferAttempt = { reference, direction, registry: parsed.registry, found };
  const headers = {
    // A push without it is refused by the engine itself.
    'X-Registry-Auth': registryHeader(
      found.credentials === undefined ? {} : authConfigOf(parsed.registry, found.credentials),
    ),
  };
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const tag = parsed.tag ?? 'latest';
  const reading = new Reading(state, () =>
    client.openStream({
      method: 'POST',
      ...(direction === 'pull'
        ? { path: '/images/create', query: { fromImage: parsed.name, tag: parsed.digest ?? tag, platform } }
        : { path: `/images/${parsed.name}/push`, query: { tag } }),
      headers,
      purpose: `${direction} ${reference}`,
      signal: both,
    }),
  );
  try {
    while (await reading.changed(both)) {
      yield [state.view()];
      await Promise.race([delay(GAP_MS), reading.ended]);
    }
  } finally {
    stop.abort();
    await reading.ended;
  }
  if (signal.aborted)
    throw new FlotillaError(
      'cancelled',
      `${direction === 'pull' ? 'Pulling' : 'Pushing'} ${reference} was cancelled.`,
    );
  if (state.failure !== undefined) throw explainTransferFailure(attempt, state.failure);
  if (reading.error !== undefined) {
    const { error } = reading;
    const words = refusalWords(error);
    throw words === undefined ? lostEngine(error, options) : explainTransferFailure(attempt, words);
  }
  yield [state.view(await resultOf(client, attempt, formatReference(parsed), state))];
}

/** Reads a transfer's answer to its end, as fast as it comes: what is kept of it is small. */
class Reading {
  readonly ended: Promise<void>;
  error: unknown;
  #isOver = false;
  #isChanged = false;
  #wake: (() => void) | undefined;

  constructor(state: TransferState, open: () => Promise<EngineStream>) {
    const reader = new NdjsonReader((item) => {
      if (!item.ok || typeof item.value !== 'object' || item.value === null) return;
      if (!state.apply(item.value)) return;
      this.#isChanged = true;
      this.#wake?.();
    });
    this.ended = this.#read(reader, open);
  }

  /** Waits for news. False once all is told. */
  async changed(signal: AbortSignal): Promise<boolean> {
    if (!this.#isChanged && !this.#isOver && !signal.aborted)
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), this.ended]);
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged && !signal.aborted;
  }

  async #read(reader: NdjsonReader, open: () => Promise<EngineStream>): Promise<void> {
    try {
      const stream = await open();
      try {
        for await (const chunk of stream.body) reader.push(chunk as Buffer);
        reader.end();
      } finally {
        stream.close();
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.#isOver = true;
    }
  }
}

/** The connection to the engine broke in the midst of it. */
function lostEngine(error: unknown, { client, direction, reference }: TransferOptions): FlotillaError {
  const { host } = client.endpoint;
  const reason = error instanceof FlotillaError ? ` ${error.message}` : '';
  return new FlotillaError(
    'engine-unavailable',
    `The engine at ${host} went away before ${reference} was ${direction === 'pull' ? 'pulled' : 'pushed'}.${reason}`,
    { hint: 'Try again once it is back; layers that were done are not sent again.', cause: error },
  );
}

/** What an HTTP refusal says; undefined for a failure of the connection to the engine. */
function refusalWords(error: unknown): string | undefined {
  if (!(error instanceof FlotillaError) || error.detail?.['statusCode'] === undefined) return undefined;
  return error.message.replace(/^The engine refused to [A-Z]+ \S+: /, '');
}

/** A transfer that ended without an error need not have succeeded: the image, and for a push the digest, must be there. */
async function resultOf(
  client: EngineClient,
  attempt: TransferAttempt,
  reference: string,
  state: TransferState,
): Promise<NonNullable<ImageTransfer['result']>> {
  if (attempt.direction === 'push' && state.digest === undefined && client.info.product !== 'Podman')
    throw explainTransferFailure(attempt, 'the engine ended before it was done: unexpected EOF');
  let inspection: ImageInspection;
  try {
    inspection = await client.request<ImageInspection>({ path: `${imagePath(reference)}/json` });
  } catch (error) {
    if (refusalWords(error) === undefined) throw error;
    throw explainTransferFailure(attempt, 'the engine ended before it was done: unexpected EOF');
  }
  const { name } = parseReference(reference);
  const known = (inspection.RepoDigests ?? []).find((digest) => digest.startsWith(`${name}@`));
  state.status = state.upToDate ? 'Already there' : attempt.direction === 'pull' ? 'Pulled' : 'Pushed';
  return {
    imageId: inspection.Id,
    digest: state.digest ?? known?.slice(name.length + 1),
    sizeBytes: inspection.Size,
    upToDate: state.upToDate,
  };
}
