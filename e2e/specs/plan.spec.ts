import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-plan-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BASE = 'image: busybox:latest\n    init: true\n    stop_grace_period: 1s';
const SLEEP = `${BASE}\n    command: [sleep, "1000"]`;
const OLD = `  old:\n    ${SLEEP}\n`;
const compose = (seed: number, more = '', memory = '32m'): string =>
  `services:\n  main:\n    ${SLEEP}\n    environment: { SEED: "${seed}" }\n    mem_limit: ${memory}\n  worker:\n    ${SLEEP}\n    scale: 3\n    depends_on: [main]\n    x-flotilla: { role: worker }\n${more}`;

function project(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'compose.yaml'), text);
  return path;
}
const show = async (page: Page, url: string, appId: string): Promise<void> => {
  await page.goto(url);
  await page.goto(`${new URL(url).origin}/#/app/${appId}`);
};

test('what will change is read, with reasons, and applied: only that; orphans go when asked', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const path = project('plan-spec', compose(1, OLD));
  const { id } = await client.call('apps.open', { path });
  await show(page, shell.url, id);
  const ids = () =>
    Object.fromEntries(
      ['main-1', 'worker-1', 'worker-2', 'worker-3', 'old-1'].map((name) => [
        name,
        docker(engine, 'ps', '-aq', '--no-trunc', '--filter', `name=^/plan-spec-${name}$`),
      ]),
    );
  // A fresh app is not asked about.
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('[data-worker="worker-3"][data-phase="running"]').first()).toBeVisible({
    timeout: 60_000,
  });
  const changes = page.getByRole('button', { name: 'Changes…' });
  await expect(changes).toHaveCount(0);
  const first = ids();

  // Edited in another window: coming back reads the folder again.
  writeFileSync(join(path, 'compose.yaml'), compose(2));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(changes).toBeVisible();
  await page.getByRole('heading', { name: 'plan-spec' }).click();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'What will change' });
  await expect(dialog.getByTestId('plan-sum')).toHaveText('recreate 1 container');
  const main = dialog.getByRole('region', { name: 'main' });
  await expect(main).toContainText('its variable SEED changed');
  await expect(main).toContainText('1 → 2');
  await expect(dialog.getByRole('checkbox', { name: 'Remove the orphan' })).not.toBeChecked();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await axe(page).analyze();
    expect(violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  // 200 % zoom of a 1280 px window leaves 640 px.
  await page.setViewportSize({ width: 640, height: 410 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeInViewport();
  await page.setViewportSize({ width: 1280, height: 820 });

  // Another edit meanwhile: the plan is renewed by itself and says so.
  writeFileSync(join(path, 'compose.yaml'), compose(3));
  await expect(dialog).toContainText('The plan is a new one', { timeout: 20_000 });
  await expect(main).toContainText('1 → 3');
  await dialog.getByRole('button', { name: 'Apply' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Applied', { timeout: 60_000 });
  await expect(dialog).toContainText('Nothing to change');
  const second = ids();
  expect(second['main-1']).not.toBe(first['main-1']);
  expect({ ...second, 'main-1': '' }).toEqual({ ...first, 'main-1': '' });

  await dialog.getByRole('checkbox', { name: 'Remove the orphan' }).focus();
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('region', { name: 'orphans' })).toContainText(
    'the file has no service “old”',
  );
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect.poll(() => ids()['old-1'], { timeout: 60_000 }).toBe('');
  expect({ ...ids(), 'old-1': '' }).toEqual({ ...second, 'old-1': '' });
  await expect(dialog).toContainText('Applied');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(changes).toHaveCount(0);

  // Another limit takes no restart: the dialog says so, and Run goes ahead without a question.
  const memory = (): string =>
    docker(engine, 'inspect', '--format', '{{.HostConfig.Memory}}', 'plan-spec-main-1');
  writeFileSync(join(path, 'compose.yaml'), compose(3, '', '64m'));
  await page.keyboard.press('p');
  await expect(dialog.getByTestId('plan-sum')).toHaveText('update 1 container');
  await expect(main).toContainText('its memory limit changed (no restart)');
  await expect(main).toContainText('32 MiB → 64 MiB');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toContainText('nothing was restarted', { timeout: 60_000 });
  expect(memory()).toBe(String(64 * 1024 * 1024));
  await page.keyboard.press('Escape');
  writeFileSync(join(path, 'compose.yaml'), compose(3, '', '48m'));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(memory, { timeout: 60_000 }).toBe(String(48 * 1024 * 1024));
  await expect(dialog).toHaveCount(0);
  expect(ids()['main-1']).toBe(second['main-1']);
  await expect(changes).toHaveCount(0);

  // With the question switched off Run goes ahead whatever it replaces.
  await page.keyboard.press('p');
  await dialog.getByRole('switch', { name: 'Ask before Run replaces or removes' }).click();
  await page.keyboard.press('Escape');
  writeFileSync(join(path, 'compose.yaml'), compose(4, '', '48m'));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  // Between the two there is none.
  await expect.poll(() => ['', second['main-1']].includes(ids()['main-1']), { timeout: 60_000 }).toBe(false);
  expect(docker(engine, 'inspect', '--format', '{{.Config.Env}}', 'plan-spec-main-1')).toContain('SEED=4');
  await expect(dialog).toHaveCount(0);
  await client.call('apps.down', { appId: id });
  client.close();
  expect(leftOvers(engine, 'plan-spec')).toEqual([]);
});

test('a plan is cancelled in the middle: what is left is listed, and applied later', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const text = (seed: number): string =>
    `services:\n  main:\n    image: busybox:latest\n    stop_grace_period: 60s\n    environment: { SEED: "${seed}" }\n    command: [sh, -c, "trap 'until [ -e /go ]; do sleep 0.1; done; exit 0' TERM; while true; do sleep 0.1; done"]\n  worker:\n    ${SLEEP}\n    scale: 2\n    depends_on: [main]\n    environment: { SEED: "${seed}" }\n`;
  const main = (): string => docker(engine, 'ps', '-q', '--filter', 'name=^plan-cancel-main-1$');
  const letEnd = (container: string): void => void docker(engine, 'exec', container, 'touch', '/go');
  const path = project('plan-cancel', text(1));
  const { id } = await client.call('apps.open', { path });
  await client.call('apps.up', { appId: id });
  const first = main();
  writeFileSync(join(path, 'compose.yaml'), text(2));
  await client.call('apps.reload', { appId: id });
  await show(page, shell.url, id);
  await page.getByRole('button', { name: 'Changes…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What will change' });
  await expect(dialog.getByTestId('plan-sum')).toHaveText('recreate 3 containers');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  // While main takes its time to end, its workers wait for it.
  await expect(dialog.getByRole('region', { name: 'worker' })).toContainText('waits');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  letEnd(first);
  await expect(dialog).toContainText('Cancelled', { timeout: 60_000 });
  const seeds = (): string[] =>
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.project=plan-cancel')
      .split('\n')
      .filter(Boolean)
      .map((container) => docker(engine, 'inspect', '--format', '{{.Config.Env}}', container))
      .map((env) => /SEED=(\d)/.exec(env)?.[1] ?? '');
  expect(seeds().filter((seed) => seed === '1')).toHaveLength(2);
  await expect(dialog.getByRole('button', { name: 'Apply' })).not.toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toContainText('Applied', { timeout: 120_000 });
  expect(seeds()).toEqual(['2', '2', '2']);
  letEnd(main());
  await client.call('apps.down', { appId: id });
  client.close();
  expect(leftOvers(engine, 'plan-cancel')).toEqual([]);
});

/** A port that nobody had a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a fixed port of a scaled service is caught before the start; each of its three fixes lets it run', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  for (const [index, fix] of [/free port/, /Use the ports/, /Do not publish/].entries()) {
    const name = `plan-port-${index}`;
    const port = await freePort();
    const path = project(
      name,
      `services:\n  worker:\n    ${SLEEP} # stays\n    scale: 2\n    x-flotilla: { role: worker }\n    ports:\n      - "${port}:80"\n`,
    );
    const { id } = await client.call('apps.open', { path });
    await show(page, shell.url, id);
    const row = page.getByRole('region', { name: 'Service worker' });
    await expect(row.getByRole('note')).toContainText(`Host port ${port} can be used by one container only.`);
    // Nothing can start half: it is refused before the first container.
    await expect(client.call('apps.up', { appId: id })).rejects.toMatchObject({ code: 'project-invalid' });
    expect(leftOvers(engine, name)).toEqual([]);
    await row.getByRole('button', { name: fix }).click();
    await expect(row.getByRole('note')).toHaveCount(0);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    for (const worker of ['worker-1', 'worker-2'])
      await expect(page.locator(`[data-worker="${worker}"][data-phase="running"]`).first()).toBeVisible({
        timeout: 60_000,
      });
    const ports = docker(engine, 'ps', '--format', '{{.Ports}}', '--filter', `name=${name}`);
    expect(ports.match(/127\.0\.0\.1:\d+->80/g) ?? []).toHaveLength(index === 2 ? 0 : 2);
    await client.call('apps.down', { appId: id });
    expect(leftOvers(engine, name)).toEqual([]);
    await client.call('apps.close', { appId: id });
  }
  client.close();
});

test('numbers out of range are told, and of two requests at once the last one holds', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const path = project(
    'plan-scale',
    `services:\n  worker:\n    ${SLEEP}\n    x-flotilla: { role: worker, autoscale: { min: 1, max: 3, cpu: 70% } }\n`,
  );
  const { id } = await client.call('apps.open', { path });
  await client.call('apps.up', { appId: id });
  await show(page, shell.url, id);
  const field = page.getByRole('spinbutton', { name: 'worker replicas' });
  await field.fill('1001');
  await expect(page.getByRole('alert').filter({ hasText: 'The most is 1000.' })).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(
    client.call('apps.scale', { appId: id, service: 'worker', replicas: 1001 }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
  await field.fill('4');
  await field.press('Enter');
  const row = page.getByRole('region', { name: 'Service worker' });
  await expect(row.getByRole('note')).toHaveText(
    '4 is more than the file’s maximum of 3. Set by hand, it holds.',
  );
  const running = (): number =>
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.project=plan-scale')
      .split('\n')
      .filter(Boolean).length;
  await expect.poll(running, { timeout: 60_000 }).toBe(4);
  const requests = [6, 1, 5, 2].map((replicas) =>
    client.call('apps.scale', { appId: id, service: 'worker', replicas }),
  );
  await Promise.all(requests);
  expect(running()).toBe(2);
  await expect(field).toHaveValue('2');
  await expect(row.getByRole('note')).toHaveCount(0);
  await client.call('apps.down', { appId: id });
  client.close();
  expect(leftOvers(engine, 'plan-scale')).toEqual([]);
});
