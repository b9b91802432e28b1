import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axe } from '../lab/axe.ts';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { runFlotilla } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-consent-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COMPOSE =
  'services:\n  main:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s\n    ipc: host\n    cap_add: [SYS_NICE]\n';
function project(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'compose.yaml'), COMPOSE);
  return path;
}

test('each setting is allowed by hand, a file that changes asks again, and no call gets around it', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const path = project('consent-spec');
  const { id } = await client.call('apps.open', { path });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  await expect(client.call('apps.up', { appId: id })).rejects.toMatchObject({ code: 'consent-required' });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const panel = page.getByRole('region', { name: /asks for more than a container/ });
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  await expect(panel.getByRole('listitem').first()).toContainText('compose.yaml:7');
  const allow = panel.getByRole('button', { name: 'Allow and run' });
  for (const box of await panel.getByRole('checkbox').all()) {
    await expect(box).not.toBeChecked();
    await expect(allow).toBeDisabled();
    await box.focus();
    await page.keyboard.press('Space');
  }
  // Nothing of it is cut off, its buttons least of all, also at 200 % zoom.
  for (const viewport of [
    { width: 640, height: 410 },
    { width: 1280, height: 820 },
  ]) {
    await page.setViewportSize(viewport);
    await expect
      .poll(() => panel.evaluate((element) => element.scrollHeight - element.clientHeight))
      .toBeLessThanOrEqual(1);
    await allow.scrollIntoViewIfNeeded();
    await expect(allow).toBeInViewport();
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await axe(page).include('section[aria-labelledby]').analyze();
    expect(violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await allow.click();
  await expect(page.locator('[data-worker="main-1"][data-phase="running"]').first()).toBeVisible({
    timeout: 60_000,
  });

  writeFileSync(join(path, 'compose.yaml'), `${COMPOSE}    pid: host\n`);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(panel.getByRole('listitem')).toHaveCount(3);
  await expect(
    panel.getByText('Allowed before, and the same still; its files have changed since.'),
  ).toHaveCount(2);
  await expect(panel.getByRole('listitem').filter({ hasText: 'pid: host' })).not.toContainText(
    'Allowed before',
  );
  await expect(client.call('apps.up', { appId: id })).rejects.toMatchObject({ code: 'consent-required' });
  await client.call('apps.down', { appId: id });
  client.close();
  expect(leftOvers(engine, 'consent-spec')).toEqual([]);
});

test('on the command line: refused with a list, allowed one by one, remembered', async ({ engine }) => {
  const path = project('consent-cli');
  const at = ['--host', engine.host, '--data', join(folder, 'data')];
  const refused = await runFlotilla(['up', path, ...at]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(
    "--allow 'main:ipc:host'  compose.yaml:6: The container shares the host’s shared memory.",
  );
  expect(refused.stderr).toContain("--allow 'main:cap_add:SYS_NICE'  compose.yaml:7");
  const wrong = await runFlotilla(['up', path, '--allow', 'main:ipc', ...at]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('--allow main:ipc: the project asks for no such thing.');
  const half = await runFlotilla(['up', path, '--allow', 'main:ipc:host', ...at]);
  expect(half.code).toBe(5);
  expect(half.stderr).not.toContain('main:ipc:host');
  expect(docker(engine, 'ps', '-aq', '--filter', 'name=consent-cli')).toBe('');
  const whole = await runFlotilla(['up', path, '--allow', 'main:cap_add:SYS_NICE', ...at]);
  expect(whole.code).toBe(0);
  expect((await runFlotilla(['up', path, ...at])).code).toBe(0);
  writeFileSync(join(path, 'compose.yaml'), `# edited\n${COMPOSE}`);
  const again = await runFlotilla(['up', path, '--json', ...at]);
  expect(again.code).toBe(5);
  expect(JSON.parse(again.stdout)).toMatchObject({
    ok: false,
    error: {
      code: 'consent-required',
      detail: { dangers: [{ grantedBefore: true }, { grantedBefore: true }] },
    },
  });
  expect((await runFlotilla(['down', path, ...at])).code).toBe(0);
  // A build is allowed what it reaches for by itself.
  writeFileSync(join(path, 'Dockerfile'), 'FROM scratch\nLABEL a=b\n');
  writeFileSync(join(path, 'compose.yaml'), 'services:\n  main:\n    build: { context: ., network: host }\n');
  const build = ['build', path, '--builder', 'classic', ...at];
  const unbuilt = await runFlotilla(build);
  expect(unbuilt.code).toBe(5);
  expect(unbuilt.stderr).toContain("--allow 'main:build.network:host'  compose.yaml:3");
  expect((await runFlotilla([...build, '--allow', 'main:build.network:host'])).code).toBe(0);
  expect((await runFlotilla(build)).code).toBe(0);
  docker(engine, 'rmi', 'consent-cli-main');
  expect(leftOvers(engine, 'consent-cli')).toEqual([]);
});
