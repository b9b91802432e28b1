import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSummary } from '#shared/domain/Run.ts';
import { axe } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { runFlotilla, startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-runs-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function project(name: string, script: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:
  worker:
    image: busybox:latest
    command: [sh, -c, '${script}']
    init: true
    x-flotilla: { role: worker, results: [/out] }
x-flotilla: { requirements: [{ at: 1, time: 100s }, { at: 2, time: 1ms }, { efficiency: 0.9 }] }
`,
  );
  return path;
}

test('runs by command: run, wait and collect; list, show, compare, export, delete; exit codes', async ({
  engine,
}) => {
  const path = project(
    'runs-cli',
    'mkdir /out; echo a,b > /out/t.csv; echo done; exit $$(cat /etc/code 2>/dev/null || echo 0)',
  );
  const at = ['--host', engine.host, '--data', join(folder, 'data')];
  const first = await runFlotilla([
    'run',
    path,
    '--wait',
    '--collect',
    '--assert',
    '--name',
    'first',
    '--tag',
    'x',
    '--json',
    ...at,
  ]);
  expect(first).toMatchObject({ code: 0 });
  const { run, results, requirements } = JSON.parse(first.stdout) as {
    run: RunSummary;
    results: unknown[];
    requirements: unknown[];
  };
  // Those of other counts, and those that take a study, are none of a run's.
  expect(requirements).toMatchObject([{ workers: 1, status: 'pass' }]);
  expect(run).toMatchObject({
    outcome: 'ok',
    name: 'first',
    tags: ['x'],
    results: { files: 1, incomplete: 0 },
  });
  expect(results).toMatchObject([{ worker: 'worker-1', state: 'ok', files: 1 }]);
  expect(leftOvers(engine, 'runs-cli')).toEqual([]);

  const other = project('runs-cli-fails', 'exit 4');
  const failed = await runFlotilla(['run', other, '--collect', ...at]);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain('worker-1 ended with code 4');
  expect(failed.stdout).toContain('FAILED: /out: there is nothing at this path');

  const listed = await runFlotilla(['runs', path, ...at]);
  expect(listed.stdout).toMatch(/^[0-9a-f]{12} .* ok .* 1 file  .* first +#x$/m);
  expect((await runFlotilla(['runs', '--filter', 'is:failed', ...at])).stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^run .* results, app, name, tags$/),
    expect.stringMatching(/ failed .* runs-cli-fails/),
  ]);
  const shown = await runFlotilla(['runs', 'show', run.id.slice(0, 6), ...at]);
  expect(shown.stdout).toContain('results of worker-1: ok, 1 file, 4 bytes');
  const [last] = (JSON.parse((await runFlotilla(['runs', '--json', ...at])).stdout) as { runs: RunSummary[] })
    .runs;
  const compared = await runFlotilla(['runs', 'compare', run.id, last?.id ?? '', ...at]);
  expect(compared.stdout).toMatch(/exit code +0 {2}→ {2}4/);
  const target = join(folder, 'exported');
  expect((await runFlotilla(['runs', 'export', run.id, '--output', target, ...at])).code).toBe(0);
  expect(readFileSync(join(target, 'results/worker-1/out/t.csv'), 'utf8')).toBe('a,b\n');
  expect((await runFlotilla(['runs', 'export', run.id, '--output', target, ...at])).stderr).toContain(
    'is there already',
  );
  expect((await runFlotilla(['runs', 'delete', run.id, ...at])).code).toBe(0);
  expect((await runFlotilla(['runs', 'show', run.id, ...at])).stderr).toContain('There is no run');
  expect((await runFlotilla(['runs', 'compare', 'x', ...at])).code).toBe(2);
});

test('a run is found again after Flotilla was killed: going on, ended meanwhile with its results, and gone', async ({
  engine,
}) => {
  const projects = [
    project('killed-going', 'sleep 1000'),
    project('killed-ended', 'mkdir /out; echo 42 > /out/answer; sleep 1000'),
    project('killed-gone', 'sleep 1000'),
  ];
  const data = mkdtempSync(join(folder, 'data-'));
  const shell = await startWebShell({ host: engine.host, dataFolder: data });
  const client = await WireClient.connect(shell.url);
  const ids: string[] = [];
  for (const path of projects) {
    const { id } = await client.call('apps.open', { path });
    await client.call('apps.up', { appId: id });
    ids.push(id);
  }
  const [going = '', ended = '', gone = ''] = ids;
  await expect.poll(async () => (await client.call('runs.list', {})).total).toBe(3);
  const before = (await client.call('runs.list', { appId: going })).runs[0];
  shell.process.kill('SIGKILL');
  await new Promise((resolve) => shell.process.once('exit', resolve));
  client.close();
  docker(engine, 'kill', '--signal', 'TERM', 'killed-ended-worker-1');
  docker(engine, 'wait', 'killed-ended-worker-1');
  docker(engine, 'rm', '-f', 'killed-gone-worker-1');

  const next = await startWebShell({ host: engine.host, dataFolder: data });
  try {
    const again = await WireClient.connect(next.url);
    const newest = async (appId: string) => (await again.call('runs.list', { appId })).runs[0];
    await expect
      .poll(async () => (await newest(ended))?.results)
      .toEqual({ files: 1, bytes: 3, incomplete: 0 });
    const finished = docker(engine, 'inspect', '--format', '{{.State.FinishedAt}}', 'killed-ended-worker-1');
    expect(await newest(ended)).toMatchObject({
      outcome: 'stopped',
      exitCode: 143,
      endedAt: Date.parse(finished),
    });
    await expect.poll(async () => (await newest(gone))?.outcome).toBe('lost');
    expect((await newest(gone))?.endedAt).toBeUndefined();
    const goingNow = await newest(going);
    expect(goingNow).toMatchObject({ id: before?.id, startedAt: before?.startedAt });
    expect(goingNow?.outcome).toBeUndefined();
    await again.call('apps.down', { appId: going });
    await expect.poll(async () => (await newest(going))?.outcome).toBe('stopped');
    again.close();
  } finally {
    await next.dispose();
    docker(engine, 'rm', '-f', 'killed-ended-worker-1');
  }
});

test('a run in the window: found in the list, its results looked at, named, compared, by keyboard, in both themes', async ({
  page,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const { id } = await client.call('apps.open', {
    path: project(
      'runs-window',
      'mkdir -p /out/deep; echo "n,pi" > /out/t.csv; echo "1,3.14" >> /out/t.csv; echo deep > /out/deep/a.txt; echo all is written',
    ),
  });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  await page.getByRole('tab', { name: 'Runs' }).click();
  await expect(page.getByText('No run yet')).toBeVisible();
  for (const count of [1, 2]) {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(
      page.getByRole('listbox', { name: 'Runs' }).getByRole('option', { name: /^Succeeded/ }),
    ).toHaveCount(count, {
      timeout: 30_000,
    });
    await expect(page.getByRole('option', { name: /2 files/ })).toHaveCount(count);
    await client.call('apps.down', { appId: id });
  }
  await page.getByRole('listbox', { name: 'Runs' }).focus();
  await page.keyboard.press('End');
  const run = page.getByRole('region', { name: 'The run' });
  await run.getByRole('textbox', { name: 'Name' }).fill('base');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: /^base · Succeeded/ })).toBeVisible();
  await page.getByRole('listbox', { name: 'Files' }).focus();
  await page.keyboard.press('End');
  await expect(run.getByRole('cell', { name: '3.14' })).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^a\.txt/ }).click();
  await expect(run.getByRole('region', { name: 'Preview' })).toContainText('deep');
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await axe(page).include('[data-testid="runs-panel"]').analyze();
    expect(found.violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await run.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByRole('menuitem').first().click();
  const comparison = page.getByRole('region', { name: 'Comparison of two runs' });
  await expect(comparison).toContainText('Nothing was different.');
  await page.keyboard.press('Escape');
  await run.getByRole('button', { name: 'Show the log of worker-1' }).click();
  await expect(page.getByRole('tab', { name: 'Logs', selected: true })).toBeVisible();
  await expect(page.getByRole('log')).toContainText('all is written');
  await expect(page.getByRole('button', { name: 'Show all times' })).toBeVisible();
  await expect(page.getByText('all is written', { exact: true })).toHaveCount(1);
  await page.getByRole('tab', { name: 'Runs' }).click();
  // A study is an entry, too, and leads to its report.
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Studies');
  await expect(page.getByText('No run is like that')).toBeVisible();
  await client.call('studies.start', { appId: id, workers: [1], mode: 'strong', repetitions: 1 });
  await expect(page.getByRole('option', { name: /^Study \D*\d.*2 of 2 runs/ })).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('button', { name: 'Open the study' }).click();
  await expect(page.getByRole('article', { name: 'Result of the study' })).toBeVisible();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Runs');
  await page.getByRole('textbox', { name: 'Filter runs' }).fill('base is:ok');
  await expect(page.getByRole('listbox', { name: 'Runs' }).getByRole('option')).toHaveCount(1);
  await run.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No run is like that')).toBeVisible();
  expect((await client.call('runs.list', { appId: id, filter: 'kind:run' })).matching).toBe(1);
  client.close();
});
