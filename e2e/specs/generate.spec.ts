import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessibleThemes } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

let base: string;
test.beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-generate-')));
});
test.afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Makes a project folder and opens its page. */
async function open(
  page: Page,
  url: string,
  name: string,
  files: Record<string, string>,
): Promise<{ root: string; appId: string }> {
  const root = join(base, name);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  const client = await WireClient.connect(url);
  const app = await client.call('apps.open', { path: root });
  client.close();
  await page.goto(url);
  await page.goto(`${new URL(url).origin}/#/app/${encodeURIComponent(app.id)}`);
  return { root, appId: app.id };
}

async function remove(url: string, appId: string): Promise<void> {
  const client = await WireClient.connect(url);
  await client.call('apps.down', { appId });
  client.close();
}

const SLEEPER = (word: string): string =>
  `import time\nprint("${word} at work", flush=True)\ntime.sleep(600)\n`;

test('a folder with main.py and worker.py, from the keyboard: generate, choose, edit, write, build, run', async ({
  page,
  shell,
  engine,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const { root, appId } = await open(page, shell.url, 'ensemble', {
    'main.py': SLEEPER('main'),
    'worker.py': SLEEPER('worker'),
  });
  const generate = page.getByRole('button', { name: 'Generate Dockerfile…' });
  await expect(generate).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('generate docker');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Generate a Dockerfile' });
  await expect(dialog.getByRole('radio', { name: /^Python/ })).toBeChecked();
  await expect(dialog.getByLabel('Worker program')).toHaveValue('worker.py');
  const text = dialog.getByRole('textbox', { name: 'Text of Dockerfile' });
  await expect(text).toHaveValue(/FROM runtime AS worker/);

  // The lab has no network: its Python is chosen.
  const image = dialog.getByLabel('Base image');
  await image.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('not an image');
  await expect(dialog.getByRole('alert')).toContainText('is no image reference');
  await expect(dialog.getByRole('button', { name: 'Write files' })).toBeDisabled();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('python:3.11-slim');
  await expect(text).toHaveValue(/^FROM python:3\.11-slim AS runtime$/m);

  await dialog.getByRole('tab', { name: /^compose\.yaml/ }).focus();
  await page.keyboard.press('Enter');
  const compose = dialog.getByRole('textbox', { name: 'Text of compose.yaml' });
  await compose.fill((await compose.inputValue()).replace('scale: 2', 'scale: 3'));
  await expect(dialog.getByText('Edited by you')).toBeVisible();
  // Closing loses nothing.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await generate.press('Enter');
  await expect(dialog.getByLabel('Base image')).toHaveValue('python:3.11-slim');

  await dialog.getByRole('button', { name: 'Write files' }).press('Enter');
  await expect(dialog.getByText('3 files written')).toBeVisible();
  expect(readFileSync(join(root, 'compose.yaml'), 'utf8')).toContain('scale: 3');
  await expect(dialog.getByRole('button', { name: 'Build' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect
    .poll(() => docker(engine, 'images', '-q', 'ensemble-worker'), { timeout: 120_000 })
    .not.toBe('');

  await page.getByRole('button', { name: 'Run', exact: true }).press('Enter');
  const workers = page.getByRole('list', { name: 'Workers' });
  await expect(workers.locator('[data-worker^="worker-"][data-phase="running"]')).toHaveCount(3, {
    timeout: 60_000,
  });
  await expect(workers.locator('[data-worker="main-1"]').first()).toHaveAttribute('data-phase', 'running');
  expect(docker(engine, 'exec', 'ensemble-worker-1', 'id', '-un')).toBe('app');
  expect(docker(engine, 'exec', 'ensemble-worker-1', 'printenv', 'OMP_NUM_THREADS')).toBe('1');
  expect(docker(engine, 'logs', 'ensemble-main-1')).toContain('main at work');
  expect(errors).toEqual([]);
  await remove(shell.url, appId);
  expect(leftOvers(engine, 'ensemble')).toEqual([]);
});

test('what stands there is shown, never overwritten unseen, and a file can be left out', async ({
  page,
  shell,
}) => {
  const { root } = await open(page, shell.url, 'kept', { 'main.py': '', Dockerfile: 'FROM mine\n' });
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Generate Dockerfile…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Generate a Dockerfile' });
  const overwrite = dialog.getByRole('checkbox', { name: 'Write Dockerfile' });
  await expect(overwrite).not.toBeChecked();
  await expect(dialog.getByText('another text, which stays')).toBeVisible();
  await overwrite.check();
  await expect(dialog.getByText('replaces what stands there')).toBeVisible();
  await dialog.getByRole('radio', { name: 'Changes' }).click();
  await expect(dialog.getByRole('region', { name: 'Changes' })).toContainText('FROM mine');
  writeFileSync(join(root, 'Dockerfile'), 'FROM changed\n');
  await dialog.getByRole('button', { name: 'Write files' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Dockerfile was changed meanwhile');
  expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM changed\n');
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await expect(dialog.getByRole('region', { name: 'Changes' })).toContainText('FROM changed');
  await overwrite.uncheck();
  await dialog.getByRole('combobox', { name: 'Program', exact: true }).fill('mian.py');
  await expect(dialog.getByText('There is no mian.py in this folder')).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Program', exact: true }).fill('main.py');
  await expect(dialog.getByText('There is no mian.py in this folder')).toBeHidden();
  await expect(dialog.getByText('Nothing is written before you say so')).toBeVisible();
  await dialog.getByRole('button', { name: 'Write files' }).click();
  await expect(dialog.getByText('2 files written')).toBeVisible();
  await expect(dialog.getByText('Nothing is written')).toHaveCount(0);
  expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM changed\n');
});

test('a language by hand, accessible in light and dark and at 200 % zoom', async ({ page, shell }) => {
  await open(page, shell.url, 'notes', { 'README.md': 'words\n' });
  await page.getByRole('button', { name: 'Generate Dockerfile…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Generate a Dockerfile' });
  await expect(dialog.getByText('Nothing was recognised in this folder')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Write files' })).toBeDisabled();
  await expectAccessibleThemes(page, 'nothing recognised');
  await dialog.getByLabel('Language').selectOption('julia');
  await expect(dialog.getByRole('textbox', { name: 'Text of Dockerfile' })).toHaveValue(/^FROM julia:/);
  await expectAccessibleThemes(page, 'a language');
  await page.setViewportSize({ width: 640, height: 410 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
  await expect(dialog.getByRole('button', { name: 'Write files' })).toBeInViewport();
  await expectAccessibleThemes(page, 'at 200 %');
});
