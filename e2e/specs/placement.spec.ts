import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { docker, expect, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

const COMPOSE = `services:
  worker:
    image: busybox:latest # the usual one
    command: [sleep, "1000"]
    stop_grace_period: 0s
    x-flotilla: { role: worker }
`;

test('placement: written by the controls, drawn on the machine, applied without a restart, shortage told', async ({
  page,
  shell,
  engine,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-placement-'));
  const project = join(folder, 'placement-page');
  const file = join(project, 'compose.yaml');
  mkdirSync(project);
  writeFileSync(file, COMPOSE);
  const client = await WireClient.connect(shell.url);
  const cpuset = (): string =>
    docker(engine, 'inspect', '--format', '{{.HostConfig.CpusetCpus}}', 'placement-page-worker-1');
  try {
    const app = await client.call('apps.open', { path: project });
    await client.call('apps.up', { appId: app.id });
    const cpus = Number(docker(engine, 'info', '--format', '{{.NCPU}}'));
    await page.goto(shell.url);
    await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
    await page.getByRole('tab', { name: 'Placement' }).click();
    const map = page.getByTestId('placement-map');
    await expect(map.getByRole('img', { name: /^CPU \d+: none$/ })).toHaveCount(cpus);

    // By keys: a CPU for each, and every thread of a core counts.
    const each = page.getByRole('spinbutton', { name: 'CPUs each' });
    await each.fill('1');
    await each.press('Enter');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toBe(COMPOSE.replace('{ role: worker }', '{ role: worker, placement: { cpus_per_worker: 1 } }'));
    await page.getByRole('combobox', { name: 'Threads of a core' }).selectOption('use');
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('{ cpus_per_worker: 1, smt: use }');
    await expect(map.getByRole('img', { name: /^CPU \d+: worker-1$/ })).toHaveCount(1);
    const row = page.getByRole('row', { name: /^worker-1 / });
    await expect(row).toContainText('runs anywhere: apply the changes');
    await row.getByRole('button', { name: 'worker-1' }).press('Enter');
    await expect(map.locator('[data-marked]')).toHaveCount(1);
    expect(cpuset()).toBe('');
    await client.call('apps.up', { appId: app.id });
    await expect(row).toContainText('runs there');
    expect(cpuset()).toMatch(/^\d+$/);

    // More workers than CPUs are marked by more than colour, and counted.
    const supposed = page.getByRole('spinbutton', { name: 'As if there were so many workers' });
    await supposed.fill(String(cpus + 1));
    await supposed.press('Enter');
    await expect(map.getByRole('img', { name: /shared by 2$/ })).toContainText('×2');
    await expect(page.getByRole('list', { name: 'What is to be known of these places' })).toContainText(
      `${cpus + 1} replicas × 1 CPU = ${cpus + 1} CPUs, and there are ${cpus} CPUs for it`,
    );
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page })
        .include('[data-testid="placement-panel"]')
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    // Also where nobody looks at the map; and which file decides where two say something.
    const override = join(project, 'compose.override.yaml');
    writeFileSync(
      override,
      'services:\n  worker:\n    x-flotilla: { role: worker, placement: { cpus_per_worker: 1, smt: use } }\n',
    );
    await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: cpus + 1 });
    await expect(page.getByRole('tab', { name: 'Placement short' })).toBeVisible();
    const decision = page.getByText(
      /^compose\.override\.yaml:3 decides: the placement at compose\.yaml:6 has no/,
    );
    await expect(decision).toBeVisible();
    rmSync(override);
    await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: 1 });
    await expect(decision).toHaveCount(0);
    await page.getByRole('button', { name: 'Run anywhere' }).click();
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(COMPOSE);
    await client.call('apps.down', { appId: app.id });
  } finally {
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
