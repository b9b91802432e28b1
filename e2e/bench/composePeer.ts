import { spawn } from 'node:child_process';
import { dockerPlugins } from '../lab/dockerPlugins.ts';
import type { LabEngine } from '../lab/LabEngine.ts';

/** The peer of what brings an app up: Compose as people type it, on the same engine. */
export interface ComposePeer {
  /** What is typed, e.g. `docker compose`. */
  command: string;
  /** E.g. `2.26.1-4`. */
  version: string;
  /** Runs one command line of a shell to its end; milliseconds. Rejects when it fails. */
  time(script: string): Promise<number>;
}

/** Undefined where there is no Compose to be had. */
export async function composePeer(engine: LabEngine): Promise<ComposePeer | undefined> {
  const plugins = dockerPlugins();
  const env = 'folder' in plugins ? { DOCKER_CONFIG: plugins.folder } : {};
  for (const command of ['docker compose', 'docker-compose']) {
    const version = await outputOf(`${command} version --short`, { ...process.env, ...env }).catch(
      () => undefined,
    );
    if (version !== undefined) return { command, version, time: (script) => timeShell(script, engine, env) };
  }
  return undefined;
}

/** Runs one command line of a shell to its end; milliseconds. */
export async function timeShell(
  script: string,
  engine: LabEngine,
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const began = performance.now();
  await outputOf(script, { ...process.env, ...env, DOCKER_HOST: engine.host });
  return performance.now() - began;
}

function outputOf(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(out.trim()) : reject(new Error(`${script} ended with ${code}: ${said}`)),
    );
  });
}

/** @throws Error when fewer containers than that run: the times would not be comparable */
export async function expectRunning(engine: LabEngine, filter: string, count: number): Promise<void> {
  const ids = await outputOf(`docker ps -q --filter ${filter} --filter status=running`, {
    ...process.env,
    DOCKER_HOST: engine.host,
  });
  const found = ids === '' ? 0 : ids.split('\n').length;
  if (found !== count)
    throw new Error(
      `${found} containers run with ${filter}, not ${count}: the time would not be comparable.`,
    );
}
