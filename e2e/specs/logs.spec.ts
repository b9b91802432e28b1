import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expectAccessibleThemes } from '../lab/axe.ts';
import { say, service, test as base, textsOf, worker } from '../lab/logPage.ts';
import { expect } from '../lab/test.ts';

const PROJECT = 'mixed';
const EPOCHS = [0, 1, 2, 3].flatMap((rank) =>
  [0.05, 0.2].map((loss) => `{"level":"info","rank":${rank},"loss":${loss},"msg":"epoch"}`),
);
const TRACE = [
  'Traceback (most recent call last):',
  '  File "run.py", line 3',
  '    main()',
  'ValueError: bad seed',
];
const HOSTILE =
  '<img src=x onerror="window.hit=1"> \\033]0;stolen\\007\\342\\200\\256left\\342\\200\\254 nul\\000end';
/** What is seen of it. */
const HARMLESS = '<img src=x onerror="window.hit=1"> left nulend';
const STEPS = 30;
/** Lines of main and of the two workers. */
const WRITTEN = STEPS + EPOCHS.length + TRACE.length + 3 + 2 * 2;
/** With what Flotilla says of them: three have started. */
const KEPT = WRITTEN + 3;

const MAIN = `i=0; while [ $i -lt ${STEPS} ]; do i=$((i+1)); echo INFO step $i residual=0.5; done
echo WARN disk is slow; echo ERROR lost a rank
${EPOCHS.map((line) => `echo '${line}'`).join('\n')}
printf '${HOSTILE}\\n'
sleep 0.2; printf '${TRACE.join('\\n')}\\n' >&2; sleep 1000`;

interface Viewer {
  /** Texts of the rows in the document that are lines. */
  texts: () => Promise<string[]>;
  log: Locator;
  state: Locator;
  filter: Locator;
}

/** The page of a running app whose whole log is there. */
const test = base.extend<{ viewer: Viewer }>({
  viewer: async ({ page, run }, provide) => {
    const { log, state } = await run(PROJECT, {
      main: service(MAIN, { 'x-flotilla': { role: 'main' } }),
      worker: service('echo INFO worker ready; echo WARN worker retries; sleep 1000', {
        ...worker,
        scale: 2,
      }),
    });
    await expect(state).toContainText(`${KEPT} lines`);
    await provide({ log, state, texts: () => textsOf(log), filter: page.getByLabel('Filter lines') });
  },
});

const bySort = (lines: readonly string[]) => [...lines].sort();
const WARNINGS = ['WARN disk is slow', 'ERROR lost a rank', 'WARN worker retries', 'WARN worker retries'];
/** As the log shows it: its first line says how many follow. */
const SHOWN_TRACE = [`${TRACE[0]}+3`, ...TRACE.slice(1)];

test('filters by level, field, word and expression; says what it cannot read and hurts nothing', async ({
  page,
  viewer: { filter, texts, state },
}) => {
  const cases: [string, string[]][] = [
    ['level>=warn', [...WARNINGS, ...SHOWN_TRACE]],
    ['rank=3', EPOCHS.slice(6)],
    ['loss<0.1', EPOCHS.filter((line) => line.includes('0.05'))],
    ['rank=3 loss<0.1', [EPOCHS[6] ?? '']],
    ['WARN -disk', ['WARN worker retries', 'WARN worker retries']],
    ['/step [1-3] /', [1, 2, 3].map((step) => `INFO step ${step} residual=0.5`)],
  ];
  for (const [text, lines] of cases) {
    await filter.fill(text);
    await expect.poll(async () => bySort(await texts()), { message: text }).toEqual(bySort(lines));
    await expect(state).toContainText(`${lines.length} of ${KEPT} lines`);
  }
  await filter.fill('-step');
  await expect(state).toContainText(`${WRITTEN - STEPS} of ${KEPT} lines`);
  await filter.fill('rank=3');
  await expect.poll(texts).toEqual(EPOCHS.slice(6));

  await filter.fill('/step (/');
  await expect(page.getByRole('alert').filter({ hasText: /regular expression|group/i })).toBeVisible();
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  // What was understood last goes on.
  expect(await texts()).toEqual(EPOCHS.slice(6));
  await filter.fill('/step (1|2) /');
  await expect.poll(texts).toEqual(['INFO step 1 residual=0.5', 'INFO step 2 residual=0.5']);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear the filter' }).click();

  await page.getByRole('button', { name: 'All levels' }).click();
  const levels = page.getByRole('dialog', { name: 'Levels' });
  await levels.getByRole('button', { name: 'Errors only' }).click();
  await expect.poll(texts).toEqual(['ERROR lost a rank', ...SHOWN_TRACE]);
  await levels.getByRole('checkbox', { name: 'Warning' }).check();
  await expect(state).toContainText(`8 of ${KEPT} lines`);
  await levels.getByRole('button', { name: 'All lines' }).click();
  await expect(state).toContainText(`${KEPT} lines`);
  await expect(state).not.toContainText(/of \d+ lines/);
});

test('shows one worker by list and by tile; what a hostile program writes is text', async ({
  page,
  viewer: { log, texts },
}) => {
  const list = page.getByRole('combobox', { name: 'Log filter' });
  const own = ['INFO worker ready', 'WARN worker retries'];
  const shown = () =>
    log.locator('[data-worker]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-worker')));
  await list.selectOption('worker:worker-1');
  await expect.poll(texts).toEqual(own);
  expect(await shown()).toEqual(['worker-1', 'worker-1']);
  const tile = page.getByRole('list', { name: 'Workers' }).getByRole('button', { name: /^worker 2/ });
  await tile.click();
  await expect(list).toHaveValue('worker:worker-2');
  await expect.poll(shown).toEqual(['worker-2', 'worker-2']);
  expect(await texts()).toEqual(own);
  await tile.click();
  await expect(list).toHaveValue('all');
  await expect.poll(texts).toContain(HARMLESS);

  await expect(log.locator('img')).toHaveCount(0);
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  await expect(page).not.toHaveTitle(/stolen/);
  // As a whole line and in its details, too.
  await log.getByText(HARMLESS).click();
  await log.press('Enter');
  const details = page.getByRole('region', { name: 'Details of the line' });
  await expect(details).toContainText(HARMLESS);
  await expect(details.locator('img')).toHaveCount(0);
  expect(await page.locator('body').innerText()).not.toMatch(/[\u0000\u001b\u202e]/);
});

test('exports and copies exactly what is shown', async ({ page, context, engine, viewer }) => {
  const { filter, log, state, texts } = viewer;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const download = async (item: RegExp) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const began = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    const file = await began;
    const content = readFileSync(await file.path(), 'utf8');
    expect(content.endsWith('\n')).toBe(true);
    return { name: file.suggestedFilename(), lines: content.slice(0, -1).split('\n') };
  };
  const engineLog = ['-H', engine.host, 'logs', '--timestamps', `${PROJECT}-main-1`];
  /** The engine's own word: `time text`. What went to stderr comes there, and is not asked for. */
  const witness = (text: string) =>
    execFileSync('docker', engineLog, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .find((line) => line.endsWith(text)) ?? '';

  await filter.fill('level>=warn');
  await expect(state).toContainText(`8 of ${KEPT} lines`);
  const text = await download(/^Text/);
  expect(text.name).toMatch(/\.log$/);
  expect(bySort(text.lines.map((line) => line.replace(/^\S+ /, '')))).toEqual(
    bySort([
      'worker-1 | WARN worker retries',
      'worker-2 | WARN worker retries',
      ...['WARN disk is slow', 'ERROR lost a rank', ...TRACE].map((line) => `main-1 | ${line}`),
    ]),
  );
  // By time; those of one worker as the engine has them: of what it wrote to both streams at once the later may bear the earlier time.
  const latest = new Map<string, string>();
  const order = text.lines.map((line) => {
    const [time = '', worker = ''] = line.split(' ');
    const key = bySort([time, latest.get(worker) ?? '']).at(-1) ?? '';
    latest.set(worker, key);
    return key;
  });
  expect(order).toEqual(bySort(order));
  const [time = ''] = witness('WARN disk is slow').split(' ');
  expect(text.lines).toContain(`${time} main-1 | WARN disk is slow`);

  await filter.fill('rank=3');
  await expect.poll(texts).toEqual(EPOCHS.slice(6));
  const json = await download(/^JSON lines/);
  expect(json.name).toMatch(/\.jsonl$/);
  expect(json.lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    EPOCHS.slice(6).map((line) => ({
      time: witness(line).split(' ')[0],
      worker: 'main-1',
      stream: 'stdout',
      level: 'info',
      text: line,
      fields: expect.objectContaining({ msg: 'epoch' }) as unknown,
    })),
  );
  expect((await download(/^Whole log as text/)).lines).toHaveLength(WRITTEN);
  expect((await download(/^Whole log as JSON lines/)).lines).toHaveLength(WRITTEN);

  const rows = log.locator('[data-worker]');
  await rows.first().click();
  await rows.last().click({ modifiers: ['Shift'] });
  await page.keyboard.press('ControlOrMeta+c');
  await expect(page.getByText('2 lines copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    EPOCHS.slice(6)
      .map((line) => `main-1  ${line}`)
      .join('\n'),
  );
});

test('from the keyboard only: wrap, split, bookmarks, details, clear and back', async ({
  page,
  engine,
  viewer: { log, state, texts },
}) => {
  const { keyboard } = page;
  const type = async (...keys: string[]) => {
    for (const key of keys) await keyboard.press(key);
  };
  /** Tab until the control of this name has the focus. */
  const tabTo = async (control: Locator) => {
    await expect(control).toBeVisible();
    for (let presses = 0; presses < 60; presses += 1) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press('Tab');
    }
    throw new Error('No way there by Tab.');
  };
  await type('/', 'Escape');
  await expect(log).toBeFocused();

  await type('w');
  await expect(log).toHaveAttribute('data-wrap', 'true');
  await type('w');
  await expect(log).not.toHaveAttribute('data-wrap');

  await type('v');
  const second = page.getByRole('log', { name: 'Logs, pane 2' });
  await expect.poll(() => textsOf(second)).toContain('ERROR lost a rank');
  await tabTo(page.getByRole('combobox', { name: 'Workers of Logs, pane 2' }));
  // Chosen by its first letters, as in any list.
  await keyboard.type('worker-1');
  await expect.poll(() => textsOf(second)).toEqual(['INFO worker ready', 'WARN worker retries']);
  await tabTo(page.getByRole('button', { name: 'Close this pane' }));
  await type('Enter');
  await expect(second).toHaveCount(0);
  await expect.poll(texts).toContain('ERROR lost a rank');

  await type('/', 'Escape', 'g', 'g');
  await expect(state).toContainText('Line 1');
  const details = page.getByRole('region', { name: 'Details of the line' });
  const goTo = async (line: string) => {
    // The cursor begins on the first row; the details go along with it.
    for (let presses = 0; presses < 80; presses += 1) {
      const shown = await details.innerText();
      if (shown.includes(line)) return;
      await keyboard.press('ArrowDown');
      // Each line has a time or a number of its own: the next press waits until this one is seen, some frames later.
      await expect.poll(() => details.innerText(), { intervals: [20, 20, 50, 100] }).not.toBe(shown);
    }
    throw new Error(`No way to ${line} by arrows.`);
  };
  await type('ArrowDown', 'Enter');
  await expect(details).toBeVisible();
  await goTo('INFO step 7 ');
  await type('m');
  await goTo('"rank": 3');
  const field = (name: string) => details.getByRole('row').filter({ hasText: name }).first();
  await expect(field('loss')).toContainText('0.05');
  await type('m');
  await goTo(TRACE[0] ?? '');
  await expect(details).toContainText('Continued, 3 lines');
  await expect(details).toContainText('ValueError: bad seed');
  await type('[');
  await expect(field('rank')).toContainText('3');
  await type('[');
  await expect(details).toContainText('INFO step 7 ');
  await type(']');
  await expect(field('rank')).toContainText('3');
  const marked = log.locator('[data-row]').filter({ has: page.locator('[data-bookmarked]') });
  await expect(marked).toHaveText([/rank":3,"loss":0\.05/]);
  await type('m');
  await expect(marked).toHaveCount(0);
  await type('Escape');
  await expect(details).toHaveCount(0);
  await expect(log).toBeFocused();

  await tabTo(page.getByRole('button', { name: 'More', exact: true }));
  await type('Enter');
  await expect(page.getByRole('menu', { name: 'More' })).toBeVisible();
  await keyboard.type('Clear');
  await expect(page.getByRole('menuitem', { name: /^Clear/ })).toBeFocused();
  await type('Enter');
  await expect.poll(texts).toEqual([]);
  say(engine, `${PROJECT}-main-1`, 'INFO after the clearing');
  await expect.poll(texts).toEqual(['INFO after the clearing']);
  await expect(state).toContainText(`1 of ${KEPT + 1} lines`);
  await tabTo(page.getByRole('button', { name: 'Show earlier lines' }));
  await type('Enter');
  await expect.poll(texts).toEqual(expect.arrayContaining(['ERROR lost a rank', 'INFO after the clearing']));
  await expect(state).not.toContainText(/of \d+ lines/);
});

test('a stop repeats no line and notes each end once', async ({ page, viewer: { log, state, texts } }) => {
  // Which worker wrote last depends on how fast they were started; the trace is among these lines.
  const LAST = SHOWN_TRACE.length + 2 * 2;
  const before = (await texts()).slice(-LAST);
  expect(before).toEqual(expect.arrayContaining(SHOWN_TRACE));
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const ends = log.locator('[data-notice]').filter({ hasText: 'exited' });
  await expect(ends).toHaveCount(3);
  // The last line continues another, written long before its container ended.
  expect((await texts()).slice(-LAST)).toEqual(before);
  await expect(state).toContainText(`${KEPT + 3} lines`);
  await expect(ends).toHaveCount(3);
});

test('the viewer meets WCAG 2.2 AA in light and dark, also at 200 % zoom', async ({
  page,
  viewer: { log },
}) => {
  test.slow();
  await expectAccessibleThemes(page, 'lines');
  await page.getByLabel('Search logs').fill('rank');
  await expect(page.getByRole('status', { name: 'Matches' })).toHaveText('9 / 9');
  await expectAccessibleThemes(page, 'search');
  await page.getByLabel('Search logs').fill('');
  await log.getByText(EPOCHS[7] ?? '').click();
  await log.press('Enter');
  const details = page.getByRole('region', { name: 'Details of the line' });
  await expect(details.getByRole('table')).toBeVisible();
  await expectAccessibleThemes(page, 'details');
  await page.getByRole('button', { name: 'Workers and colours' }).click();
  await expect(page.getByRole('list', { name: 'Workers in the log' })).toBeVisible();
  await expectAccessibleThemes(page, 'legend');
  await page.keyboard.press('Escape');
  // 200 % zoom of a 1280 px window leaves 640 px.
  await page.setViewportSize({ width: 640, height: 410 });
  await expect(details).toBeVisible();
  await expectAccessibleThemes(page, 'details at 200 %');
  await page.getByRole('button', { name: 'Close details' }).click();
  await expect(log.locator('[data-row]').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
  await expectAccessibleThemes(page, 'lines at 200 %');
});
