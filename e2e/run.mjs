// `npm test`: everything, from a bare clone. Installs what is missing, then lint, unit and renderer tests, tests on a
// private engine, and browser tests. Closes with one line: N passed, N failed, N skipped.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../electron/launch/installPackages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'test-results', 'reports');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const began = Date.now();

/** Counts an outcome, and keeps what failed of it by name: `files` of tests, if they are known. */
function add(what, counts, files = []) {
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    `--- ${what}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (at ${seconds} s)\n`,
  );
  if (counts.failed > 0) failures.push([what, ...new Set(files)].join('\n  '));
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A runner that dies without a report, or with an exit code its counts do not explain, counts as one failure. */
function settle(what, outcome, counts, files) {
  if (counts === undefined) add(what, { passed: 0, failed: 1, skipped: 0 });
  else if (outcome.status !== 0 && counts.failed === 0) add(what, { ...counts, failed: 1 }, files);
  else if (counts.passed + counts.failed === 0) add(what, { ...counts, failed: 1 });
  else add(what, counts, files);
}

/** Runs a project of vitest. `aside`: beside others, its output in one piece when it has ended. */
async function vitest(project, aside = false) {
  const report = join(reports, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const said = join(reports, `${project}.log`);
  const out = aside ? openSync(said, 'w') : 'inherit';
  const child = spawn(bin('vitest'), args, {
    cwd: root,
    stdio: ['ignore', out, out],
    env: { ...process.env, NODE_ENV: 'test' },
  });
  const status = await new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
  return () => {
    if (aside) process.stdout.write(readFileSync(said));
    const json = readReport(report);
    settle(
      `vitest ${project}`,
      { status },
      json && {
        passed: json.numPassedTests,
        failed: json.numFailedTests,
        skipped: json.numPendingTests + json.numTodoTests,
      },
      json?.testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name)),
    );
  };
}

function playwright() {
  const report = join(reports, 'browser.json');
  const outcome = spawnSync(bin('playwright'), ['test', '-c', 'e2e'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const json = readReport(report);
  const stats = json?.stats;
  settle(
    'browser',
    outcome,
    stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped },
    json?.suites.filter(hasFailed).map(({ file }) => join('e2e', 'specs', file)),
  );
}

const hasFailed = ({ specs = [], suites = [] }) => specs.some(({ ok }) => !ok) || suites.some(hasFailed);

installPackages();
rmSync(join(root, 'test-results'), { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const { runnerImport } = await import('vite');
const { module: machine } = await runnerImport(join(root, 'e2e/lab/machine.ts'), {
  configFile: false,
  root,
  logLevel: 'warn',
});
machine.prepareMachine();

// The tests on an engine mostly wait for it: the others run meanwhile.
const onEngine = vitest('engine', true);

const { lint } = await import('./lint.mjs');
const steps = lint();
add('lint', {
  passed: steps.filter((step) => step.passed).length,
  failed: steps.filter((step) => !step.passed).length,
  skipped: 0,
});

for (const project of ['unit', 'renderer']) (await vitest(project))();

const build = spawnSync(process.execPath, [join(root, 'electron/launch/build.mjs')], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
add('build', { passed: build.status === 0 ? 1 : 0, failed: build.status === 0 ? 0 : 1, skipped: 0 });
(await onEngine)();
if (build.status === 0) playwright();
if (!existsSync(join(root, 'node_modules/electron/dist')))
  console.log('_electron specs: not run: no Electron binary');

if (failures.length > 0) console.log(`Failed in:\n${failures.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
