import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { NdjsonReader } from '../engine/NdjsonReader.ts';

interface PullLine {
  status?: string;
  error?: string;
  errorDetail?: { message?: string };
}

/**
 * Pulls one image; the engine reports its failure inside an answer of status 200.
 * @throws FlotillaError `not-found`, `permission-denied`, `engine-error` or `cancelled`
 */
export async function pullImage(
  client: EngineClient,
  reference: string,
  signal: AbortSignal,
  onStatus: (status: string) => void,
): Promise<void> {
  const { name, tag } = splitReference(reference);
  let failure: string | undefined;
  try {
    const stream = await client.openStream({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: name, tag },
      purpose: `pull ${reference}`,
      signal,
    });
    try {
      const reader = new NdjsonReader((item) => {
        if (!item.ok) return;
        const line = item.value as PullLine;
        if (line.error !== undefined) failure = line.errorDetail?.message ?? line.error;
        else if (line.status !== undefined) onStatus(line.status);
      });
      for await (const chunk of stream.body) reader.push(chunk as Buffer);
      reader.end();
    } finally {
      stream.close();
    }
  } catch (error) {
    if (signal.aborted)
      throw new FlotillaError('cancelled', `Pulling ${reference} was cancelled.`, { cause: error });
    if (error instanceof FlotillaError && error.detail?.['statusCode'] !== undefined)
      throw explain(reference, error.message);
    throw error;
  }
  if (failure !== undefined) throw explain(reference, failure);
}

function explain(reference: string, words: string): FlotillaError {
  const denied = /denied|unauthori[sz]ed|authentication/i.test(words);
  const unreachable = /timeout|no such host|connection refused|dial tcp|EOF|i\/o/i.test(words);
  return new FlotillaError(
    denied ? 'permission-denied' : unreachable ? 'engine-error' : 'not-found',
    `The image ${reference} could not be pulled: ${words.replace(/\.$/, '')}.`,
    {
      hint: denied
        ? 'It may not exist, or need a sign-in: docker login.'
        : unreachable
          ? 'The engine cannot reach the registry. Check the network, or load the image with docker load.'
          : 'Check the image’s name and tag.',
    },
  );
}

/** Repository and tag (or digest) of a reference; a colon before the last slash is a registry's port. */
export function splitReference(reference: string): { name: string; tag: string } {
  const digest = reference.indexOf('@');
  if (digest !== -1) return { name: reference.slice(0, digest), tag: reference.slice(digest + 1) };
  const colon = reference.lastIndexOf(':');
  if (colon > reference.lastIndexOf('/'))
    return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
  return { name: reference, tag: 'latest' };
}
