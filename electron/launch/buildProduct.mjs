// Builds dist/ unless it is built from exactly these sources already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './installPackages.mjs';

const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'resources',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const PRODUCTS = [
  'dist/cli/flotilla.mjs',
  'dist/desktop/main.mjs',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
];

/**
 * @param {{ quiet?: boolean, force?: boolean }} [options] quiet: nothing is said while all goes well
 * @returns {boolean} false when the build failed; why was printed to standard error
 */
export function buildProduct({ quiet = false, force = false } = {}) {
  const mark = join(root, 'dist', '.sources');
  const hash = hashSources();
  const isBuilt = PRODUCTS.every((path) => existsSync(join(root, path)));
  if (!force && isBuilt && existsSync(mark) && readFileSync(mark, 'utf8') === hash) return true;
  if (!quiet) console.error('Building …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const outcome = spawnSync(
    process.execPath,
    [vite, 'build', '--app', '--logLevel', 'warn', '--config', join(root, 'vite.config.ts')],
    {
      cwd: root,
      // Standard output belongs to the command that is run afterwards.
      stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  if (outcome.status !== 0) {
    if (quiet) process.stderr.write(`${outcome.stdout ?? ''}${outcome.stderr ?? ''}`);
    console.error('The build failed; the reason is above.');
    return false;
  }
  writeFileSync(mark, hash);
  return true;
}

function hashSources() {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory()) visit(child);
      else if (!/\.test\.tsx?$/.test(entry.name))
        hash.update(`${child}\0`).update(readFileSync(join(root, child)));
    }
  };
  for (const source of SOURCES) {
    if (source.includes('.')) hash.update(`${source}\0`).update(readFileSync(join(root, source)));
    else visit(source);
  }
  return hash.digest('hex');
}
