import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { runFlotilla, startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-builds-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a project's files and answers its path. */
function project(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

/** Opens a project's page with the build panel. */
async function openBuilds(
  page: Page,
  url: string,
  path: string,
): Promise<{ client: WireClient; appId: string }> {
  const client = await WireClient.connect(url);
  const { id: appId } = await client.call('apps.open', { path });
  await page.goto(url);
  await page.goto(`${new URL(url).origin}/#/app/${appId}`);
  await page.getByRole('tab', { name: /^Build/ }).click();
  return { client, appId };
}

const details = (page: Page) => page.getByRole('region', { name: 'Chosen build' });
const state = (page: Page) => details(page).getByTestId('build-state');
const build = (page: Page) => page.getByRole('button', { name: 'Build', exact: true }).first().click();
const step = (page: Page, text: string) => details(page).locator('li[data-step]').filter({ hasText: text });

/** Command lines of all processes of the machine: those in the engine's containers among them. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => {
      try {
        return readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}

test('a build from its steps to its history: log in place, graph, failure at its line, comparison, restart', async ({
  page,
  engine,
}) => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'flotilla-data-'));
  const first = (more: string) =>
    `FROM busybox AS build\nRUN for i in $(seq 1 2000); do echo "object $i"; done; echo built > /made\nFROM busybox\nCOPY --from=build /made /made\n${more}`;
  const path = project('builds-life', {
    'compose.yaml':
      'services:\n  solver:\n    build: .\n    image: builds-life\n    command: ["cat", "/made"]\n',
    Dockerfile: first(''),
  });
  let shell = await startWebShell({ host: engine.host, dataFolder });
  try {
    const { client, appId } = await openBuilds(page, shell.url, path);
    await expect(page.getByText('No builds yet')).toBeVisible();
    await build(page);
    await expect(state(page)).toHaveText('Succeeded', { timeout: 60_000 });
    const made = step(page, 'seq 1 2000');
    await expect(made).toHaveAttribute('data-state', 'done');
    const log = details(page).getByRole('log', { name: /^Output of step/ });
    await expect(log).toHaveCount(0);
    await made.getByRole('button').click();
    await expect(log.getByText('object 2000', { exact: true })).toBeVisible();
    // Thousands of lines, of which only those in sight are in the document.
    expect(await log.locator('div').count()).toBeLessThan(100);
    await log.focus();
    await page.keyboard.press('Home');
    await expect(log.getByText('object 1', { exact: true })).toBeVisible();

    // The graph: by keys from step to step, and the log in place.
    await details(page).getByRole('radio', { name: 'Graph' }).click();
    const graph = details(page).getByRole('group', { name: 'Graph of the steps' });
    await expect(graph.getByText('build', { exact: true })).toBeVisible();
    await graph.locator('[data-node]').filter({ hasText: 'COPY --from=build' }).focus();
    await page.keyboard.press('ArrowLeft');
    const node = graph.locator('[data-node]').filter({ hasText: 'seq 1 2000' });
    await node.focus();
    await page.keyboard.press('Enter');
    await expect(graph.getByText('object 2000', { exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(graph.getByRole('log')).toHaveCount(0);
    await expect(node).toBeFocused();
    await details(page).getByRole('radio', { name: 'List' }).click();

    // A failure: at its line, with the lines around it and the likely cause.
    writeFileSync(
      join(path, 'Dockerfile'),
      first('RUN echo before; no-such-program --fast\nCMD ["cat", "/made"]\n'),
    );
    await details(page).getByRole('button', { name: 'Rebuild', exact: true }).click();
    await expect(state(page)).toHaveText('Failed', { timeout: 60_000 });
    const failure = details(page).getByRole('alert');
    await expect(failure.getByText('Dockerfile:5')).toBeVisible();
    await expect(failure.getByLabel(/^Excerpt of/)).toContainText('CMD ["cat", "/made"]');
    await expect(failure.getByRole('button', { name: 'Open in editor' })).toBeVisible();
    await expect(details(page).getByRole('log', { name: /^Output of step/ })).toContainText(
      'no-such-program',
    );

    // Mended: what was done before comes from the cache.
    writeFileSync(join(path, 'Dockerfile'), first('RUN head -c 300000 /dev/zero > /more\n'));
    await details(page).getByRole('button', { name: 'Rebuild', exact: true }).click();
    await expect(state(page)).toHaveText('Succeeded', { timeout: 60_000 });
    await expect(step(page, 'seq 1 2000')).toContainText('cached');

    // Without cache nothing does.
    await details(page).getByRole('button', { name: 'Ways to rebuild' }).click();
    await page.getByRole('menuitem', { name: 'Rebuild without cache' }).click();
    await expect(details(page).getByText('without cache')).toBeVisible();
    await expect(state(page)).toHaveText('Succeeded', { timeout: 60_000 });
    await expect(step(page, 'seq 1 2000')).not.toContainText('cached');
    const list = page.getByRole('listbox', { name: 'Builds' });
    await expect(list.getByRole('option')).toHaveCount(4);

    // A restart later everything is still there.
    client.close();
    shell.process.kill('SIGTERM');
    await new Promise((resolve) => shell.process.once('exit', resolve));
    shell = await startWebShell({ host: engine.host, dataFolder });
    const again = await openBuilds(page, shell.url, path);
    expect(again.appId).toBe(appId);
    await expect(list.getByRole('option')).toHaveCount(4);
    await expect(list.getByRole('option').nth(1)).toContainText('(+300 kB)');
    await list.focus();
    await page.keyboard.press('End');
    await expect(list.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
    await step(page, 'seq 1 2000').getByRole('button').click();
    await expect(details(page).getByText('object 2000', { exact: true })).toBeVisible();

    await details(page).getByRole('button', { name: 'Compare with…' }).click();
    await page.getByRole('menuitem').nth(1).click();
    const comparison = page.getByRole('region', { name: 'Comparison of two builds' });
    const row = (text: string) => comparison.getByRole('row').filter({ hasText: text });
    await expect(row('seq 1 2000').last()).toContainText('cached');
    await expect(row('head -c 300000').first()).toHaveAttribute('data-change', 'added');
    await expect(comparison.getByRole('row', { name: /^Image/ })).toContainText('+300 kB');
    await page.keyboard.press('Escape');
    await expect(details(page)).toBeVisible();
    again.client.close();
  } finally {
    await shell.dispose();
  }
});

test('a cancelled build is gone from the engine at once, and one goes on while nobody looks', async ({
  page,
  shell,
  engine,
}) => {
  const marker = `sleep 987${process.pid}`;
  const path = project('builds-cancel', {
    'compose.yaml': 'services:\n  solver:\n    build: .\n    image: builds-cancel\n',
    Dockerfile: `FROM busybox\nRUN echo started; ${marker}\n`,
  });
  const { client, appId } = await openBuilds(page, shell.url, path);
  const runs = () => commandLines().some((line) => line.startsWith(marker));
  await build(page);
  await expect(details(page).getByRole('log').getByText('started')).toBeVisible({ timeout: 60_000 });
  await expect.poll(runs).toBe(true);
  await details(page).getByRole('button', { name: 'Cancel build' }).click();
  await expect.poll(runs, { timeout: 2_000, intervals: [50] }).toBe(false);
  await expect(state(page)).toHaveText('Cancelled');
  expect(docker(engine, 'ps', '-aq')).toBe('');

  // Away and back: the same build at the same place, with what it did meanwhile.
  writeFileSync(
    join(path, 'Dockerfile'),
    'FROM busybox\nRUN echo one; sleep 2; echo two; sleep 1\nRUN echo three\n',
  );
  await details(page).getByRole('button', { name: 'Rebuild', exact: true }).click();
  await expect(details(page).getByRole('log').getByText('one', { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await page.goto(`${new URL(shell.url).origin}/#/engines`);
  await expect(page.getByRole('heading', { name: 'Engines' })).toBeVisible();
  await expect
    .poll(async () => (await client.call('apps.get', { appId })).builds[0]?.state, { timeout: 60_000 })
    .toBe('succeeded');
  await page.goto(`${new URL(shell.url).origin}/#/app/${appId}`);
  await expect(state(page)).toHaveText('Succeeded');
  await step(page, 'echo one').getByRole('button').click();
  await expect(step(page, 'echo one').getByRole('log')).toContainText('onetwo');
  client.close();
});

test('services that share a context are built beside one another, a third waits, and what uses an image is recreated', async ({
  page,
  shell,
  engine,
}) => {
  const dockerfile = (mark: string) =>
    `FROM busybox\nCOPY . /app\nRUN echo ${mark}; sleep 1; echo ${mark} > /mark\n`;
  const service = (name: string, role: string) =>
    `  ${name}:\n    build: { context: ., dockerfile: ${name}.Dockerfile }\n    image: builds-${name}\n    command: ["sleep", "1000"]\n    stop_grace_period: 0s\n    x-flotilla: { role: ${role} }\n`;
  const path = project('builds-queue', {
    'compose.yaml': `services:\n${service('main', 'main')}${service('left', 'worker')}${service('right', 'worker')}`,
    'main.Dockerfile': dockerfile('main'),
    'left.Dockerfile': dockerfile('left'),
    'right.Dockerfile': dockerfile('right'),
  });
  const { client, appId } = await openBuilds(page, shell.url, path);
  const list = page.getByRole('listbox', { name: 'Builds' });
  await build(page);
  await expect(list.getByText('Queued, next')).toBeVisible();
  await expect(list.locator('[role="option"][data-state="succeeded"]')).toHaveCount(3, { timeout: 60_000 });
  for (const name of ['main', 'left', 'right'])
    await expect(list.getByText(name, { exact: true })).toBeVisible();

  await client.call('apps.up', { appId });
  const idOf = (name: string) => docker(engine, 'ps', '-q', '--filter', `name=builds-queue-${name}-1`);
  const before = { main: idOf('main'), left: idOf('left'), right: idOf('right') };
  writeFileSync(join(path, 'left.Dockerfile'), dockerfile('changed'));
  await list.getByRole('option').nth(1).click();
  await expect(details(page)).toContainText('builds-left');
  await details(page).getByRole('button', { name: 'Ways to rebuild' }).click();
  await page.getByRole('menuitem', { name: 'Rebuild and recreate what uses it' }).click();
  await expect.poll(() => idOf('left'), { timeout: 60_000 }).not.toBe(before.left);
  await expect(page.locator('[data-worker="left-1"][data-phase="running"]').first()).toBeVisible();
  await expect.poll(() => docker(engine, 'exec', 'builds-queue-left-1', 'cat', '/mark')).toBe('changed');
  expect({ main: idOf('main'), right: idOf('right') }).toEqual({ main: before.main, right: before.right });
  await client.call('apps.down', { appId });
  client.close();
  expect(leftOvers(engine, 'builds-queue')).toEqual([]);
});

test('what a build sends is seen before it is sent: the heaviest are left out by a press, and taken back', async ({
  page,
  shell,
}) => {
  const path = project('builds-context', {
    'compose.yaml': 'services:\n  solver:\n    build: .\n    image: builds-context\n',
    Dockerfile: 'FROM busybox\nCOPY . /app\n',
    'data/mesh.bin': 'x'.repeat(3_000_000),
    'solver.f90': 'program solver\nend program\n',
  });
  const { client } = await openBuilds(page, shell.url, path);
  await page.getByRole('button', { name: 'Build context…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Build context of solver' });
  await expect(dialog).toContainText('3.00 MB');
  const leaveOut = dialog.getByRole('button', { name: /^Ignore data/ });
  await leaveOut.press('Enter');
  await expect(dialog).toContainText('left out: 3.00 MB less');
  expect(readFileSync(join(path, '.dockerignore'), 'utf8')).toBe('data/\n');
  await expect(dialog.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(leaveOut).toBeFocused();
  expect(existsSync(join(path, '.dockerignore'))).toBe(false);
  await leaveOut.press('Enter');
  await expect(dialog).toContainText('left out: 3.00 MB less');
  await dialog.getByRole('button', { name: 'Done' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(existsSync(join(path, 'data/mesh.bin'))).toBe(true);

  await build(page);
  await expect(state(page)).toHaveText('Succeeded', { timeout: 60_000 });
  await expect(details(page)).toContainText(/context \d files, \d+ B/);
  await details(page).getByRole('button', { name: 'More of this build' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Context…' }).press('Enter');
  await expect(dialog).toContainText('left out by .dockerignore');
  client.close();
});

test('code that has changed since its image was built is told, and taken in by one press', async ({
  page,
  shell,
  engine,
}) => {
  const path = project('builds-changed', {
    'compose.yaml':
      'services:\n  solver:\n    build: .\n    image: builds-changed\n    stop_grace_period: 0s\n',
    Dockerfile: 'FROM busybox\nCOPY work.sh /\nCMD ["sh", "/work.sh"]\n',
    'work.sh': 'echo first; sleep 1000',
  });
  const edit = (word: string): void => writeFileSync(join(path, 'work.sh'), `echo ${word}; sleep 1000`);
  const { client, appId } = await openBuilds(page, shell.url, path);
  const notice = page.getByRole('status').filter({ hasText: 'older than its code' });
  const said = (): string => {
    try {
      return docker(engine, 'logs', 'builds-changed-solver-1');
    } catch {
      // It is made, or made anew.
      return '';
    }
  };
  // As one who comes back from an editor.
  const comeBack = () => page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(said, { timeout: 60_000 }).toBe('first');
  /** All is done, and nothing is older any more: the page has had its answer. */
  const isCurrent = async (): Promise<void> => {
    await expect
      .poll(async () => (await client.call('apps.get', { appId })).operations, { timeout: 60_000 })
      .toEqual([]);
    expect(await client.call('builds.changedCode', { appId })).toEqual([]);
    await comeBack();
    // Nothing is to come: there is no other way to see that than to wait for it.
    await page.waitForTimeout(500);
    await expect(notice).toHaveCount(0);
  };
  await isCurrent();
  edit('second');
  await comeBack();
  await expect(notice).toContainText('work.sh has changed since the image of solver was built.');
  await notice.getByRole('button', { name: 'Rebuild and recreate' }).click();
  await expect.poll(said, { timeout: 60_000 }).toBe('second');
  await isCurrent();

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByTestId('app-page')).toHaveAttribute('data-status', 'stopped');
  edit('third');
  const data = join(folder, 'data');
  const up = await runFlotilla(['up', path, '--host', engine.host, '--data', data]);
  expect(up).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(
      'work.sh has changed since the image of solver was built; --build takes it in.',
    ),
  });
  expect(
    (await runFlotilla(['up', path, '--build', '--host', engine.host, '--data', data])).stderr,
  ).not.toContain('has changed');
  await expect.poll(said).toBe('third');

  await client.call('apps.stop', { appId });
  edit('fourth');
  await comeBack();
  await notice.getByRole('button', { name: 'Build and run' }).click();
  await expect.poll(said, { timeout: 60_000 }).toBe('fourth');
  await client.call('apps.down', { appId });
  docker(engine, 'rmi', 'builds-changed');
  expect(leftOvers(engine, 'builds-changed')).toEqual([]);
  client.close();
});
