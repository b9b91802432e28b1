// `npm run bench`: measures the built product on a private engine and prints one JSON document on standard output.
// Every figure stands beside a peer or a limit taken in the same run. `npm run bench -- scale idle` runs a part.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../../electron/launch/installPackages.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
installPackages();
const build = spawnSync(process.execPath, [join(root, 'electron/launch/build.mjs')], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (build.status !== 0) process.exit(1);

const { runnerImport } = await import('vite');
const { module } = await runnerImport(join(root, 'e2e/bench/bench.ts'), {
  configFile: false,
  root,
  logLevel: 'warn',
});
const report = await module.bench(process.argv.slice(2));
console.log(JSON.stringify(report, null, 2));
