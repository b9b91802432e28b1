import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A running `flotilla serve` of the built product with a data folder of its own. */
export interface WebShell {
  url: string;
  dataFolder: string;
  process: ChildProcess;
  /** Milliseconds from spawning the process to its "ready" line. */
  startedInMs: number;
  /** Ends the server politely, as Ctrl-C does, and removes its data. Resolves with its exit code. */
  dispose(): Promise<number | null>;
}

export async function startWebShell(options: {
  host: string;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  dataFolder?: string;
}): Promise<WebShell> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'flotilla-data-'));
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      join(projectRoot, 'dist/cli/flotilla.mjs'),
      'serve',
      '--json',
      '--host',
      options.host,
      '--data',
      dataFolder,
      ...(options.args ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-8000)));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split('\n').find((candidate) => candidate.includes('http://'));
      const found = line?.match(/http:\/\/[^"\s]+/)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) =>
      reject(new Error(`flotilla serve ended with ${code} before it was ready:\n${errors}`)),
    );
  });
  const startedInMs = performance.now() - began;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    url,
    dataFolder,
    process: child,
    startedInMs,
    async dispose() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const code = await ended;
      rmSync(dataFolder, { recursive: true, force: true });
      return code;
    },
  };
}

/** The built command line, run to its end. */
export function runFlotilla(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist/cli/flotilla.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
