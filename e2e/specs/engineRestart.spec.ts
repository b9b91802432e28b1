import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngineTap } from '../lab/EngineTap.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { projectRoot, startWebShell, type WebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

test('dockerd stops under a running app and comes back: said, recovered by itself, nothing twice, nothing lost', async ({
  page,
  shell,
  engine,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-restart-'));
  const project = join(folder, 'restart');
  cpSync(join(projectRoot, 'e2e/fixtures/steady'), project, { recursive: true });
  const client = await WireClient.connect(shell.url);
  try {
    const app = await client.call('apps.open', { path: project });
    await client.call('apps.up', { appId: app.id });
    await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: 4 });
    await page.goto(shell.url);
    await page
      .getByRole('link', { name: /restart/ })
      .or(page.getByRole('option', { name: /restart/ }))
      .or(page.getByRole('button', { name: /^restart/ }))
      .first()
      .click();
    const workers = page.getByRole('list', { name: 'Workers' });
    await expect(workers.locator('[data-worker][data-phase="running"]')).toHaveCount(5);
    const before = docker(engine, 'ps', '-aq', '--no-trunc').split('\n').sort();

    let phase = '';
    let measured = 0;
    const close = client.stream('metrics', { appId: app.id, pace: 'live' }, (items) => {
      for (const item of items)
        if (item.kind === 'state') ({ phase } = item.state);
        else if (item.kind === 'rows') measured += item.rows.length;
    });
    await expect.poll(() => measured, { timeout: 20_000 }).toBeGreaterThan(0);

    await engine.kill('SIGKILL');
    await expect(page.getByTestId('engine-lost')).toBeVisible({ timeout: 10_000 });
    await expect.poll(() => phase).toBe('away');
    // The last known state stays on screen.
    await expect(workers.locator('[data-worker]')).toHaveCount(5);

    await engine.start();
    await expect(page.getByTestId('engine-lost')).toHaveCount(0, { timeout: 15_000 });
    await expect(page.getByTestId('engine-chip')).toHaveAttribute('data-phase', 'ready');
    // A crash of the engine took the containers with it: the same five, told as they are.
    await expect(workers.locator('[data-worker]')).toHaveCount(5);
    await expect(workers.locator('[data-worker][data-phase="running"]')).toHaveCount(0);
    expect(docker(engine, 'ps', '-aq', '--no-trunc').split('\n').sort()).toEqual(before);

    const measuredBefore = measured;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(workers.locator('[data-worker][data-phase="running"]')).toHaveCount(5, { timeout: 60_000 });
    expect(
      docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.service=worker').split('\n'),
    ).toHaveLength(4);
    await expect.poll(() => measured, { timeout: 20_000 }).toBeGreaterThan(measuredBefore);
    expect(phase).toBe('measuring');
    close();
    await page.getByRole('tab', { name: /^Logs/ }).click();
    await expect(page.getByRole('log').locator('[data-worker="worker-4"]').first()).toBeVisible();

    await client.call('apps.down', { appId: app.id });
    expect(leftOvers(engine, 'restart')).toEqual([]);
  } finally {
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('Flotilla is killed while the window starts an app: the next one shows what is there, and Run brings the rest', async ({
  page,
  engine,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-struck-'));
  const project = join(folder, 'struck');
  cpSync(join(projectRoot, 'e2e/fixtures/steady'), project, { recursive: true });
  let first: WebShell | undefined;
  let creations = 0;
  const tap = await openEngineTap(join(folder, 'tap.sock'), engine.host, ({ path }, when) => {
    if (when === 'before' || !path.startsWith('/containers/create')) return true;
    creations += 1;
    if (creations === 3) first?.process.kill('SIGKILL');
    return creations < 3;
  });
  first = await startWebShell({ host: tap.host, dataFolder: join(folder, 'data') });
  let second: WebShell | undefined;
  try {
    const client = await WireClient.connect(first.url);
    const app = await client.call('apps.open', { path: project });
    await page.goto(first.url);
    await page.goto(`${new URL(first.url).origin}/#/app/${app.id}`);
    const field = page.getByRole('spinbutton', { name: 'worker replicas' });
    await field.fill('5');
    await field.press('Enter');
    await expect(field).toHaveValue('5');
    const ended = once(first.process, 'exit');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    expect(await ended).toEqual([null, 'SIGKILL']);
    client.close();
    await expect(
      page.getByText('The connection to Flotilla’s server is lost', { exact: true }),
    ).toBeVisible();
    await tap.settled();
    const running = (): number =>
      docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.project=struck')
        .split('\n')
        .filter(Boolean).length;
    expect(running()).toBeLessThan(6);

    second = await startWebShell({ host: engine.host, dataFolder: join(folder, 'data') });
    await page.goto(second.url);
    await page.goto(`${new URL(second.url).origin}/#/app/${app.id}`);
    await expect(field).toHaveValue('5');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(
      page.getByRole('list', { name: 'Workers' }).locator('[data-worker][data-phase="running"]'),
    ).toHaveCount(6, { timeout: 60_000 });
    expect(
      docker(engine, 'ps', '-aq', '--filter', 'label=com.docker.compose.project=struck').split('\n'),
    ).toHaveLength(6);
    const next = await WireClient.connect(second.url);
    expect((await next.call('apps.plan', { appId: app.id })).steps).toEqual([]);
    await next.call('apps.down', { appId: app.id });
    next.close();
    expect(leftOvers(engine, 'struck')).toEqual([]);
  } finally {
    first.process.kill('SIGKILL');
    await second?.dispose();
    await tap.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});
