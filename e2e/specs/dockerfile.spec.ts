import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible, expectAccessibleThemes } from '../lab/axe.ts';
import { expect, test } from '../lab/test.ts';
import type { WebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

const DOCKERFILE = 'FROM busybox:1.36\r\nWORKDIR app\r\nCOPY . /app\r\nUSER 1000\r\nCMD ["true"]\r\n';

/** A project with one Dockerfile that has one problem, opened at its page's editor. */
async function openProject(page: Page, shell: WebShell): Promise<{ folder: string; file: string }> {
  const folder = join(mkdtempSync(join(tmpdir(), 'flotilla-dockerfile-')), 'solver');
  mkdirSync(join(folder, 'src'), { recursive: true });
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, DOCKERFILE);
  writeFileSync(join(folder, 'src/main.py'), 'print()\n');
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  solver:\n    build: .\n');
  const client = await WireClient.connect(shell.url);
  const app = await client.call('apps.open', { path: folder });
  client.close();
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
  return { folder, file };
}

const editor = (page: Page) => page.getByRole('textbox', { name: 'Text of Dockerfile' });
const squiggle = (page: Page) => page.locator('.cm-lintRange');

test('a problem is seen, fixed, reviewed and written: the file keeps its line ends, the problem is gone', async ({
  page,
  shell,
}) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|trusted/i.test(message.text())) refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(error.message));
  const { folder, file } = await openProject(page, shell);
  try {
    await expect(page.getByRole('tab', { name: /^Problems/ })).toContainText('1');
    // The editor is not part of what a page needs first.
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('DockerfileEditor')),
      );
    expect(await loaded()).toBe(false);
    await page.getByRole('tab', { name: 'Dockerfile' }).click();
    await expect(editor(page)).toBeVisible();
    expect(await loaded()).toBe(true);
    // Its style sheets stand, and none is an element.
    expect(await page.evaluate(() => document.querySelectorAll('style').length)).toBe(0);
    await expect(page.locator('.cm-gutters')).toHaveCSS('display', 'flex');

    await expect(page.getByTestId('editor-findings')).toHaveText('1 warning · 1 note');
    await squiggle(page).first().hover();
    await expect(page.getByText('WORKDIR app is relative')).toBeVisible();
    await page.getByRole('button', { name: 'Write /app' }).click();
    await expect(page.getByTestId('editor-findings')).toHaveText('1 note');

    // Files of the context, and words about what is offered.
    await editor(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('COPY sr');
    await expect(page.getByRole('option', { name: 'src/' })).toBeVisible();
    // What has only just appeared takes no key for its first 75 ms: it could not have been meant.
    await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' /src/');
    await page.keyboard.press('Control+Enter');

    await page.getByRole('button', { name: 'Review changes' }).click();
    const diff = page.getByTestId('diff');
    await expect(diff.locator('.cm-deletedLine, .cm-deletedText').first()).toBeVisible();
    await expect(diff).toContainText('COPY src/ /src/');
    expect(readFileSync(file, 'utf8')).toBe(DOCKERFILE);
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(page.getByText('Dockerfile written')).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe(
      'FROM busybox:1.36\r\nWORKDIR /app\r\nCOPY . /app\r\nUSER 1000\r\nCMD ["true"]\r\nCOPY src/ /src/\r\n',
    );
    await expect(page.getByRole('tab', { name: 'Problems', exact: true })).toBeVisible();

    // What is missing is made as a file of its own, reviewed as well.
    await page.locator('.cm-lintRange-info').first().hover();
    await page.getByRole('button', { name: 'Create .dockerignore' }).click();
    await expect(page.getByRole('textbox', { name: 'Text of .dockerignore' })).toContainText('__pycache__');
    expect(existsSync(join(folder, '.dockerignore'))).toBe(false);
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect.poll(() => existsSync(join(folder, '.dockerignore'))).toBe(true);
    await page.getByRole('tab', { name: 'Dockerfile' }).last().click();
    await expect(page.getByTestId('editor-findings')).toHaveText('No problems');
    expect(refused).toEqual([]);
  } finally {
    rmSync(dirname(folder), { recursive: true, force: true });
  }
});

test('a file that was changed meanwhile is shown beside mine, and nothing is lost until I choose', async ({
  page,
  shell,
}) => {
  const { folder, file } = await openProject(page, shell);
  try {
    await page.getByRole('tab', { name: 'Dockerfile' }).click();
    await editor(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# mine');
    // Looking at something else loses nothing.
    await page.getByRole('tab', { name: /^Logs/ }).click();
    await page.getByRole('tab', { name: /^Dockerfile/ }).click();
    await expect(editor(page)).toContainText('# mine');
    await page.getByRole('button', { name: 'Review changes' }).click();
    writeFileSync(file, 'FROM theirs:1\n');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(page.getByText('Dockerfile was changed on disk')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'On disk now' })).toContainText('FROM theirs:1');
    await expect(page.getByRole('textbox', { name: 'Yours' })).toContainText('# mine');
    expect(readFileSync(file, 'utf8')).toBe('FROM theirs:1\n');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('# mine');

    // Leaving the window with changes asks first.
    await editor(page).click();
    await page.keyboard.type('x');
    let asked = 0;
    page.once('dialog', (dialog) => {
      asked += 1;
      void dialog.dismiss();
    });
    await page.reload({ timeout: 2_000 }).catch(() => undefined);
    expect(asked).toBe(1);
    await expect(editor(page)).toBeVisible();
    await page.getByRole('button', { name: 'Revert' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revert' }).click();
    await expect(page.getByRole('button', { name: 'Review changes' })).toBeDisabled();
  } finally {
    rmSync(dirname(folder), { recursive: true, force: true });
  }
});

test('all of it from the keyboard, in both themes and at 200 %, without a fault that axe knows', async ({
  page,
  shell,
}) => {
  const { folder, file } = await openProject(page, shell);
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('tab', { name: /^Metrics/ }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: /^Build/ })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: /^Dockerfile/ }).first()).toBeFocused();
    await expect(editor(page)).toBeVisible();
    for (
      let steps = 0;
      steps < 12 && !(await editor(page).evaluate((node) => node === document.activeElement));
      steps += 1
    )
      await page.keyboard.press('Tab');
    await expect(editor(page)).toBeFocused();
    await expect(page.getByTestId('editor-findings')).toHaveText('1 warning · 1 note');
    await page.keyboard.press('F8');
    await expect(page.getByRole('status').filter({ hasText: 'WORKDIR app is relative' })).toBeVisible();
    await page.keyboard.press('Control+.');
    await expect(editor(page)).toContainText('WORKDIR /app');
    await page.keyboard.press('F1');
    await expect(page.getByText('The folder where the steps below')).toBeVisible();
    await page.keyboard.press('Escape');
    // Tab writes; after Escape it leaves.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(editor(page)).not.toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(editor(page)).toBeFocused();
    await page.keyboard.press('Control+s');
    await expect(page.getByRole('button', { name: 'Write', exact: true })).toBeFocused();
    expect(readFileSync(file, 'utf8')).toBe(DOCKERFILE);
    await expectAccessibleThemes(page, 'review');
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('WORKDIR /app\r\n');
    await expect(editor(page)).toBeFocused();
    // The toast’s colours are not the editor’s.
    await expect(page.getByText('Dockerfile written')).toBeHidden();
    await expectAccessibleThemes(page, 'editor');
    await page.setViewportSize({ width: 640, height: 410 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
    await expectAccessible(page, 'editor at 200 %');
  } finally {
    rmSync(dirname(folder), { recursive: true, force: true });
  }
});
