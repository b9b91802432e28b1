import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessibleThemes } from '../lab/axe.ts';
import { expect, test } from '../lab/test.ts';
import type { WebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

const COMPOSE = `# The solver of the paper
services:
  main:   # leads
    image: busybox:1.36
    command: 'true'

  # What is scaled
  worker:
    image: "busybox:1.36"   # pinned
    depends_on: [main]
    environment:
      # for repeatable runs
      SEED: 42   # any number
      MODE: fast
    deploy:
      replicas: 2   # two to begin with
      resources:
        limits: { memory: 256m }   # each
    stop_grace_period: 5s
`;

/** A project with comments, opened at its page. */
async function openProject(page: Page, shell: WebShell, text = COMPOSE): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'flotilla-editor-')), 'solver');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'compose.yaml');
  writeFileSync(file, text);
  const client = await WireClient.connect(shell.url);
  const app = await client.call('apps.open', { path: folder });
  client.close();
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
  await expect(page.getByRole('heading', { name: 'solver' })).toBeVisible();
  return file;
}

const clear = (file: string): void => rmSync(dirname(dirname(file)), { recursive: true, force: true });
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const service = (page: Page, name: string) => page.locator(`[data-service="${name}"]`);
const text = (page: Page) => page.getByRole('textbox', { name: 'Text of compose.yaml' });

/** Presses Tab until a field has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = field(page, name);
  for (let steps = 0; steps < 60; steps += 1) {
    if (await wanted.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to “${name}”.`);
}

/** Types over what is in a field that the keyboard came to: it is chosen as a whole then. */
async function typeOver(page: Page, value: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(value);
}

test('a form filled in by keyboard changes only its lines of the file; undo and redo go over all of it', async ({
  page,
  shell,
}) => {
  const file = await openProject(page, shell);
  try {
    await page.keyboard.press('e');
    await expect(page.getByRole('heading', { name: 'Edit solver' })).toBeVisible();
    await service(page, 'main').focus();
    await page.keyboard.press('ArrowDown');
    await expect(service(page, 'worker')).toBeFocused();
    await expect(field(page, 'Replicas')).toHaveValue('2');
    await tabTo(page, 'Replicas');
    await typeOver(page, '6');
    await tabTo(page, 'Memory');
    await typeOver(page, '512');
    await tabTo(page, 'Value of variable SEED');
    await typeOver(page, '43');
    await tabTo(page, 'Name of a new variable');
    await page.keyboard.type('STEPS');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a: b');
    await page.keyboard.press('Enter');
    await expect(field(page, 'Value of variable STEPS')).toHaveValue('a: b');
    await expect(page.getByText('not saved')).toBeVisible();
    // Nothing is written before it is saved.
    expect(readFileSync(file, 'utf8')).toBe(COMPOSE);
    await page.keyboard.press('Control+s');
    const saved = COMPOSE.replace('replicas: 2 ', 'replicas: 6 ')
      .replace('memory: 256m', 'memory: 512m')
      .replace('SEED: 42', 'SEED: 43')
      .replace('      MODE: fast\n', '      MODE: fast\n      STEPS: "a: b"\n');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(saved);
    await expect(page.getByText('not saved')).toBeHidden();
    await page.getByRole('button', { name: 'What will change…' }).click();
    await expect(page.getByRole('dialog')).toContainText('worker-1…6');
    await page.keyboard.press('Escape');

    const undo = page.getByRole('button', { name: 'Undo' });
    for (let steps = 0; steps < 4; steps += 1) await undo.click();
    await expect(undo).toBeDisabled();
    await expect(field(page, 'Replicas')).toHaveValue('2');
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(COMPOSE);
    // The same history in the text.
    await page.getByRole('tab', { name: 'Text' }).click();
    await text(page).click();
    await page.keyboard.press('Control+Shift+Z');
    await expect(text(page)).toContainText('replicas: 6');
    await page.getByRole('tab', { name: 'Form' }).click();
    await expect(field(page, 'Replicas')).toHaveValue('6');
    await expect(field(page, 'Memory')).toHaveValue('256');
  } finally {
    clear(file);
  }
});

test('what is typed in the text stands in the form, and what is wrong at its field', async ({
  page,
  shell,
}) => {
  const file = await openProject(page, shell);
  try {
    await page.keyboard.press('e');
    await page.getByRole('tab', { name: 'Text' }).click();
    await text(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('    restart: somtimes');
    await expect(page.locator('.cm-lintRange-error').last()).toHaveText('somtimes');
    await page.getByRole('tab', { name: 'Form' }).click();
    await service(page, 'worker').click();
    await expect(page.getByText('“somtimes” is no restart policy')).toBeVisible();
    await page.getByRole('combobox', { name: 'Restart' }).selectOption('no');
    await expect(page.getByText('“somtimes” is no restart policy')).toBeHidden();
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(`${COMPOSE}    restart: "no"`);

    // More than the engine has is told at once; it may be written, for another engine.
    await field(page, 'CPUs').fill('4000');
    await expect(page.getByText('it refuses more for one container')).toBeVisible();
    await field(page, 'CPUs').press('Enter');
    await expect(page.getByText('it refuses more for one container')).toBeVisible();
    await field(page, 'Memory').fill('5');
    await expect(page.getByText('The engine refuses less than 6 MiB.')).toBeVisible();
    await field(page, 'Memory').press('Escape');
    await expect(field(page, 'Memory')).toHaveValue('256');

    // No YAML: the form says where, and goes there.
    await page.getByRole('tab', { name: 'Text' }).click();
    await text(page).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('\tx: [');
    await page.getByRole('tab', { name: 'Form' }).click();
    await expect(page.getByText('This text cannot be shown as a form')).toBeVisible();
    await page.getByRole('button', { name: /^Show/ }).click();
    await expect(text(page)).toBeFocused();
  } finally {
    clear(file);
  }
});

test('a change from outside is put together with mine, or asked about; leaving asks as well', async ({
  page,
  shell,
}) => {
  const file = await openProject(page, shell);
  try {
    await page.keyboard.press('e');
    await service(page, 'worker').click();
    // Without changes here the file is followed.
    const followed = COMPOSE.replace('MODE: fast', 'MODE: slow');
    writeFileSync(file, followed);
    await expect(field(page, 'Value of variable MODE')).toHaveValue('slow');

    await field(page, 'Replicas').fill('5');
    await field(page, 'Replicas').press('Enter');
    const theirs = followed.replace('# The solver of the paper', '# The solver of the book');
    writeFileSync(file, theirs);
    await expect(page.getByText('both are in the text now')).toBeVisible();
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(theirs.replace('replicas: 2', 'replicas: 5'));

    await field(page, 'Replicas').fill('7');
    await field(page, 'Replicas').press('Enter');
    const other = theirs.replace('replicas: 2', 'replicas: 9');
    writeFileSync(file, other);
    await expect(page.getByText('compose.yaml was changed on disk').last()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
    await page.getByRole('button', { name: 'Compare' }).click();
    await expect(page.getByTestId('diff')).toContainText('replicas: 9');
    await expect(page.getByTestId('diff')).toContainText('replicas: 7');
    expect(readFileSync(file, 'utf8')).toBe(other);
    await page.getByRole('button', { name: 'Keep mine' }).click();

    // Leaving asks, and stays where it was when one wants to.
    await page.getByRole('button', { name: 'Back to the app' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await expect(page.getByRole('heading', { name: 'Edit solver' })).toBeVisible();
    await page.getByRole('button', { name: 'Back to the app' }).click();
    await page.getByRole('button', { name: 'Save and leave' }).click();
    await expect(page.getByRole('heading', { name: 'solver', exact: true })).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe(theirs.replace('replicas: 2', 'replicas: 7'));
  } finally {
    clear(file);
  }
});

test('services are added, renamed and removed, with what refers to them', async ({ page, shell }) => {
  const file = await openProject(page, shell);
  try {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('edit the compose');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add service…' }).click();
    await field(page, 'Name').fill('main');
    await field(page, 'Name').press('Enter');
    await expect(page.getByText('There is a service “main” already.')).toBeVisible();
    await field(page, 'Name').fill('store');
    const image = page.getByRole('dialog').getByRole('textbox', { name: 'Image' });
    await image.fill('redis:7');
    await image.press('Enter');
    await expect(page.getByRole('heading', { name: 'store' })).toBeVisible();
    await service(page, 'main').focus();
    await page.keyboard.press('F2');
    await field(page, 'Name').fill('lead');
    await field(page, 'Name').press('Enter');
    await service(page, 'lead').focus();
    await page.getByRole('tab', { name: 'Graph' }).click();
    await expect(page.getByRole('button', { name: /^worker; .*waits for lead started/ })).toBeVisible();
    await page.locator('[data-node="lead"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'worker' })).toBeVisible();
    await service(page, 'store').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(service(page, 'store')).toHaveCount(0);
    await page.keyboard.press('Control+s');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toBe(COMPOSE.replace('  main:   #', '  lead:   #').replace('[main]', '[lead]'));
  } finally {
    clear(file);
  }
});

test('every view of the editor meets WCAG 2.2 AA in light and dark, also at 200 %', async ({
  page,
  shell,
}) => {
  test.slow();
  const file = await openProject(page, shell, COMPOSE.replace('grace_period: 5s', 'grace_period: soon'));
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.keyboard.press('e');
    await service(page, 'worker').click();
    await expect(page.getByText('“soon” is no duration')).toBeVisible();
    await field(page, 'Replicas').fill('3');
    await field(page, 'Replicas').press('Enter');
    for (const view of ['Form', 'Text', 'Graph', 'Changes']) {
      await page.setViewportSize({ width: 1280, height: 820 });
      await page.getByRole('tab', { name: view }).click();
      await expectAccessibleThemes(page, view);
      await page.setViewportSize({ width: 640, height: 410 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
      await expectAccessibleThemes(page, `${view} at 200 %`);
    }
    await page.setViewportSize({ width: 1280, height: 820 });
    await page.getByRole('button', { name: 'Back to the app' }).click();
    await expect(page.getByRole('button', { name: 'Save and leave' })).toBeFocused();
    await expectAccessibleThemes(page, 'leaving');
  } finally {
    clear(file);
  }
});
