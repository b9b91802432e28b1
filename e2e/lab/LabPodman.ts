import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canUnshareNetwork, killStragglers, removeFolder } from './LabEngine.ts';
import { findProgram } from './machine.ts';
import { pingEngine } from './pingEngine.ts';

/** Podman runs a private store as root only as such; elsewhere it is not there to be tested. */
export const canRunPodman = process.getuid?.() === 0 && findProgram('podman') !== undefined;

/** Podman's imitation of the engine's API, on a store of its own that holds busybox:latest. */
export interface LabPodman {
  /** `unix://…/podman.sock` */
  readonly host: string;
  readonly folder: string;
  /** Ends it and removes every trace. */
  dispose(): Promise<void>;
}

export async function startLabPodman(): Promise<LabPodman> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-podman-')));
  const socket = join(folder, 'podman.sock');
  const store = [
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'run'),
    '--network-config-dir',
    join(folder, 'networks'),
    '--storage-driver',
    'vfs',
    // crun refuses machines that mix both kinds of control groups; runc comes with Docker.
    ...(findProgram('runc') === undefined ? [] : ['--runtime', 'runc']),
    '--cgroup-manager',
    'cgroupfs',
  ];
  const command = ['podman', ...store, 'system', 'service', '--time=0', `unix://${socket}`];
  // What Podman gives a container by default may be more than this machine lets anybody have.
  const settings = join(folder, 'containers.conf');
  writeFileSync(settings, '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n');
  // Its bridges and rules stay out of this machine's network.
  const [program = '', ...args] = canUnshareNetwork()
    ? ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh', ...command]
    : command;
  const podman = spawn(program, args, {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: folder, CONTAINERS_CONF: settings },
  });
  const dispose = async (): Promise<void> => {
    const ended = new Promise((resolve) => podman.once('exit', resolve));
    if (podman.exitCode === null && podman.signalCode === null) {
      podman.kill('SIGTERM');
      await ended;
    }
    killStragglers(folder);
    // Each container's monitor begins a last command when it ends.
    await new Promise((resolve) => setTimeout(resolve, 100));
    killStragglers(folder);
    removeFolder(folder);
  };
  try {
    while (!(await pingEngine(socket))) {
      if (podman.exitCode !== null) throw new Error(`podman ended with ${podman.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const busybox = join(folder, 'busybox');
    mkdirSync(join(busybox, 'bin'), { recursive: true });
    execFileSync('cp', [findProgram('busybox') ?? '/bin/busybox', join(busybox, 'bin/busybox')]);
    execFileSync('chroot', [busybox, '/bin/busybox', '--install', '-s', '/bin']);
    execFileSync(
      'sh',
      [
        '-c',
        'folder=$1; shift; tar -C "$folder" -c . | podman "$@" import - docker.io/library/busybox:latest',
        'sh',
        busybox,
        ...store,
      ],
      { stdio: 'ignore' },
    );
  } catch (error) {
    await dispose();
    throw error;
  }
  return { host: `unix://${socket}`, folder, dispose };
}
