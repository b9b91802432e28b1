import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests need of a machine: a program, the Debian package that brings it, and what it is for. */
const NEEDS = [
  { program: 'dockerd', package: 'docker.io', purpose: 'a private container engine' },
  { program: 'busybox', package: 'busybox-static', purpose: 'the smallest test image' },
  { program: 'podman', package: 'podman', purpose: 'the other engine that images are built on' },
  {
    program: 'debootstrap',
    package: 'debootstrap',
    purpose: 'the Python base image, built without a registry',
  },
  { program: 'chromium', package: 'chromium', purpose: 'the browser tests' },
  { program: 'docker-registry', package: 'docker-registry', purpose: 'a private registry with a sign-in' },
  { program: 'ip', package: 'iproute2', purpose: 'a network namespace for the private engine' },
] as const;

export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(':')
    .concat('/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin');
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** The browser the specs drive; Debian's package, or any that `CHROMIUM` names. */
export function chromiumPath(): string | undefined {
  return (
    process.env['CHROMIUM'] ??
    findProgram('chromium') ??
    findProgram('chromium-browser') ??
    findProgram('google-chrome')
  );
}

/**
 * Makes sure that everything the tests need is installed: by apt on Debian or Ubuntu as root, else it throws an
 * error that names each missing program and how to get it. An engine named by FLOTILLA_TEST_DOCKER_HOST replaces dockerd.
 */
export function prepareMachine(log: (line: string) => void = console.log): void {
  const external = process.env['FLOTILLA_TEST_DOCKER_HOST'] !== undefined;
  const missing = NEEDS.filter((need) => {
    if (need.program === 'chromium') return chromiumPath() === undefined;
    if (external && need.program !== 'docker-registry') return false;
    return findProgram(need.program) === undefined;
  });
  if (missing.length === 0) return;
  const packages = missing.map((need) => need.package);
  const apt = findProgram('apt-get');
  if (apt !== undefined && process.getuid?.() === 0) {
    log(`Installing what the tests need: ${packages.join(', ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () =>
      spawnSync(apt, ['install', '-y', '--no-install-recommends', ...packages], { env, encoding: 'utf8' });
    let outcome = install();
    if (outcome.status !== 0) {
      execFileSync(apt, ['update'], { env, stdio: 'ignore' });
      outcome = install();
    }
    if (outcome.status !== 0)
      throw new Error(`apt-get install ${packages.join(' ')} failed:\n${outcome.stderr}`);
    return;
  }
  const lines = missing.map(
    (need) => `  ${need.program} (${need.purpose}): Debian/Ubuntu package ${need.package}`,
  );
  throw new Error(
    `The tests need programs that are not installed:\n${lines.join('\n')}\n` +
      `Install them (Debian/Ubuntu: sudo apt-get install -y ${packages.join(' ')}), then run npm test again as root, or name a ` +
      'throw-away engine that holds the images busybox:latest and python:3.11-slim: ' +
      'FLOTILLA_TEST_DOCKER_HOST=unix:///path npm test',
  );
}
