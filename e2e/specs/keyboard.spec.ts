import { expectAccessibleThemes } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

const PROJECT = 'monte-carlo-pi';

test('the whole job from the keyboard: palette, run, scale, logs, stop', async ({ page, shell, engine }) => {
  await page.goto(shell.url);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('monte carlo');
  await page.keyboard.press('Enter');
  const workers = page.getByRole('list', { name: 'Workers' });
  await expect(page.getByRole('heading', { name: PROJECT })).toBeVisible();
  await page.keyboard.press('r');
  await expect(workers.locator('[data-worker^="worker-"][data-phase="running"]')).toHaveCount(2, {
    timeout: 120_000,
  });
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect(workers.locator('[data-worker^="worker-"][data-phase="running"]')).toHaveCount(4, {
    timeout: 60_000,
  });
  await page.keyboard.press('-');
  await expect(workers.locator('[data-worker^="worker-"]')).toHaveCount(3, { timeout: 60_000 });
  // A digit goes to the number field.
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await expect(workers.locator('[data-worker^="worker-"]')).toHaveCount(1, { timeout: 60_000 });
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 700, y: 5 } });
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: /search/i }).or(page.getByRole('searchbox'))).toBeFocused();
  await page.keyboard.type('chunk');
  await expect(page.getByRole('log').locator('[data-worker="worker-1"]').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 700, y: 5 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect
    .poll(() => docker(engine, 'ps', '-q', '--filter', `label=com.docker.compose.project=${PROJECT}`), {
      timeout: 60_000,
    })
    .toBe('');
  const witness = await WireClient.connect(shell.url);
  const app = await witness.call('apps.openSample', { name: PROJECT });
  await witness.call('apps.down', { appId: app.id });
  witness.close();
  expect(leftOvers(engine, PROJECT)).toEqual([]);
});

test('every screen meets WCAG 2.2 AA in light and dark, also at 200 % zoom without sideways scrolling', async ({
  page,
  shell,
}) => {
  test.slow();
  // Trusted types forbid what axe injects; the policy has its own tests.
  const client = await WireClient.connect(shell.url);
  await page.goto(shell.url);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await expectAccessibleThemes(page, 'welcome');
  await page.keyboard.press('Control+k');
  await expectAccessibleThemes(page, 'palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+o');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('listbox')).toHaveAttribute('aria-busy', 'false');
  await expectAccessibleThemes(page, 'folder picker');
  await page.keyboard.press('Escape');
  const app = await client.call('apps.openSample', { name: PROJECT });
  await client.call('apps.up', { appId: app.id });
  await page.goto(`${new URL(shell.url).origin}/#/app/${app.id}`);
  await expect(page.locator('[data-worker="worker-2"][data-phase="running"]').first()).toBeVisible();
  await expectAccessibleThemes(page, 'app');
  await page.getByRole('tab', { name: /^Build/ }).click();
  await expectAccessibleThemes(page, 'build');
  await page.getByRole('tab', { name: /^Problems/ }).click();
  await expectAccessibleThemes(page, 'problems');
  // 200 % zoom of a 1280 px window leaves 640 px.
  await page.setViewportSize({ width: 640, height: 410 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeInViewport();
  await expectAccessibleThemes(page, 'app at 200 %');
  await page.goto(`${new URL(shell.url).origin}/#/engines`);
  await expect(page.getByRole('heading', { name: 'Engines' })).toBeVisible();
  await expectAccessibleThemes(page, 'engines');
  await client.call('apps.down', { appId: app.id });
  client.close();
});
