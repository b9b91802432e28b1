import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './baseImages.ts';
import { findProgram } from './machine.ts';

/** The Debian release that has docker's plugins; this machine's own may be older. */
const RELEASE = 'trixie';
const PACKAGES = ['docker-buildx', 'docker-compose'];

/**
 * A folder to name as DOCKER_CONFIG, with `docker buildx` and `docker compose` as plugins; or why there is none. They
 * come, once, from the machine's own Debian mirror: nothing is installed, the programs are taken out of their packages.
 */
export function dockerPlugins(): { folder: string } | { missing: string } {
  const folder = join(cacheFolder(), `docker-plugins-${RELEASE}`);
  if (existsSync(folder)) return { folder };
  if (findProgram('apt-get') === undefined) return { missing: 'no docker buildx, and no apt to get it by' };
  const work = mkdtempSync(join(tmpdir(), 'flotilla-plugins-'));
  try {
    const mirror = debianMirror();
    if (mirror === undefined) return { missing: 'no docker buildx, and no Debian mirror to get it from' };
    for (const part of ['lists/partial', 'archives/partial', 'made/cli-plugins'])
      mkdirSync(join(work, part), { recursive: true });
    writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${RELEASE} main\n`);
    writeFileSync(join(work, 'status'), '');
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::State::status=${join(work, 'status')}`,
      `Dir::Cache=${work}`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    for (const words of [['update'], ['download', ...PACKAGES]]) {
      const outcome = spawnSync('apt-get', [...options, ...words], { cwd: work, encoding: 'utf8' });
      if (outcome.status !== 0)
        return { missing: `no docker buildx, and apt cannot get it: ${outcome.stderr.trim().slice(-300)}` };
    }
    spawnSync('sh', ['-c', 'for package in *.deb; do dpkg-deb -x "$package" unpacked; done'], { cwd: work });
    for (const name of PACKAGES) {
      const to = join(work, 'made', 'cli-plugins', name);
      copyFileSync(join(work, 'unpacked', 'usr', 'libexec', 'docker', 'cli-plugins', name), to);
      chmodSync(to, 0o755);
    }
    writeFileSync(join(work, 'made', 'config.json'), '{}');
    const moved = spawnSync('mv', ['-T', join(work, 'made'), folder], { encoding: 'utf8' });
    // Another run may have been quicker.
    return existsSync(folder) ? { folder } : { missing: moved.stderr };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Where this machine gets Debian's packages from. */
function debianMirror(): string | undefined {
  const told = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI) $(COMPONENT)'], {
    encoding: 'utf8',
  }).stdout;
  return told
    .split('\n')
    .map((line) => line.split(' '))
    .find(([uri = '', component]) => component === 'main' && /\/debian\/?$/.test(uri))?.[0];
}
