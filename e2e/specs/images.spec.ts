import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../lab/axe.ts';
import { authOf, type LabRegistry, startLabRegistry, writeDockerConfig } from '../lab/LabRegistry.ts';
import { loadManyImages } from '../lab/loadManyImages.ts';
import { docker, expect, test as base } from '../lab/test.ts';
import { runFlotilla, startWebShell, type WebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

/** A served Flotilla that finds a sign-in for a private registry in docker's configuration. */
const test = base.extend<{ registry: LabRegistry; images: WebShell }>({
  registry: async ({ engine }, provide) => {
    const registry = await startLabRegistry({ host: engine.host });
    await provide(registry);
    await registry.dispose();
  },
  images: async ({ engine, registry }, provide) => {
    // Other specs of this engine leave what their rebuilds took the name of.
    docker(engine, 'image', 'prune', '-f');
    const config = writeDockerConfig(registry.folder, { auths: { [registry.address]: authOf() } });
    const shell = await startWebShell({ host: engine.host, env: { DOCKER_CONFIG: config } });
    await provide(shell);
    await shell.dispose();
  },
});

const list = (page: Page): Locator => page.getByRole('listbox', { name: 'Images' });
const row = (page: Page, name: string): Locator => list(page).getByRole('option', { name });

async function streamsOpen(shell: WebShell): Promise<string[]> {
  const witness = await WireClient.connect(shell.url);
  const open = await witness.call('engine.liveStreams', {});
  witness.close();
  return open.map(({ purpose }) => purpose).filter((purpose) => /^(pull|push) /.test(purpose));
}

test('an image: looked at, tagged, pushed to a private registry, removed, pulled again', async ({
  page,
  images,
  engine,
  registry,
}) => {
  const reference = `${registry.address}/team/solver:1.4`;
  docker(engine, 'create', '--name', 'images-user', 'busybox:latest');
  await page.goto(images.url);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('images');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Images', exact: true })).toBeVisible();
  await expect(row(page, 'busybox:latest')).toContainText('images-user');

  // By keys alone: filter, details, and what made its layers.
  await page.keyboard.press('/');
  await page.keyboard.type('busybox');
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Details of busybox:latest' });
  await expect(details.getByRole('list', { name: 'Layers' })).toContainText('Imported from -');
  await expectAccessible(page, 'an image');

  await details.getByRole('button', { name: 'Tag…' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('Team/X:y');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('names are written in lower case');
  await page.getByRole('textbox', { name: 'New name' }).fill(reference);
  await page.keyboard.press('Enter');
  await expect(details.getByText(reference, { exact: true })).toBeVisible();

  await details.getByRole('button', { name: 'Push…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: 'Name' })).toHaveValue(reference);
  await dialog.getByRole('button', { name: 'Push', exact: true }).click();
  await expect(dialog.locator('[data-transfer]')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await expect(dialog.getByRole('list', { name: 'Layers on their way' })).toContainText('Pushed');
  await expectAccessible(page, 'a transfer');
  const digest = /sha256:[0-9a-f]{12}/.exec((await dialog.textContent()) ?? '')?.[0] ?? 'none';
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(details.getByText(`${registry.address}/team/solver@${digest}`)).toBeVisible();

  // The container keeps the image: it stays, whole, with the reason.
  await details.getByRole('button', { name: 'Remove…' }).click();
  await expect(dialog).toContainText('Used by images-user: it stays until that container is removed.');
  await expect(dialog.getByRole('button', { name: 'Remove', exact: true })).toBeDisabled();
  // By force too, while the container runs.
  docker(engine, 'rm', 'images-user');
  docker(engine, 'run', '-d', '--name', 'images-user', 'busybox:latest', 'sleep', '600');
  await dialog.getByRole('switch', { name: /stopped containers/ }).click();
  await dialog.getByRole('button', { name: 'Remove by force' }).click();
  await expect(dialog.getByRole('alert')).toContainText(
    /^The image busybox:latest is used by container images-user/,
  );
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  expect(docker(engine, 'images', '-q', 'busybox:latest')).not.toBe('');
  docker(engine, 'rm', '-f', 'images-user');
  await list(page).focus();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('No image fits the filter')).toBeVisible();
  expect(docker(engine, 'images', '-q', reference)).toBe('');

  // The pull goes on when one leaves the page.
  await page.getByRole('button', { name: 'Pull…' }).click();
  await page.keyboard.type(reference);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.goto(`${new URL(images.url).origin}/#/engines`);
  await expect.poll(() => docker(engine, 'images', '-q', reference), { timeout: 30_000 }).not.toBe('');
  await page.goBack();
  await expect(page.locator(`[data-transfer="${reference}"][data-state="done"]`).first()).toContainText(
    digest,
  );
  await expect(row(page, 'team/solver:1.4')).toBeVisible();
  docker(engine, 'tag', reference, 'busybox:latest');
  docker(engine, 'rmi', reference);
  expect(await streamsOpen(images)).toEqual([]);
});

test('pruning shows what would go, takes away just that, and says what stayed', async ({
  page,
  images,
  engine,
}) => {
  const dangle = (text: string): string => {
    const container = docker(engine, 'create', 'busybox:latest', 'true');
    const id = docker(engine, 'commit', '-m', text, container);
    docker(engine, 'rm', container);
    return id;
  };
  const left = dangle('left');
  const used = dangle('used');
  await page.goto(`${images.url}#/images`);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await page.goto(`${new URL(images.url).origin}/#/images`);
  await expect(list(page).getByRole('option')).not.toHaveCount(0);
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('dangling');
  await expect(list(page).getByRole('option')).toHaveCount(2);
  await page.getByRole('button', { name: 'Prune…' }).click();
  const dialog = page.getByRole('dialog');
  const going = dialog.getByRole('list', { name: 'What would go' }).getByRole('listitem');
  await expect(going).toHaveCount(2);
  await expectAccessible(page, 'pruning');
  docker(engine, 'create', '--name', 'images-late', used);
  await dialog.getByRole('button', { name: 'Remove 2' }).click();
  await expect(dialog.getByRole('status').last()).toContainText('1 removed');
  await expect(dialog.getByRole('list', { name: 'What stayed' })).toContainText('It is used by images-late.');
  await page.keyboard.press('Escape');
  const after = docker(engine, 'images', '-q', '--no-trunc');
  expect(after).not.toContain(left);
  expect(after).toContain(used);
  docker(engine, 'rm', 'images-late');
  docker(engine, 'rmi', used);
  await expect(page.getByText('No image fits the filter')).toBeVisible();
});

test('a name that another image has moves only when one says so, and that image is told of', async ({
  page,
  images,
  engine,
}) => {
  const commit = (name: string): string => {
    const container = docker(engine, 'create', 'busybox:latest', 'true');
    const id = docker(engine, 'commit', container, name);
    docker(engine, 'rm', container);
    return id;
  };
  const old = commit('solver:1');
  const fresh = commit('solver:2');
  await page.goto(images.url);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  await page.getByRole('link', { name: 'Images', exact: true }).click();
  await row(page, 'solver:2').click();
  await page.getByRole('complementary').getByRole('button', { name: 'Tag…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'New name' }).fill('docker.io/library/solver:1');
  const notice = dialog.getByText(/That image is left without a name/);
  await expect(notice).toContainText('Prune would remove it');
  await expect(dialog).toContainText(`solver:1 names another image now: ${old.slice(7, 19)}, made just now`);
  await expectAccessible(page, 'a name that moves');
  // Enter asks; it does not take.
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Move the name' })).toBeFocused();
  expect(docker(engine, 'images', '-q', '--no-trunc', 'solver:1')).toBe(old);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(docker(engine, 'images', '-q', '--no-trunc', 'solver:1')).toBe(fresh);
  docker(engine, 'rmi', 'solver:1', 'solver:2', old);
});

test('many images: only rows in sight are drawn, chosen by keys; a narrow window shows one thing at a time', async ({
  page,
  images,
  engine,
}) => {
  await loadManyImages(engine, 'many', 300);
  try {
    await page.goto(images.url);
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    await page.getByRole('link', { name: 'Images', exact: true }).click();
    await expect(page.getByRole('tab', { name: /^Images \(3\d\d\)/ })).toBeVisible();
    await page.getByRole('button', { name: 'Image', exact: true }).click();
    await page.getByRole('textbox', { name: 'Filter images' }).fill('many-');
    await expect(page.getByText('300 shown')).toBeVisible();
    expect(await list(page).getByRole('option').count()).toBeLessThan(70);
    await list(page).focus();
    await page.keyboard.press('End');
    await expect(row(page, 'many-299:1')).toHaveAttribute('aria-selected', 'true');
    await expect(row(page, 'many-299:1')).toBeInViewport();
    await page.keyboard.press('Shift+ArrowUp');
    await expect(page.getByText(/^2 chosen/)).toBeVisible();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('list', { name: 'Images to remove' }).getByRole('listitem')).toHaveCount(2);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('298 shown')).toBeVisible();
    await page.setViewportSize({ width: 640, height: 400 });
    // The keyboard stands where the removed ones were.
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary', { name: 'Details of many-297:1' })).toBeVisible();
    await expectAccessible(page, 'many images');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('complementary')).toHaveCount(0);
    await expect(row(page, 'many-297:1')).toBeInViewport();
  } finally {
    const left = docker(engine, 'images', '-q', '--filter', 'reference=many-*').split('\n');
    docker(engine, 'rmi', '-f', ...left);
  }
});

test('images, pull and push from the command line', async ({ engine, registry }) => {
  const reference = `${registry.address}/cli/box:1`;
  const config = writeDockerConfig(registry.folder, { auths: { [registry.address]: authOf() } });
  const run = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    runFlotilla([...args, '--json', '--host', engine.host, '--data', registry.folder], env);
  docker(engine, 'tag', 'busybox:latest', reference);
  const refused = await run({ DOCKER_CONFIG: writeDockerConfig(registry.folder, {}) }, 'push', reference);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { detail: { reason: 'no-credentials' } } });
  const pushed = await run({ DOCKER_CONFIG: config }, 'push', reference);
  expect(pushed.code).toBe(0);
  const [sent] = (JSON.parse(pushed.stdout) as { push: { digest: string }[] }).push;
  docker(engine, 'rmi', reference);
  const pulled = await run({ DOCKER_CONFIG: config }, 'pull', reference);
  expect(JSON.parse(pulled.stdout)).toMatchObject({ ok: true, pull: [{ reference, digest: sent?.digest }] });
  const { images } = JSON.parse((await run({}, 'images')).stdout) as { images: { tags: string[] }[] };
  expect(images.some(({ tags }) => tags.includes(reference))).toBe(true);
  expect((await run({}, 'pull')).code).toBe(2);
  docker(engine, 'rmi', reference);
});
