import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from './baseImages.ts';
import { findProgram } from './machine.ts';

/** Programs of a Debian release that this machine does not run itself. */
export interface DebianPrograms {
  /** Name of the folder they are kept in, between test runs. */
  name: string;
  release: string;
  packages: readonly string[];
  /** Where each of them is in its package; and where it is to be in the folder. */
  programs: Readonly<Record<string, string>>;
}

/**
 * A folder with the programs, or why there is none. They come, once, from the machine's own Debian mirror: nothing is
 * installed, they are taken out of their packages.
 */
export function debianPrograms({
  name,
  release,
  packages,
  programs,
}: DebianPrograms): { folder: string } | { missing: string } {
  const what = packages.join(', ');
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return { folder };
  if (findProgram('apt-get') === undefined) return { missing: `no ${what}, and no apt to get it by` };
  const work = mkdtempSync(join(tmpdir(), 'flotilla-packages-'));
  try {
    const mirror = debianMirror();
    if (mirror === undefined) return { missing: `no ${what}, and no Debian mirror to get it from` };
    for (const part of ['lists/partial', 'archives/partial', 'made'])
      mkdirSync(join(work, part), { recursive: true });
    writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${release} main\n`);
    writeFileSync(join(work, 'status'), '');
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::State::status=${join(work, 'status')}`,
      `Dir::Cache=${work}`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    for (const words of [['update'], ['download', ...packages]]) {
      const outcome = spawnSync('apt-get', [...options, ...words], { cwd: work, encoding: 'utf8' });
      if (outcome.status !== 0)
        return { missing: `no ${what}, and apt cannot get it: ${outcome.stderr.trim().slice(-300)}` };
    }
    spawnSync('sh', ['-c', 'for package in *.deb; do dpkg-deb -x "$package" unpacked; done'], { cwd: work });
    for (const [from, to] of Object.entries(programs)) {
      const made = join(work, 'made', to);
      mkdirSync(dirname(made), { recursive: true });
      copyFileSync(join(work, 'unpacked', from), made);
      chmodSync(made, 0o755);
      const outcome = spawnSync(made, ['--version'], { encoding: 'utf8', timeout: 10_000 });
      if (/not found \(required by/.test(outcome.stderr))
        return {
          missing: `${basename(to)} of Debian ${release} does not run here: ${outcome.stderr.trim()}`,
        };
    }
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
