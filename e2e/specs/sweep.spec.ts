import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { SweepSummary } from '#shared/domain/Sweep.ts';
import { docker, expect, test } from '../lab/test.ts';
import { runFlotilla, startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-sweep-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function project(name: string, script: string, more = ''): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:
  worker:
    image: busybox:latest
    command: [sh, -c, '${script}']
    init: true
    volumes: [out:/out]
    x-flotilla: { role: worker }${more}
volumes: { out: {} }
`,
  );
  return path;
}

test('a sweep in the window whose Flotilla is killed: resumed, its table, its logs and its file', async ({
  page,
  engine,
  shell,
}) => {
  test.setTimeout(180_000);
  const path = project(
    'sweep-window',
    'echo "loss $$((rate * seed))"; test $$rate = 3 && exec sleep 5; sleep 0.5; test $$rate.$$seed != 2.2 || exit 1; echo $$rate.$$seed >> /out/done',
  );
  const open = async (url: string): Promise<void> => {
    const client = await WireClient.connect(url);
    const { id } = await client.call('apps.open', { path });
    await page.goto(url);
    await page.goto(`${new URL(url).origin}/#/app/${id}`);
    await page.getByRole('tab', { name: 'Sweep' }).click();
  };
  await open(shell.url);
  const grid = page.getByRole('textbox', { name: /^Parameters and their values/ });
  await grid.fill('rate=1..3\nseed=1,x y,,');
  await expect(page.getByRole('alert')).toContainText('line 2: seed=1,x y,,: A value is missing.');
  await expect(page.getByRole('button', { name: 'Start sweep' })).toBeDisabled();
  // A table is taken from a file as well.
  await page.getByTestId('sweep-file').setInputFiles({
    name: 'rates.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('rate,seed\n1,1\n1,2\n2,1\n2,2\n3,1\n3,2\n'),
  });
  await expect(page.getByText('6 jobs: rate, seed. Ctrl+Enter starts.')).toBeVisible();
  await page.getByRole('textbox', { name: /^Columns from the log/ }).fill('loss=loss (\\d+)');
  await page.getByRole('spinbutton', { name: 'Jobs at once' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Start 6 jobs' }).click();
  const view = page.getByRole('region', { name: 'Sweep', exact: true });
  const table = view.getByRole('grid', { name: 'Jobs of the sweep' });
  // The last two are under way.
  await expect(table.locator('[data-job="5"]')).toContainText('running', { timeout: 60_000 });
  await expect(view.getByRole('progressbar', { name: 'Jobs done' })).toBeVisible();

  shell.process.kill('SIGKILL');
  const next = await startWebShell({ host: engine.host, dataFolder: shell.dataFolder });
  try {
    await open(next.url);
    await expect(table.locator('[data-job="1"]')).toContainText('ok');
    await view.getByRole('button', { name: 'Resume' }).click();
    await expect(view.getByRole('status')).toHaveText('6 of 6 done, 1 failed', { timeout: 60_000 });
    await expect(view.getByRole('button', { name: 'Retry failed' })).toBeEnabled();

    await table.getByRole('button', { name: 'loss' }).click();
    await table.getByRole('button', { name: 'loss' }).click();
    const rows = table.locator('tbody tr[data-job]');
    await expect(rows.first()).toHaveAttribute('data-job', '6');
    await expect(table.getByRole('columnheader', { name: 'loss' })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    await table.focus();
    await page.keyboard.press('Home');
    const details = view.getByRole('region', { name: 'Job 6' });
    await expect(details.getByLabel('Log of job 6')).toHaveText('loss 6');
    await expect(details).toContainText('seed = 2');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect(details).toBeHidden();
    await expect(table).toBeFocused();
    // The same from the table, without going into the job first.
    await page.keyboard.press('Home');
    await expect(details).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(details).toBeHidden();
    await view.getByRole('combobox', { name: 'Jobs shown' }).selectOption('failed');
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText('it ended with code 1');
    await rows.first().click();
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const found = await new AxeBuilder({ page }).include('[data-testid="sweep-panel"]').analyze();
      expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    const began = page.waitForEvent('download');
    await view.getByRole('button', { name: 'Export' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Table (CSV)' }).press('Enter');
    const csv = readFileSync(await (await began).path(), 'utf8');
    expect(csv.split('\r\n')[0]).toBe('job,rate,seed,state,tries,time_ms,exit_code,loss,reason');
    expect(csv).toMatch(/^4,2,2,failed,1,[\d.]+,1,4,it ended with code 1\r$/m);
    expect(
      docker(engine, 'run', '--rm', '-v', 'sweep-window_out:/out', 'busybox:latest', 'sort', '/out/done'),
    ).toBe('1.1\n1.2\n2.1');
    expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.sweep')).toBe('');
    await view.getByRole('button', { name: 'Delete the sweep' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('form', { name: 'New sweep' })).toBeVisible();
  } finally {
    await next.dispose();
  }
});

test('a sweep by command: table, files, logs, consent, exit codes', async ({ engine }) => {
  const path = project(
    'sweep-cli',
    'echo "got $$0 $$seed"; echo "{\\"a\\":[1,$$seed]}" > /out.json; test $$seed != 3',
    '\n    pid: host',
  );
  const at = ['--host', engine.host, '--data', join(folder, 'data')];
  const away = ['--host', `unix://${join(folder, 'nowhere')}`, '--data', join(folder, 'data')];
  const csv = join(folder, 'params.csv');
  writeFileSync(csv, 'threads,name\n1,a\n2\n');
  const wrong = await runFlotilla(['sweep', path, csv, ...at]);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('params.csv:3: There is 1 value for 2 parameters.');
  writeFileSync(csv, 'threads\n1\n2\n');
  const file = join(folder, 'table.json');
  const words = [
    'sweep',
    path,
    csv,
    '--grid',
    'seed=2..3',
    '--retries',
    '1',
    '--name',
    'n',
    '--output',
    file,
  ];
  const picks = ['--column', 'got=got (.*)', '--result', 'a=/out.json:a[1]'];
  const refused = await runFlotilla([...words, ...picks, ...at]);
  expect(refused.code).toBe(5);
  const swept = await runFlotilla([...words, ...picks, '--csv', '--allow', 'worker:pid:host', ...at]);
  expect(swept.code).toBe(1);
  expect(swept.stdout.split('\r\n').map((line) => line.replace(/,\d[\d.]*,(?=\d+,sh)/, ',T,'))).toEqual([
    'job,threads,seed,state,tries,time_ms,exit_code,got,a,reason',
    '1,1,2,ok,1,T,0,sh 2,2,',
    '2,1,3,failed,2,T,1,sh 3,3,it ended with code 1',
    '3,2,2,ok,1,T,0,sh 2,2,',
    '4,2,3,failed,2,T,1,sh 3,3,it ended with code 1',
    '',
  ]);
  expect(swept.stderr).toMatch(
    /^\[\d\/4\] job 2, threads=1 seed=3: failed: it ended with code 1; 1 more to try, /m,
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    plan: { name: 'n' },
    jobs: [{ parameters: { threads: '1', seed: '2' }, values: { a: '2' } }, {}, {}, {}],
  });

  // What was made is read without an engine.
  const listed = await runFlotilla(['sweeps', path, '--json', ...away]);
  const [{ id = '', counts } = {}] = (JSON.parse(listed.stdout) as { sweeps: Partial<SweepSummary>[] })
    .sweeps;
  expect(counts).toEqual({ waiting: 0, running: 0, ok: 2, failed: 2 });
  const shown = await runFlotilla(['sweeps', 'show', id.slice(0, 6), ...away]);
  expect(shown.stdout).toMatch(/^ {2}4 +2 +3 +failed +2 +[\d.]+ m?s +1 +sh 3 +3$/m);
  expect(await runFlotilla(['sweeps', 'log', id, '4', ...away])).toMatchObject({ stdout: 'got sh 3\n' });
  expect(await runFlotilla(['sweeps', 'export', id, ...away])).toMatchObject({ code: 2 });
  expect(await runFlotilla(['sweep', path, ...at])).toMatchObject({ code: 2 });
  expect(await runFlotilla(['sweep', path, '--resume', '--jobs', '2', ...at])).toMatchObject({ code: 2 });
  const whole = await runFlotilla(['sweep', path, '--resume', ...at]);
  expect(whole.stderr).toContain('There is no sweep of this app to go on with.');
  expect(await runFlotilla(['sweeps', 'delete', id, ...at])).toMatchObject({ code: 0 });
  expect(await runFlotilla(['sweeps', path, ...away])).toMatchObject({
    stdout: 'No sweep of this app was made yet.\n',
  });
});
