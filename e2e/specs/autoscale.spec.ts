import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axe } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-auto-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a service is left to its rule from the keyboard, its decisions are read, a number by hand takes it back', async ({
  page,
  engine,
  shell,
}) => {
  const path = join(folder, 'auto-spec');
  mkdirSync(path);
  const base = 'image: busybox:latest\n    init: true\n    stop_grace_period: 1s';
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:\n  main:\n    ${base}\n    command: [sh, -c, "echo 25 > /queue; sleep 1000"]\n  worker:\n    ${base}\n    command: [sleep, "1000"]\n    x-flotilla:\n      role: worker\n      autoscale: { max: 5, interval: 1s, down_after: 2, queue: { command: [cat, /queue], service: main, per_worker: 10 } }\n`,
  );
  const client = await WireClient.connect(shell.url);
  const { id } = await client.call('apps.open', { path });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  await client.call('apps.up', { appId: id });
  const running = (): number =>
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.service=worker')
      .split('\n')
      .filter(Boolean).length;

  const auto = page.getByRole('button', { name: /^Auto 1–5 for worker/ });
  await expect(auto).toHaveAccessibleName(/, off$/);
  await auto.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Scaling of worker by itself' });
  await expect(panel).toContainText('From 1 to 5, by 10 waiting jobs for each. Now you set the number.');
  await panel.getByRole('switch', { name: 'Scales by itself' }).focus();
  await page.keyboard.press('Space');
  const news = panel.getByRole('list', { name: 'Decisions, the newest first' });
  await expect(news).toContainText('1 → 3: 25 jobs wait, 10 for each worker', { timeout: 20_000 });
  await expect.poll(running, { timeout: 20_000 }).toBe(3);
  await expect(page.getByRole('spinbutton', { name: 'worker replicas' })).toHaveValue('3');

  docker(engine, 'exec', 'auto-spec-main-1', 'sh', '-c', 'echo none > /queue');
  await expect(news).toContainText('cat /queue in main answers “none”, no number of jobs.', {
    timeout: 20_000,
  });
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await axe(page).include('[role="dialog"]').analyze();
    expect(found.violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  docker(engine, 'exec', 'auto-spec-main-1', 'sh', '-c', 'echo 3 > /queue');
  await expect.poll(running, { timeout: 20_000 }).toBe(1);

  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  const field = page.getByRole('spinbutton', { name: 'worker replicas' });
  await field.fill('2');
  await field.press('Enter');
  await expect(auto).toHaveAccessibleName(/, off$/);
  await expect.poll(running, { timeout: 20_000 }).toBe(2);
  await auto.click();
  await expect(news.getByRole('listitem').first()).toContainText('left to you: set to 2 by hand');
  await page.waitForTimeout(2_500);
  expect(running()).toBe(2);
  await client.call('apps.down', { appId: id });
  expect(leftOvers(engine, 'auto-spec')).toEqual([]);
});

test('a worker drains before it goes: told, broken off by Cancel, and waited for', async ({
  page,
  engine,
  shell,
}) => {
  const path = join(folder, 'drain-spec');
  mkdirSync(path);
  const base = 'image: busybox:latest\n    init: true\n    stop_grace_period: 1s';
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:\n  worker:\n    ${base}\n    command: [sleep, "1000"]\n    scale: 2\n    x-flotilla:\n      role: worker\n      drain: { command: [sh, -c, "until [ -f /done ]; do sleep 0.1; done"], timeout: 10m }\n`,
  );
  const client = await WireClient.connect(shell.url);
  const { id } = await client.call('apps.open', { path });
  await client.call('apps.up', { appId: id });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  const workers = page.getByRole('list', { name: 'Workers' }).locator('[data-worker]');
  const running = workers.and(page.locator('[data-phase="running"]'));
  await expect(running).toHaveCount(2);
  const field = page.getByRole('spinbutton', { name: 'worker replicas' });
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true });

  await field.fill('1');
  await field.press('Enter');
  await expect(page.getByText('Draining worker-2')).toBeVisible();
  expect(docker(engine, 'inspect', '--format', '{{.State.Running}}', 'drain-spec-worker-2')).toBe('true');
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Draining worker-2')).toHaveCount(0);
  // It runs on, and is wanted again.
  await expect(running).toHaveCount(2);
  await expect(field).toHaveValue('2');

  await field.fill('1');
  await field.press('Enter');
  await expect(page.getByText('Draining worker-2')).toBeVisible();
  docker(engine, 'exec', 'drain-spec-worker-2', 'touch', '/done');
  await expect(workers).toHaveCount(1);
  await expect(field).toHaveValue('1');
  docker(engine, 'exec', 'drain-spec-worker-1', 'touch', '/done');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(running).toHaveCount(0);
  await client.call('apps.down', { appId: id });
  client.close();
  expect(leftOvers(engine, 'drain-spec')).toEqual([]);
});
