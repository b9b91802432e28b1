import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe } from '../lab/axe.ts';
import { docker, expect, test } from '../lab/test.ts';
import { runFlotilla } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-study-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sleeps two seconds, shared among its workers. */
function project(name: string, requirements: string, more = ''): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'compose.yaml'),
    `services:
  worker:
    image: busybox:latest
    command: [sh, -c, 'test $$WORKER_COUNT = 1 && exec sleep 2; exec sleep 1']
    x-flotilla: { role: worker }${more}
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
  expect(first.stdout).toContain('- No intervals: 1 repetition is too few');
  expect(first.stdout).toMatch(/^pass +time at most 20\.0 s with 2 workers: [\d.]+ m?s$/m);
  expect(first.stdout).toMatch(/^UNKNOWN +at most 900 % slower than “first” with 2 workers: not known/m);
  expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0" errors="1"');

  const [page, svg, runs] = ['page.html', 'plots.svg', 'runs.csv'].map((name) => join(folder, name));
  const second = await runFlotilla([
    ...['study', path, ...options, '--compare', 'first', '--assert', '--json', '--price', '0.5'],
    ...['--report', page ?? '', '--svg', svg ?? '', '--runs', runs ?? ''],
  ]);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({
    ok: true,
    record: { plan: { workers: [1, 2], repetitions: 1, seed: 7 }, runs: [{}, {}, {}, {}] },
    report: { remaining: 0, base: { workers: 1 } },
    requirements: [{ status: 'pass' }, { status: 'pass' }],
    comparison: { at: [{ workers: 1 }, { workers: 2 }] },
    cost: { columns: expect.arrayContaining(['Core-hours', 'Price']) as string[] },
  });
  const report = readFileSync(page ?? '', 'utf8');
  for (const words of ['✓ met', 'Against “first”', 'Core-hours', 'Karp–Flatt'])
    expect(report).toContain(words);
  expect(readFileSync(svg ?? '', 'utf8')).toMatch(/^<svg .*<title>study-cli: strong scaling of worker</s);
  expect(readFileSync(runs ?? '', 'utf8').split('\r\n')).toHaveLength(1 + 4 + 1);

  // What was made is read without an engine.
  const away = ['--host', `unix://${join(folder, 'nowhere')}`, '--data', join(folder, 'data')];
  const listed = await runFlotilla(['studies', path, '--json', ...away]);
  const { studies } = JSON.parse(listed.stdout) as { studies: { plan: { id: string; name?: string } }[] };
  expect(studies.map(({ plan }) => plan.name)).toEqual([undefined, 'first']);
  const [newer = '', older = ''] = studies.map(({ plan }) => plan.id);
  // They are in the ledger, too.
  const entries = await runFlotilla(['runs', path, '--filter', 'kind:study', ...away]);
  // Below the heading.
  expect(entries.stdout.trim().split('\n')).toHaveLength(1 + 2);
  expect(entries.stdout).toMatch(/^[0-9a-f]{12} .* ok .* study, 4 of 4 runs .* first$/m);
  expect((await runFlotilla(['runs', 'show', older, ...away])).stdout).toContain('Best value at 2 workers: ');
  expect((await runFlotilla(['runs', 'export', older, '--output', 'x', ...away])).stderr).toContain(
    'is a study, and cannot be exported here',
  );
  const shown = await runFlotilla(['studies', 'show', older.slice(0, 8), '--forecast', '9', ...away]);
  expect(shown.stdout).toContain('Best value at 2 workers: ');
  expect(shown.stdout).toContain('- 9 workers were not measured, and a model takes three counts at least.');
  const compared = await runFlotilla(['studies', 'compare', older, newer, ...away]);
  expect(compared.stdout).toMatch(/^No difference can be told at 1, 2 \(workers\)\.$/m);
  const again = join(folder, 'again.html');
  expect(await runFlotilla(['studies', 'export', newer, '--report', again, ...away])).toMatchObject({
    code: 0,
  });
  expect(readFileSync(again, 'utf8')).toContain('<h2>Measures</h2>');
  expect(await runFlotilla(['studies', 'export', newer, ...away])).toMatchObject({ code: 2 });
  const nowhere = await runFlotilla([
    'studies',
    'export',
    newer,
    '--runs',
    join(folder, 'no', 'x.csv'),
    ...away,
  ]);
  expect(nowhere.stderr).toContain('x.csv cannot be written: ENOENT');

  const reaching = project('study-reach', '[]', '\n    pid: host');
  const quick = ['study', reaching, '--workers', '2', '--reps', '1', '--cooldown', '0s', ...at];
  const refused = await runFlotilla(quick);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain("--allow 'worker:pid:host'");
  expect(await runFlotilla([...quick, '--allow', 'worker:pid:host'])).toMatchObject({ code: 0 });

  // What has changed is measured where it is built first, and only there.
  const built = project('study-built', '[]');
  const compose = readFileSync(join(built, 'compose.yaml'), 'utf8');
  writeFileSync(
    join(built, 'compose.yaml'),
    compose.replace('image: busybox:latest', 'build: .').replace(/ +command: .*\n/, ''),
  );
  const once = ['study', built, '--workers', '1', '--reps', '1', '--cooldown', '0s', ...at];
  for (const [program, build, code] of [
    ['true', [], 0],
    ['false', [], 0],
    ['false', ['--build'], 1],
  ] as const) {
    writeFileSync(
      join(built, 'Dockerfile'),
      `FROM busybox:latest\nCMD ["sh", "-c", "sleep 0.5; ${program}"]\n`,
    );
    expect((await runFlotilla([...once, ...build])).code, `${program} ${build.join('')}`).toBe(code);
  }

  expect(await runFlotilla(['study', path, ...at])).toMatchObject({ code: 2 });
  expect(await runFlotilla(['study', path, '--workers', '1,x', ...at])).toMatchObject({ code: 2 });
  const none = await runFlotilla(['study', path, '--resume', ...at]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('There is no study of this app to go on with.');
  const unknown = await runFlotilla(['study', path, ...options, '--compare', 'other']);
  expect(unknown.stderr).toContain('There is no whole study called “other”.\n  There are: first.');
  expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');
});

/** The sample with a run that ends, and with one thing it is and one it cannot be. */
async function openSample(client: WireClient): Promise<string> {
  const { id, path = '' } = await client.call('apps.openSample', { name: 'monte-carlo-pi' });
  writeFileSync(join(path, '.env'), 'TOTAL_SAMPLES=600000\nCHUNK_SAMPLES=50000\n');
  appendFileSync(
    join(path, 'compose.yaml'),
    '\nx-flotilla:\n  requirements:\n    - { at: 2, time: 1000s }\n    - { at: 2, efficiency: 9 }\n',
  );
  return id;
}

test('the sample’s study in the window, from the keyboard: begun, left and come back to, its verdict, plots, requirements and files', async ({
  page,
  engine,
  shell,
}) => {
  test.setTimeout(240_000);
  const client = await WireClient.connect(shell.url);
  const id = await openSample(client);
  await page.goto(shell.url);
  await page.goto(`${new URL(shell.url).origin}/#/app/${id}`);
  await page.getByRole('tab', { name: 'Study' }).click();
  await expect(page.getByText('How well does it scale?')).toBeVisible();

  await page.getByRole('textbox', { name: 'Worker counts' }).fill('1, 2');
  await page.getByRole('spinbutton', { name: 'Repetitions' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByText('More settings').press('Enter');
  await page.getByRole('textbox', { name: 'Time begins with the line' }).fill('are here');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('first');
  await page.getByRole('textbox', { name: 'Worker counts' }).focus();
  await page.keyboard.press('Enter');
  const going = page.getByRole('region', { name: 'Study under way' });
  await expect(going).toContainText(/Run \d of 6: /, { timeout: 120_000 });
  // A study of the same app has to wait for its end; it goes on when nobody looks.
  await expect(
    client.call('studies.start', { appId: id, workers: [1], mode: 'strong', repetitions: 1 }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await page.reload();
  await expect(going).toContainText(/Run \d of 6: /, { timeout: 30_000 });

  await expect(going).toBeHidden({ timeout: 90_000 });
  const result = page.getByRole('article', { name: 'Result of the study' });
  await expect(result).toContainText('Best value at 2 workers: ');
  const measures = result.getByRole('region', { name: 'Table of the study' });
  await expect(measures.getByRole('row')).toHaveCount(3);
  for (const name of ['Speedup', 'Efficiency', 'Serial fraction (Karp–Flatt)', 'Time'])
    await expect(result.getByRole('img', { name })).toBeVisible();
  await result.getByText('Numbers').first().click();
  await expect(result.getByRole('region', { name: 'Numbers of the plot Speedup' })).toBeVisible();
  const requirements = result.getByRole('list', { name: 'Requirements' }).getByRole('listitem');
  await expect(requirements.first()).toContainText(/^Met.*time at most/);
  await expect(requirements.nth(1)).toContainText(/^Not met.*efficiency at least 900 %/);
  const reportFile = await exported(page, 'Report (HTML)');
  expect(reportFile.name).toMatch(/^monte-carlo-pi-study-.*\.html$/);
  const picture = await exported(page, 'Plots (PNG)');
  expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.content.length).toBeGreaterThan(20_000);
  expect(reportFile.content.toString()).toContain('from the first line with “are here” to the end');
  expect((await exported(page, 'All runs (CSV)')).content.toString().split('\r\n')).toHaveLength(1 + 6 + 1);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await axe(page).include('[data-testid="study-panel"]').analyze();
    expect(found.violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await expectReport(page, reportFile.content.toString());
  expect(docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');

  await page.getByRole('button', { name: 'Start study' }).click();
  await going.getByRole('button', { name: 'Cancel' }).click();
  await expect(going).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Start study' })).toBeVisible();
  await expect.poll(() => docker(engine, 'ps', '-aq', '--filter', 'label=io.flotilla.study')).toBe('');
});

/** Exports the study that is shown, by keys alone. */
async function exported(page: Page, kind: string): Promise<{ name: string; content: Buffer }> {
  await page.getByRole('button', { name: 'Export' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: kind }).focus();
  const began = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const download = await began;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** The page stands alone: it loads nothing, and can be read by everyone in both themes. */
async function expectReport(page: Page, html: string): Promise<void> {
  const reader = await page.context().newPage();
  const asked: string[] = [];
  reader.on('request', (request) => asked.push(request.url()));
  await reader.setContent(html);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(
    'monte-carlo-pi: strong scaling of worker',
  );
  await expect(reader.getByRole('img')).toHaveCount(4);
  for (const colorScheme of ['light', 'dark'] as const) {
    await reader.emulateMedia({ colorScheme });
    const { violations } = await axe(reader).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html: part }) => part)])).toEqual([]);
  }
  expect(asked).toEqual([]);
  await reader.close();
}
