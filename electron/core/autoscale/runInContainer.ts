import type { LifecycleCommand } from '#shared/domain/ServiceModel.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { FrameDemultiplexer } from '../engine/FrameDemultiplexer.ts';

const STDERR = 2;

export interface RunOptions extends Omit<LifecycleCommand, 'command'> {
  mostBytes: number;
  signal: AbortSignal;
}

/**
 * Runs a command in a running container (Docker Engine API, "Exec") and answers what it printed, cut off after `mostBytes` of each.
 * An abort stops waiting for it; the engine has no way to end a command that runs.
 * @throws what the engine refused; the signal's reason
 */
export async function runInContainer(
  client: EngineClient,
  containerId: string,
  command: readonly string[],
  { mostBytes, signal, user, workingDir, privileged, environment = {} }: RunOptions,
): Promise<{ output: string; errors: string; exitCode: number }> {
  const { Id: id } = await client.request<{ Id: string }>({
    method: 'POST',
    path: `/containers/${containerId}/exec`,
    body: {
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      User: user,
      WorkingDir: workingDir,
      Privileged: privileged,
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    },
    signal,
  });
  const stream = await client.openStream({
    method: 'POST',
    path: `/exec/${id}/start`,
    body: { Detach: false, Tty: false },
    signal,
    purpose: `command in ${containerId.slice(0, 12)}`,
  });
  const texts = { output: '', errors: '' };
  const demultiplexer = new FrameDemultiplexer((kind, chunk, start, end) => {
    const key = kind === STDERR ? 'errors' : 'output';
    if (texts[key].length < mostBytes) texts[key] += chunk.toString('utf8', start, end);
  });
  const onAbort = (): void => stream.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    for await (const chunk of stream.body) demultiplexer.push(chunk as Buffer);
    signal.throwIfAborted();
    const { ExitCode } = await client.request<{ ExitCode?: number | null }>({
      path: `/exec/${id}/json`,
      signal,
    });
    return { ...texts, exitCode: ExitCode ?? 0 };
  } finally {
    signal.removeEventListener('abort', onAbort);
    stream.close();
  }
}
