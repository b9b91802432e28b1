import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { projectRoot } from '../lab/WebShell.ts';
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
