import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, importImage, pack, pythonTar } from './baseImages.ts';
import { findProgram } from './machine.ts';

/** Grows when the recipe below changes. */
const RECIPE = 2;

/** What generated Dockerfiles build with; Java (no /proc in a chroot) and Julia (not in Debian 12) are left out. */
const PACKAGES = [
  'gcc',
  'g++',
  'gfortran',
  'make',
  'cmake',
  'meson',
  'libopenmpi-dev',
  'openmpi-bin',
  'python3-venv',
  'golang-go',
  'rustc',
  'cargo',
  'nodejs',
  'r-base-core',
];

/** Files of these packages that no build needs: a third of all, which every engine would have to take in. */
const UNUSED = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/go-1.19/test/*',
  '/usr/share/go-1.19/src/cmd/*',
  '/usr/lib/go-1.19/pkg/linux_amd64/cmd/*',
  '/usr/lib/go-1.19/pkg/tool/linux_amd64/pprof',
  '/usr/lib/go-1.19/pkg/tool/linux_amd64/trace',
  '/usr/bin/*lto-dump*',
  '/usr/bin/cpack',
  '/usr/bin/ctest',
  '/usr/bin/rustdoc',
  '/usr/lib/R/library/*/help/*',
];

/** Names under which templates look for their bases; the same bytes under all. */
export const TOOLCHAIN_IMAGES = {
  debian: 'debian:12-slim',
  gcc: 'gcc:12-bookworm',
  python: 'python:3.11-slim-bookworm',
  go: 'golang:1.19-bookworm',
  rust: 'rust:1.63-slim-bookworm',
  node: 'node:18-bookworm-slim',
  r: 'r-base:4.2.2',
};

/** Why the toolchain images cannot be made on this machine; undefined: they can, or they are in the cache. */
export function whyNoToolchain(): string | undefined {
  if (existsSync(toolchainPath())) return undefined;
  if (process.getuid?.() !== 0) return 'making the toolchain image needs root (chroot)';
  return findProgram('debootstrap') === undefined
    ? 'making the toolchain image needs debootstrap'
    : undefined;
}

/** Puts one Debian with compilers and interpreters into an engine, under the names of the official images. */
export function loadToolchainImages(host: string): void {
  const [first = '', ...others] = Object.values(TOOLCHAIN_IMAGES);
  importImage(host, toolchainTar(), first, [
    'CMD ["bash"]',
    'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin',
  ]);
  for (const name of others) execFileSync('docker', ['-H', host, 'tag', first, name]);
}

/** Made from the Python base by apt inside of it, once; a few minutes and about 1.3 GB in the cache folder. */
function toolchainTar(): string {
  const path = toolchainPath();
  if (existsSync(path)) return path;
  const root = mkdtempSync(join(tmpdir(), 'flotilla-toolchain-'));
  try {
    execFileSync('tar', ['-C', root, '--numeric-owner', '-xf', pythonTar()]);
    copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
    // A lab image that breaks off is made anew: it need not be synced to disk.
    writeFileSync(
      join(root, 'etc/dpkg/dpkg.cfg.d/lab'),
      `force-unsafe-io\n${UNUSED.map((pattern) => `path-exclude=${pattern}\n`).join('')}`,
    );
    inside(root, 'apt-get', 'update');
    inside(root, 'apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES);
    for (const part of ['var/cache/apt', 'var/lib/apt/lists'])
      rmSync(join(root, part), { recursive: true, force: true });
    pack(root, path);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return path;
}

function toolchainPath(): string {
  return join(cacheFolder(), `toolchain-${RECIPE}.tar`);
}

function inside(root: string, ...command: string[]): void {
  const outcome = spawnSync('chroot', [root, ...command, '-o', 'APT::Sandbox::User=root'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
  if (outcome.status !== 0)
    throw new Error(
      `${command.slice(0, 2).join(' ')} for the toolchain image failed:\n${outcome.stderr.slice(-2000)}`,
    );
}
