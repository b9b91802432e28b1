import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadBaseImages } from './baseImages.ts';
import { newEngine } from './newEngine.ts';
import { pingEngine } from './pingEngine.ts';

const PREFIX = 'flotilla-lab-';

/** A private dockerd of the tests' own, in a temporary folder and, where allowed, in a network namespace of its own. */
export interface LabEngine {
  /** `unix://…/docker.sock` */
  readonly host: string;
  readonly folder: string;
  /** Ends the daemon as a crash would (SIGKILL) or politely; containers die with it. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts the daemon again on the same data and socket. */
  start(): Promise<void>;
  /** Ends the daemon and removes every trace. */
  dispose(): Promise<void>;
}

export async function startLabEngine(
  options: {
    /** Default: with the base images. */
    images?: boolean;
    /**
     * A disk of its own of that size, e.g. `64m`, needs root. Default: in memory, where that may be mounted, as the engine waits for the disk
     * at each container otherwise; `folder`: that of the temporary folder, as users have it.
     */
    diskSize?: string;
    /**
     * Its bridges are in this machine's own network, so that containers reach what listens at their gateway. It leaves the machine's
     * packet filter alone, which another engine may be using. Needs root.
     */
    sharesNetwork?: boolean;
    /** The machine's own dockerd, which is the default, or a newer one. @see newEngine */
    release?: 'own' | 'new';
  } = {},
): Promise<LabEngine> {
  const programs = options.release === 'new' ? newEngine() : undefined;
  if (programs !== undefined && 'missing' in programs) throw new Error(programs.missing);
  const path = [programs?.folder, process.env['PATH']].filter(Boolean).join(':');
  reapStaleEngines();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  const socket = join(folder, 'docker.sock');
  const host = `unix://${socket}`;

  const start = async (): Promise<void> => {
    const log = openSync(join(folder, 'log'), 'a');
    const flags = [
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'pid'),
      '-H',
      host,
      ...(options.sharesNetwork === true
        ? ['--iptables=false', '--bridge=none', '--default-address-pool', ownAddresses()]
        : []),
    ];
    const command =
      options.sharesNetwork !== true && canUnshareNetwork()
        ? ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up; exec dockerd "$@"', 'sh', ...flags]
        : ['dockerd', ...flags];
    const child = spawn(command[0] ?? 'dockerd', command.slice(1), {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: path },
    });
    child.unref();
    const deadline = Date.now() + 60_000;
    while (!(await pingEngine(socket))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(
          `The private engine did not start:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-4000)}`,
        );
      }
      await delay(50);
    }
  };

  const kill = (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => endEngine(folder, signal);
  const dispose = async (): Promise<void> => {
    await kill('SIGTERM');
    removeFolder(folder);
  };
  try {
    const { diskSize } = options;
    if (diskSize !== 'folder') {
      mkdirSync(join(folder, 'data'));
      const flags = ['-t', 'tmpfs', '-o', `size=${diskSize ?? '50%'}`, 'tmpfs', join(folder, 'data')];
      if (spawnSync('mount', flags).status !== 0 && diskSize !== undefined)
        throw new Error('A small disk for the engine cannot be mounted: that needs root.');
    }
    await start();
    if (options.images !== false) await loadBaseImages(host);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { host, folder, start, kill, dispose };
}

/** Where engines share a network, the networks of one are not to have the addresses of another's: each process has some for itself. */
const ownAddresses = (): string => `base=10.${100 + (process.pid % 100)}.0.0/16,size=24`;

let unshareAllowed: boolean | undefined;
/** Whether a program may be started in a network namespace of its own. */
export function canUnshareNetwork(): boolean {
  unshareAllowed ??=
    spawnSync('unshare', ['--net', '--', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' }).status === 0;
  return unshareAllowed;
}

async function endEngine(folder: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const pid = readPid(join(folder, 'pid'));
  if (pid !== undefined && isAlive(pid)) {
    process.kill(pid, signal);
    const deadline = Date.now() + 30_000;
    while (isAlive(pid)) {
      if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
      await delay(25);
    }
  }
  killStragglers(folder);
}

/** Ends what an engine has left: its shims name the folder in their command line, and containers are their children. */
export function killStragglers(folder: string): void {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const line = commandLine(entry);
    if (!line.includes(folder) || !/^(\S*\/)?(containerd|docker|dockerd|unshare|podman|conmon)/.test(line))
      continue;
    for (const child of childrenOf(entry)) signalQuietly(child, 'SIGKILL');
    signalQuietly(Number(entry), 'SIGKILL');
  }
  rmSync(join(folder, 'pid'), { force: true });
  const exec = join(folder, 'exec');
  rmSync(join(exec, 'containerd', 'containerd.pid'), { force: true });
  // Where all that ran is dead, as after a loss of power, these are empty: elsewhere they are in memory. Mounts may be in them.
  for (const state of ['containerd/daemon/io.containerd.runtime.v2.task', 'runtime-runc'])
    if (existsSync(join(exec, state))) renameSync(join(exec, state), join(exec, `${state}.${Date.now()}`));
}

function childrenOf(pid: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}

function readPid(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const pid = Number(readFileSync(path, 'utf8').trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Removes an engine's folder with all that is mounted in it. */
export function removeFolder(folder: string): void {
  removeBridges(folder);
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.startsWith(`${folder}/`))
    .reverse();
  for (const target of mounts) spawnSync('umount', ['-l', target]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Bridges of an engine's networks outlive it, unless they were in a network namespace of its own. */
function removeBridges(folder: string): void {
  const kept = join(folder, 'data', 'network', 'files', 'local-kv.db');
  if (!existsSync(kept)) return;
  const networks = readFileSync(kept, 'latin1');
  for (const name of readdirSync('/sys/class/net'))
    if (/^br-[0-9a-f]{12}$/.test(name) && networks.includes(name.slice(3)))
      spawnSync('ip', ['link', 'delete', name], { stdio: 'ignore' });
}

/** Removes engines whose test run was killed before it could clean up. */
function reapStaleEngines(): void {
  mkdirSync(tmpdir(), { recursive: true });
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const owner = readPid(join(folder, 'owner'));
    if (owner !== undefined && isAlive(owner)) continue;
    const pid = readPid(join(folder, 'pid'));
    if (pid !== undefined && commandLine(String(pid)).includes(folder)) signalQuietly(pid, 'SIGKILL');
    killStragglers(folder);
    removeFolder(folder);
  }
}
