// `npm run lint`: formatting, rules (type-aware, import layers, circles) and types. Exit code 1 when any fails.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);

export const lintSteps = [
  { name: 'format', command: bin('biome'), args: ['format', '.'] },
  { name: 'rules', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', '.'] },
];

/** Runs every step, also after a failure. @returns {{name: string, passed: boolean}[]} */
export function lint() {
  return lintSteps.map(({ name, command, args }) => {
    const outcome = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const passed = outcome.status === 0;
    console.log(`${passed ? 'ok  ' : 'FAIL'} lint: ${name}`);
    if (!passed)
      console.log(outcome.error ? String(outcome.error) : `${outcome.stdout}\n${outcome.stderr}`.trim());
    return { name, passed };
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { installPackages } = await import('../electron/launch/installPackages.mjs');
  installPackages();
  process.exitCode = lint().every((step) => step.passed) ? 0 : 1;
}
