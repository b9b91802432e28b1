import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axe } from '../lab/axe.ts';
import { docker, expect, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

/** Five alike, which tell what they do; one of them is held back later. */
const COMPOSE = `services:
  worker:
    image: busybox:latest
    command: [sh, -c, 'while :; do i=0; while [ $$i -lt 5000 ]; do i=$$((i+1)); done; echo step; sleep 0.1; done']
    init: true
    stop_grace_period: 1s
    scale: 5
    x-flotilla: { role: worker }
`;

test('metrics: charts, zoom, a slow worker named, its log at a moment, a table, files, nothing left open', async ({
  page,
  shell,
  engine,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-metrics-'));
  const project = join(folder, 'metrics-page');
  mkdirSync(project);
  writeFileSync(join(project, 'compose.yaml'), COMPOSE);
  const client = await WireClient.connect(shell.url);
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  try {
    const app = await client.call('apps.open', { path: project });
    const streams = async (): Promise<number> =>
      (await client.call('engine.liveStreams', {})).filter(({ purpose }) => purpose.startsWith('stats '))
        .length;
    await page.goto(shell.url);
    await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
    await page.getByRole('tab', { name: 'Metrics' }).click();
    await expect(page.getByText('No container of this app runs')).toBeVisible();
    await client.call('apps.up', { appId: app.id });
    docker(engine, 'update', '--cpus', '0.01', 'metrics-page-worker-3');

    const cores = page.getByRole('img', { name: /^Cores used over time/ });
    await expect(cores).toBeVisible({ timeout: 30_000 });
    await expect.poll(streams).toBe(5);
    const slow = page.getByRole('region', { name: 'Workers that lag behind' });
    await expect(slow).toContainText(
      /^worker-3 uses .+: its CPU limit holds it back in \d+ % of the periods \(its peers 0 %\)\./,
      { timeout: 60_000 },
    );
    await expect(page.getByRole('button', { name: /^worker-3, .*lags behind its peers/ })).toBeAttached();

    // By keys: a moment, closer, and back.
    await cores.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText(/^at \d\d:\d\d:\d\d$/)).toBeVisible();
    await page.keyboard.press('+');
    await expect(page.getByRole('button', { name: 'Reset zoom' })).toBeVisible();
    await page.keyboard.press('0');
    await expect(page.getByRole('button', { name: 'Reset zoom' })).toHaveCount(0);
    // By mouse.
    const box = (await cores.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width - 120, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 40, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    const { violations } = await axe(page).include('[data-testid="metrics-panel"]').analyze();
    expect(violations).toEqual([]);

    await page.getByRole('radio', { name: 'Table' }).click();
    const table = page.getByRole('table', { name: 'Metrics by worker' });
    await expect(table.getByRole('row')).toHaveCount(7);
    await expect(table.getByRole('rowheader', { name: 'worker-5' })).toBeVisible();

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8').split('\n');
    expect(csv[0]).toMatch(/^time,worker,service,cores,/);
    expect(csv.filter((line) => line.includes(',worker-1,worker,0.')).length).toBeGreaterThan(3);

    await page.getByRole('radio', { name: 'Heat map' }).click();
    const map = page.getByRole('application', { name: /of 5 workers over time/ });
    await map.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText(/^worker-2, \d\d:\d\d:\d\d: 0\.\d\d$/)).toBeVisible();
    await page.getByRole('combobox', { name: 'Of each worker' }).selectOption('Log lines');
    const lines = page.getByRole('application', { name: /^Log lines of 5 workers/ });
    await lines.focus();
    await page.keyboard.press('End');
    // The newest lines may still be on their way.
    await expect(async () => {
      await page.keyboard.press('ArrowLeft');
      await expect(page.getByText(/^worker-2, \d\d:\d\d:\d\d: /)).toHaveText(/: [1-9]\d*(\.\d)?\/s$/, {
        timeout: 1_000,
      });
    }).toPass({ timeout: 20_000 });
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Logs', selected: true })).toBeVisible();
    await expect(page.getByRole('log')).toContainText('step');
    await expect(page.getByRole('button', { name: 'Follow the end', pressed: false })).toBeVisible();
    await expect.poll(streams).toBe(0);
    expect(refused).toEqual([]);
    await client.call('apps.down', { appId: app.id });
  } finally {
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
