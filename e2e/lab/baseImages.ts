import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './machine.ts';

/** Grows when the recipe below changes, so that an old cache is not used. */
const RECIPE = 1;

/** Outside the work tree, so that a fresh clone does not build the base again. */
export function cacheFolder(): string {
  const root =
    process.env['FLOTILLA_LAB_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flotilla-lab');
  mkdirSync(root, { recursive: true });
  return root;
}

/** Puts busybox:latest, python:3.11-slim and python:3.9-slim (the same bytes) into an engine, without a registry. */
export async function loadBaseImages(host: string): Promise<void> {
  loadBusybox(host);
  importImage(host, pythonTar(), 'python:3.11-slim', [
    'CMD ["python3"]',
    'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin',
  ]);
  execFileSync('docker', ['-H', host, 'tag', 'python:3.11-slim', 'python:3.9-slim']);
}

const USUAL_BUSYBOX = 'busybox:latest';

/** Puts the smallest image alone into an engine, under a name of one's own as another image. */
export function loadBusybox(host: string, reference = USUAL_BUSYBOX): void {
  const label = reference === USUAL_BUSYBOX ? [] : [`LABEL name=${reference}`];
  importImage(host, busyboxTar(), reference, ['CMD ["sh"]', 'ENV PATH=/bin', ...label]);
}

/** Puts a tar into an engine as an image. */
export function importImage(host: string, tar: string, reference: string, changes: string[]): void {
  const flags = changes.flatMap((change) => ['--change', change]);
  const outcome = spawnSync('docker', ['-H', host, 'import', ...flags, tar, reference], { encoding: 'utf8' });
  if (outcome.status !== 0) throw new Error(`docker import ${reference} failed: ${outcome.stderr}`);
}

function busyboxTar(): string {
  const path = join(cacheFolder(), `busybox-${RECIPE}.tar`);
  if (existsSync(path)) return path;
  const root = mkdtempSync(join(tmpdir(), 'flotilla-busybox-'));
  try {
    for (const folder of ['bin', 'tmp', 'etc', 'proc', 'sys', 'dev']) mkdirSync(join(root, folder));
    copyFileSync(findProgram('busybox') ?? '/bin/busybox', join(root, 'bin', 'busybox'));
    execFileSync('chroot', [root, '/bin/busybox', '--install', '-s', '/bin']);
    pack(root, path);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return path;
}

/** The Python base; made at the first use. */
export function pythonTar(): string {
  const path = join(cacheFolder(), `python-${RECIPE}.tar`);
  if (existsSync(path)) return path;
  const root = mkdtempSync(join(tmpdir(), 'flotilla-python-'));
  try {
    const outcome = spawnSync(
      'debootstrap',
      ['--variant=minbase', '--include=python3,ca-certificates', 'bookworm', root],
      { encoding: 'utf8' },
    );
    if (outcome.status !== 0)
      throw new Error(`debootstrap failed:\n${outcome.stdout.slice(-2000)}\n${readLog(root)}`);
    for (const part of [
      'var/cache/apt',
      'var/lib/apt/lists',
      'usr/share/doc',
      'usr/share/man',
      'usr/share/locale',
      'debootstrap',
    ]) {
      rmSync(join(root, part), { recursive: true, force: true });
    }
    // The official image has `python` besides `python3`.
    execFileSync('ln', ['-sf', '/usr/bin/python3', join(root, 'usr/local/bin/python')]);
    pack(root, path);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return path;
}

function readLog(root: string): string {
  const log = join(root, 'debootstrap', 'debootstrap.log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '';
}

/** Written beside and renamed, so that a run that is killed leaves no half archive. */
export function pack(root: string, path: string): void {
  const partial = `${path}.${process.pid}.partial`;
  execFileSync('tar', ['-C', root, '--numeric-owner', '-cf', partial, '.']);
  renameSync(partial, path);
}
