import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { axe } from '../lab/axe.ts';
import { type LabEngine, startLabEngine } from '../lab/LabEngine.ts';
import { docker, leftOvers } from '../lab/test.ts';
import { projectRoot, runFlotilla, startWebShell, type WebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let engine: LabEngine;
let shell: WebShell;
let folder: string;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = mkdtempSync(join(tmpdir(), 'flotilla-door-'));
  // The door listens on this machine, and containers of the usual test engines do not reach it.
  engine = await startLabEngine({ sharesNetwork: true });
  shell = await startWebShell({ host: engine.host });
});
test.afterAll(async () => {
  await shell?.dispose();
  await engine?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const base =
  'image: busybox:latest\n    init: true\n    stop_grace_period: 0s\n    command: [sleep, "1000"]\n';
const COMPOSE = `services:\n  main:\n    ${base}    x-flotilla: { control: true }\n  worker:\n    ${base}    x-flotilla: { role: worker, replicas: { min: 1, max: 3 } }\n`;

/** main's container asks its door for workers; answers what comes back. */
function askFor(app: string, replicas: number): string {
  const body = `{"service":"worker","replicas":${replicas}}`;
  const request = `POST /v1/scale HTTP/1.1\\r\\nHost: %s\\r\\nAuthorization: Bearer %s\\r\\nConnection: close\\r\\nContent-Type: application/json\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n%s`;
  const script = `at="\${FLOTILLA_CONTROL_URL#http://}"; printf '${request}' "$at" "$FLOTILLA_CONTROL_TOKEN" '${body}' | nc -w 10 "\${at%:*}" "\${at##*:}"; true`;
  return docker(engine, 'exec', `${app}-main-1`, 'timeout', '20', 'sh', '-c', script);
}

test('main’s container scales its workers, and the window tells each decision', async ({ page }) => {
  test.setTimeout(180_000);
  const path = join(folder, 'door-spec');
  mkdirSync(path);
  writeFileSync(join(path, 'compose.yaml'), COMPOSE);
  const client = await WireClient.connect(shell.url);
  const { id } = await client.call('apps.open', { path });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  const door = page.getByRole('button', { name: 'Control door of main' });
  await expect(door).toHaveAccessibleName(/, closed$/);
  await client.call('apps.up', { appId: id });
  await expect(door).toHaveAccessibleName(/, open$/);

  const ask = (replicas: number): string => askFor('door-spec', replicas);
  expect(ask(3)).toContain('HTTP/1.1 202');
  const field = page.getByRole('spinbutton', { name: 'worker replicas' });
  await expect(field).toHaveValue('3', { timeout: 30_000 });
  const running = (): number =>
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.service=worker').split('\n').length;
  await expect.poll(running, { timeout: 30_000 }).toBe(3);
  expect(ask(4)).toContain('HTTP/1.1 422');
  expect(ask(4)).toContain('HTTP/1.1 422');

  await door.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Control door of main' });
  await expect(panel).toContainText(
    'Open. While it runs, main sees the app’s workers and may scale worker from 1 to 3.',
  );
  const news = panel.getByRole('list', { name: 'Decisions, the newest first' }).getByRole('listitem');
  await expect(news.nth(0)).toContainText('refused, 2 times: worker may have 1 to 3 replicas, not 4.');
  await expect(news.nth(1)).toContainText('main asked for 3: worker 1 → 3');
  await expect(news.nth(2)).toContainText('open: main calls http://');
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await axe(page).include('[role="dialog"]').analyze();
    expect(found.violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }

  // What other commands say has no token in it, and does not take it for a setting.
  const env = docker(engine, 'inspect', '--format', '{{json .Config.Env}}', 'door-spec-main-1');
  const token = /FLOTILLA_CONTROL_TOKEN=([\w-]{43})/.exec(env)?.[1] ?? 'none';
  const at = ['--host', engine.host, '--data', shell.dataFolder];
  const plan = await runFlotilla(['plan', path, '--json', ...at]);
  const config = await runFlotilla(['config', path]);
  expect([plan.code, config.code]).toEqual([0, 0]);
  expect(JSON.parse(plan.stdout)).toMatchObject({ plan: { steps: [] } });
  expect(`${plan.stdout}${plan.stderr}${config.stdout}`).not.toContain(token);
  expect(await page.content()).not.toContain(token);

  await client.call('apps.stop', { appId: id });
  await expect(news.nth(0)).toContainText('closed: the app was stopped');
  await expect(panel).toContainText('Closed.');
  await client.call('apps.down', { appId: id });
  expect(leftOvers(engine, 'door-spec')).toEqual([]);
});

test('without a window, `flotilla door` keeps the door open and tells each decision', async () => {
  test.setTimeout(180_000);
  const path = join(folder, 'door-cli');
  mkdirSync(path);
  writeFileSync(join(path, 'compose.yaml'), COMPOSE);
  const at = ['--host', engine.host, '--data', join(folder, 'cli-data')];
  const up = await runFlotilla(['up', path, ...at]);
  expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('`flotilla door DIR` runs')]);
  expect(askFor('door-cli', 3)).not.toContain('HTTP/1.1');
  const door = spawn(
    process.execPath,
    [join(projectRoot, 'dist/cli/flotilla.mjs'), 'door', path, '--json', ...at],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => door.once('exit', resolve));
  let told = '';
  door.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  try {
    await expect.poll(() => told, { timeout: 60_000 }).toContain('"kind":"opened"');
    expect(askFor('door-cli', 3)).toContain('HTTP/1.1 202');
    await expect.poll(() => told, { timeout: 30_000 }).toMatch(/"kind":"scale".*"from":1,"wanted":3/);
    await expect
      .poll(() => docker(engine, 'ps', '-q', '--filter', 'name=^door-cli-worker-').split('\n').length, {
        timeout: 30_000,
      })
      .toBe(3);
  } finally {
    door.kill('SIGINT');
    expect(await ended).toBe(130);
    expect((await runFlotilla(['down', path, ...at])).code).toBe(0);
  }
  expect(leftOvers(engine, 'door-cli')).toEqual([]);
  const none = join(folder, 'door-none');
  mkdirSync(none);
  writeFileSync(join(none, 'compose.yaml'), COMPOSE.replace('{ control: true }', '{ role: main }'));
  const refused = await runFlotilla(['door', none, ...at]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('asks for a control door')]);
});
