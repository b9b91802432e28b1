import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { EmbeddedStatus } from '#shared/domain/Engine.ts';
import type { EmbeddedEngine } from './EngineApi.ts';
import { endpoint } from './findEndpoints.ts';
import { probeEndpoint } from './negotiate.ts';

type Program = 'dockerd' | 'podman';

export interface EmbeddedPlaces {
  dataFolder: string;
  env: NodeJS.ProcessEnv;
  log?: ((message: string) => void) | undefined;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 30_000;
/** A socket address holds 108 bytes, its ending zero included (unix(7)). */
const LONGEST_SOCKET_PATH = 100;

/** Where Flotilla's own engine listens: in the data folder, or, when that path is too long for a socket, in the temporary folder. */
export function embeddedHost({ dataFolder, env }: Pick<EmbeddedPlaces, 'dataFolder' | 'env'>): string {
  const path = join(dataFolder, 'engine', 'engine.sock');
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return `unix://${path}`;
  const short = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
  return `unix://${join(env['XDG_RUNTIME_DIR'] ?? tmpdir(), `flotilla-${short}`, 'engine.sock')}`;
}

/**
 * Flotilla's private engine for Linux machines where none runs: `dockerd` (as root) or `podman system service`, with everything it
 * stores in the data folder. It outlives the process that started it, as its containers must; `stop` ends it.
 */
export function createEmbeddedEngine(
  places: EmbeddedPlaces,
  platform: NodeJS.Platform = process.platform,
): EmbeddedEngine {
  const root = join(places.dataFolder, 'engine');
  const host = embeddedHost(places);
  const socketPath = host.slice('unix://'.length);
  const pidFile = join(root, 'engine.pid');
  const logFile = join(root, 'engine.log');
  let starting: Promise<EmbeddedStatus> | undefined;
  let failed: EmbeddedStatus | undefined;

  const program = (): { name: Program; path: string } | undefined => {
    const isRoot = process.getuid?.() === 0;
    const dockerd = isRoot ? findProgram('dockerd', places.env) : undefined;
    if (dockerd !== undefined) return { name: 'dockerd', path: dockerd };
    const podman = findProgram('podman', places.env);
    return podman === undefined ? undefined : { name: 'podman', path: podman };
  };

  const runningPid = async (): Promise<number | undefined> => {
    const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).trim());
    if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
    // A recycled pid must never be taken for ours, least of all be killed.
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine.includes(socketPath) ? pid : undefined;
  };

  const status = async (): Promise<EmbeddedStatus> => {
    if (platform !== 'linux')
      return {
        state: 'unsupported',
        reason:
          'A private engine is started on Linux only; elsewhere install Docker Desktop or Podman Desktop.',
      };
    const found = program();
    const pid = await runningPid();
    if (pid !== undefined && found !== undefined) {
      if (starting !== undefined) return { state: 'starting', program: found.name };
      return { state: 'running', program: found.name, host, pid };
    }
    if (found === undefined) return { state: 'missing', ...(await installCommand()) };
    if (starting !== undefined) return { state: 'starting', program: found.name };
    return failed ?? { state: 'stopped', program: found.name };
  };

  const launch = async (signal?: AbortSignal): Promise<EmbeddedStatus> => {
    const found = program();
    if (found === undefined) return status();
    failed = undefined;
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await mkdir(join(socketPath, '..'), { recursive: true, mode: 0o700 });
      await rm(socketPath, { force: true });
      await rm(join(root, 'dockerd.pid'), { force: true });
      const log = await open(logFile, 'w', 0o600);
      const child = spawn(found.path, engineArguments(found.name, root, host), {
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        cwd: '/',
      });
      const ended = new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message));
        child.once('exit', (code, by) => resolve(`it ended with ${by ?? `code ${code}`}`));
      });
      child.unref();
      await log.close();
      if (child.pid !== undefined) await writeFile(pidFile, `${child.pid}\n`);
      const reason = await Promise.race([answers(host, signal), ended]);
      if (reason === undefined && child.pid !== undefined)
        return { state: 'running', program: found.name, host, pid: child.pid };
      if (child.pid !== undefined) await end(child.pid);
      await rm(pidFile, { force: true });
      const words = lastWords(await readFile(logFile, 'utf8').catch(() => ''));
      throw new FlotillaError(
        'engine-unavailable',
        `The private engine (${found.name}) did not start: ${reason ?? 'unknown reason'}.${words === '' ? '' : ` Its last words: ${words}`}`,
        {
          hint: `Its log is ${logFile}.`,
        },
      );
    } catch (error) {
      failed = { state: 'failed', program: found.name, reason: toErrorShape(error) };
      return failed;
    }
  };

  return {
    status,
    async start(signal) {
      const present = await status();
      if (present.state !== 'stopped' && present.state !== 'failed') return starting ?? present;
      starting ??= launch(signal).finally(() => (starting = undefined));
      return starting;
    },
    async stop() {
      await starting?.catch(() => undefined);
      failed = undefined;
      const pid = await runningPid();
      if (pid !== undefined) await end(pid);
      await rm(pidFile, { force: true });
      await rm(socketPath, { force: true });
      return status();
    },
    dispose() {
      // It goes on running: containers are not lost because a window was closed.
    },
  };
}

function engineArguments(program: Program, root: string, host: string): string[] {
  if (program === 'podman')
    return [
      '--root',
      join(root, 'storage'),
      '--runroot',
      join(root, 'run'),
      'system',
      'service',
      '--time=0',
      host,
    ];
  return [
    '--data-root',
    join(root, 'data'),
    '--exec-root',
    join(root, 'run'),
    '--pidfile',
    join(root, 'dockerd.pid'),
    '--host',
    host,
  ];
}

/** Undefined once the engine answers, else why it was given up. */
async function answers(host: string, signal?: AbortSignal): Promise<string | undefined> {
  const limit = Date.now() + START_LIMIT_MS;
  const place = endpoint('embedded', 'Flotilla’s own engine', host);
  while (Date.now() < limit) {
    if (signal?.aborted === true) return 'it was cancelled';
    if ((await probeEndpoint(place)).answered) return undefined;
    await sleep(100);
  }
  return `it did not answer within ${START_LIMIT_MS / 1000} s`;
}

/** SIGTERM, and SIGKILL when that is not heard. */
async function end(pid: number): Promise<void> {
  const alive = (): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone.
    }
  };
  send('SIGTERM');
  const limit = Date.now() + STOP_LIMIT_MS;
  while (alive() && Date.now() < limit) await sleep(50);
  if (!alive()) return;
  send('SIGKILL');
  while (alive() && Date.now() < limit + 5_000) await sleep(50);
}

function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = [
    ...(env['PATH'] ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  for (const folder of folders) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

const INSTALL: [family: RegExp, command: string][] = [
  [/debian|ubuntu/, 'apt-get install -y docker.io'],
  [/rhel|centos|rocky|almalinux/, 'dnf install -y podman'],
  [/fedora/, 'dnf install -y moby-engine'],
  [/arch|manjaro/, 'pacman -S --noconfirm docker'],
  [/suse/, 'zypper install -y docker'],
  [/alpine/, 'apk add docker'],
  [/gentoo/, 'emerge app-containers/docker'],
  [/void/, 'xbps-install -y docker'],
];

/** The command that installs an engine on this distribution, by os-release(5). */
export async function installCommand(
  osReleasePath = '/etc/os-release',
  isRoot = process.getuid?.() === 0,
): Promise<{ distribution: string; installCommand: string }> {
  const text = await readFile(osReleasePath, 'utf8').catch(() => '');
  const field = (name: string): string => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  const ids = [field('ID'), field('ID_LIKE')].join(' ');
  const command =
    INSTALL.find(([family]) => family.test(field('ID')))?.[1] ??
    INSTALL.find(([family]) => family.test(ids))?.[1];
  const distribution = field('PRETTY_NAME') || field('ID') || 'Linux';
  // Without root rights a system dockerd cannot be started privately; podman can.
  const suited = isRoot
    ? command
    : command
        ?.replace(/docker\.io|moby-engine|docker$/, 'podman')
        .replace('app-containers/docker', 'app-containers/podman');
  const bare = suited ?? 'install the package “podman” or “docker” with your package manager';
  return { distribution, installCommand: suited === undefined ? bare : isRoot ? bare : `sudo ${bare}` };
}

function lastWords(log: string): string {
  const lines = log
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return (
    lines.findLast((line) => /level=(fatal|error)|failed|error/i.test(line)) ??
    lines.at(-1) ??
    ''
  ).slice(0, 400);
}
