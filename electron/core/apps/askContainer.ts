import { FlotillaError } from '#shared/contract/errors.ts';
import type { ContainerHook } from '#shared/domain/ServiceModel.ts';
import { fetchText } from '../autoscale/fetchText.ts';
import { runInContainer } from '../autoscale/runInContainer.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

const MOST_BYTES = 64 * 1024;

interface PlacedContainer {
  NetworkSettings?: {
    Networks?: Record<string, { IPAddress?: string } | null> | null;
    Ports?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null;
  };
}

/**
 * Runs a hook in (or against) a running container and answers what it printed.
 * @param method of a request
 * @throws FlotillaError that says what was asked and how it failed; the signal's reason
 */
export async function askContainer(
  client: EngineClient,
  containerId: string,
  hook: ContainerHook,
  method: 'GET' | 'POST',
  signal: AbortSignal,
): Promise<string> {
  if (hook.kind === 'http') return askAddress(client, containerId, hook, method, signal);
  const { output, errors, exitCode } = await runInContainer(client, containerId, hook.command, {
    mostBytes: MOST_BYTES,
    signal,
  });
  if (exitCode === 0) return output;
  const words = (errors || output).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  throw new FlotillaError(
    'invalid-input',
    `\`${hook.command.join(' ')}\` ended with exit code ${exitCode}${words === '' ? '' : `: ${words}`}`,
  );
}

async function askAddress(
  client: EngineClient,
  containerId: string,
  { port, path }: Extract<ContainerHook, { kind: 'http' }>,
  method: 'GET' | 'POST',
  signal: AbortSignal,
): Promise<string> {
  const { NetworkSettings } = await client.request<PlacedContainer>({
    path: `/containers/${containerId}/json`,
    signal,
  });
  const published = NetworkSettings?.Ports?.[`${port}/tcp`]?.find(({ HostPort }) => HostPort !== undefined);
  const own = Object.values(NetworkSettings?.Networks ?? {}).find(
    (network) => (network?.IPAddress ?? '') !== '',
  );
  const address =
    published === undefined ? `${own?.IPAddress ?? ''}:${port}` : `127.0.0.1:${published.HostPort ?? ''}`;
  if (address.startsWith(':'))
    throw new FlotillaError('not-found', `port ${port} cannot be reached: the container is on no network.`);
  try {
    return await fetchText(`http://${address}${path}`, { method, mostChars: MOST_BYTES, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FlotillaError) throw error;
    const cause = (error as { cause?: { message?: string } }).cause?.message;
    throw new FlotillaError(
      'invalid-input',
      `http://${address}${path} cannot be asked: ${cause ?? String(error)}`,
    );
  }
}
