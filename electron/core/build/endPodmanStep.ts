import { readdir, readFile } from 'node:fs/promises';
import type { EngineClient } from '#core/engine/EngineApi.ts';

/** What Podman runs a step's container under; the step's command is its child. */
const RUNTIME = 'buildah-oci-runtime';

/**
 * Ends the command of a build step that Podman runs. Its API has no way to do so, and it goes on when its client has
 * gone; so this looks for the process itself, where Podman runs on this machine and as this user.
 * @returns whether the command is gone. Never rejects.
 */
export async function endPodmanStep(client: EngineClient, instruction: string): Promise<boolean> {
  const command = /^RUN\s+([^]*)$/i.exec(instruction.trim())?.[1];
  // What is no RUN ends by itself, in no time.
  if (command === undefined) return true;
  if (!client.endpoint.host.startsWith('unix://')) return false;
  const found = await processesRunning(plain(command));
  const [only] = found;
  // Two that look alike may be somebody else's.
  if (only === undefined || found.length > 1) return false;
  try {
    process.kill(only, 'SIGKILL');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function processesRunning(command: string): Promise<number[]> {
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (pid) => {
      const words = await wordsOf(pid);
      if (words[1] !== '-c' || plain(words[2] ?? '') !== command) return [];
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const parent = /^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? '';
      return (await wordsOf(parent))[0] === RUNTIME ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

async function wordsOf(pid: string): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
}

/** Lines that a Dockerfile joins with a backslash reach the shell with other spaces. */
function plain(text: string): string {
  return text.replaceAll('\\\n', ' ').replace(/\s+/g, ' ').trim();
}
