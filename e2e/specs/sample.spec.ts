import { childProcesses, docker, expect, leftOvers, test } from '../lab/test.ts';
import { WireClient } from '../lab/WireClient.ts';

const PROJECT = 'monte-carlo-pi';

test('the sample: open, build, run, scale 2 → 6 → 1, read every log, stop, remove, nothing left', async ({
  page,
  shell,
  engine,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(shell.url);
  await expect(page).not.toHaveURL(/token=/);
  await page.getByRole('button', { name: /Monte Carlo/ }).click();
  const workers = page.getByRole('list', { name: 'Workers' });
  const item = (name: string) => workers.locator(`[data-worker="${name}"]`).first();

  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await page.getByRole('tab', { name: /^Build/ }).click();
  await expect(page.getByTestId('build-state').first()).toHaveText(/Succeeded/i, { timeout: 120_000 });
  await expect
    .poll(() => docker(engine, 'images', '-q', `${PROJECT}-worker`), { timeout: 120_000 })
    .not.toBe('');

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(item('main-1')).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect(item('worker-2')).toHaveAttribute('data-phase', 'running');
  const composeLabels = docker(
    engine,
    'inspect',
    '--format',
    '{{index .Config.Labels "com.docker.compose.service"}} {{index .Config.Labels "com.docker.compose.container-number"}}',
    `${PROJECT}-worker-2`,
  );
  expect(composeLabels).toBe('worker 2');

  const replicas = page.getByRole('spinbutton', { name: 'worker replicas' });
  await replicas.fill('6');
  await replicas.press('Enter');
  for (let index = 1; index <= 6; index += 1)
    await expect(item(`worker-${index}`)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  expect(
    docker(engine, 'ps', '-q', '--filter', 'label=com.docker.compose.service=worker').split('\n'),
  ).toHaveLength(6);

  await page.getByRole('tab', { name: /^Logs/ }).click();
  const log = page.getByRole('log');
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        for (const row of await log.locator('[data-worker]').all())
          seen.add((await row.getAttribute('data-worker').catch(() => null)) ?? '');
        return [1, 2, 3, 4, 5, 6].filter((index) => seen.has(`worker-${index}`)).length;
      },
      { timeout: 60_000, intervals: [200] },
    )
    .toBe(6);

  await replicas.fill('1');
  await replicas.press('Enter');
  await expect(workers.locator('[data-worker^="worker-"]')).toHaveCount(1, { timeout: 60_000 });
  await expect(item('worker-1')).toHaveAttribute('data-phase', 'running');
  await expect
    .poll(
      () =>
        docker(engine, 'ps', '-aq', '--filter', 'label=com.docker.compose.service=worker').split('\n').length,
    )
    .toBe(1);
  // The sample drains on SIGTERM: nobody had to be killed.
  await expect(item('main-1')).toHaveAttribute('data-phase', 'running');

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect
    .poll(() => docker(engine, 'ps', '-q', '--filter', `label=com.docker.compose.project=${PROJECT}`), {
      timeout: 60_000,
    })
    .toBe('');
  expect(docker(engine, 'inspect', '--format', '{{.State.ExitCode}}', `${PROJECT}-main-1`)).toBe('0');

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const confirm = page.getByRole('alertdialog').getByRole('button', { name: /^Remove/ });
  if (await confirm.isVisible().catch(() => false)) await confirm.click();
  await expect.poll(() => leftOvers(engine, PROJECT), { timeout: 60_000 }).toEqual([]);
  await expect(workers.locator('[data-worker]')).toHaveCount(0);

  // Only the engine's event stream may be open while a window is; nothing once it is closed.
  const witness = await WireClient.connect(shell.url);
  await expect
    .poll(
      async () =>
        (await witness.call('engine.liveStreams', {}))
          .map((stream) => stream.purpose)
          .filter((purpose) => !purpose.includes('events')),
      { timeout: 15_000 },
    )
    .toEqual([]);
  await page.close();
  witness.close();
  expect(childProcesses(shell.process.pid ?? -1)).toEqual([]);
  expect(await shell.dispose()).toBe(0);
  expect(errors).toEqual([]);
});
