import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { docker, expect, test } from '../lab/test.ts';
import { runFlotilla } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-study-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sleeps two seconds, shared among its workers. */
function project(name: string, requirements: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:
  worker:
    image: busybox:latest
    command: [sh, -c, 'test $$WORKER_COUNT = 1 && exec sleep 2; exec sleep 1']
    x-flotilla: { role: worker }
x-flotilla:
  requirements: ${requirements}
`,
  );
  return path;
}

test('a study by command: table and verdict, requirements met and not, a baseline, exit codes', async ({
  engine,
}) => {
  const path = project('study-cli', '[{ at: 2, time: 20s }, { at: 2, slowdown: 900%, baseline: first }]');
  const at = ['--host', engine.host, '--data', join(folder, 'data')];
  const junit = join(folder, 'junit.xml');
  const options = ['--workers', '2,1', '--reps', '1', '--seed', '7', '--cooldown', '0s', ...at];

  const first = await runFlotilla([
    'study',
    path,
    ...options,
    '--name',
    'first',
    '--assert',
    '--junit',
    junit,
  ]);
  expect(first.code).toBe(1);
  expect(first.stdout).toMatch(/^study-cli, strong scaling of worker on Docker .+; seed 7$/m);
  expect(first.stdout).toMatch(/^ +2 +1 +[\d.]+ m?s /m);
  expect(first.stdout).toContain('Best value at 2 workers: ');
  expect(first.stdout).toContain('- No intervals: 1 repetitions are too few');
  expect(first.stdout).toMatch(/^pass +time at most 20\.0 s with 2 workers: [\d.]+ m?s$/m);
  expect(first.stdout).toMatch(/^UNKNOWN +at most 900 % slower than “first” with 2 workers: not known/m);
  expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0" errors="1"');

  const second = await runFlotilla(['study', path, ...options, '--compare', 'first', '--assert', '--json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({
    ok: true,
    record: { plan: { workers: [1, 2], repetitions: 1, seed: 7 }, runs: [{}, {}, {}, {}] },
    report: { remaining: 0, base: { workers: 1 } },
    requirements: [{ status: 'pass' }, { status: 'pass' }],
    comparison: { at: [{ workers: 1 }, { workers: 2 }] },
  });

  expect(await runFlotilla(['study', path, ...at])).toMatchObject({ code: 2 });
  expect(await runFlotilla(['study', path, '--workers', '1,x', ...at])).toMatchObject({ code: 2 });
  const none = await runFlotilla(['study', path, '--resume', ...at]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('There is no study of this app to go on with.');
  const unknown = await runFlotilla(['study', path, ...options, '--compare', 'other']);
  expect(unknown.stderr).toContain('There is no whole study called “other”.\n  There are: first.');
  expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');
});

test('a study in the window, from the keyboard: begun, left and come back to, its verdict, plots and table', async ({
  page,
  engine,
  shell,
}) => {
  const client = await WireClient.connect(shell.url);
  const { id } = await client.call('apps.open', { path: project('study-window', '[]') });
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  await page.getByRole('tab', { name: 'Study' }).click();
  await expect(page.getByText('How well does it scale?')).toBeVisible();

  await page.getByRole('textbox', { name: 'Worker counts' }).fill('1, 2');
  await page.getByRole('spinbutton', { name: 'Repetitions' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('textbox', { name: 'Worker counts' }).focus();
  await page.keyboard.press('Enter');
  const going = page.getByRole('region', { name: 'Study under way' });
  await expect(going).toContainText(/Run \d of 6: /, { timeout: 30_000 });
  // A study of the same app has to wait for its end; it goes on when nobody looks.
  await expect(
    client.call('studies.start', { appId: id, workers: [1], mode: 'strong', repetitions: 1 }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await page.reload();
  await expect(going).toContainText(/Run \d of 6: /, { timeout: 30_000 });

  await expect(going).toBeHidden({ timeout: 90_000 });
  const result = page.getByRole('article', { name: 'Result of the study' });
  await expect(result).toContainText('Best value at 2 workers: ');
  await expect(result.getByRole('row')).toHaveCount(3);
  await expect(result.getByRole('img', { name: 'Speedup' })).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await new AxeBuilder({ page }).include('[data-testid="study-panel"]').analyze();
    expect(found.violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');

  await page.getByRole('button', { name: 'Start study' }).click();
  await going.getByRole('button', { name: 'Cancel' }).click();
  await expect(going).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Start study' })).toBeVisible();
  await expect.poll(() => docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');
});
