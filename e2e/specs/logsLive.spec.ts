import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import type { LabEngine } from '../lab/LabEngine.ts';
import { say, service, test, textsOf, worker } from '../lab/logPage.ts';
import { docker, expect } from '../lab/test.ts';

/** What `docker logs` says a container wrote. */
function witness(engine: LabEngine, container: string): { time: string; text: string }[] {
  return docker(engine, 'logs', '--timestamps', container)
    .split('\n')
    .map((line) => ({ time: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1) }));
}

async function exportText(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const began = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^Text/ }).click();
  return readFileSync(await (await began).path(), 'utf8')
    .trimEnd()
    .split('\n');
}

/** Lines that at least reach into the list: whose they are, what they say, and where each stands, in pixels from its top. */
function standing(log: Locator): Promise<{ line: string; top: number }[]> {
  return log.evaluate((list) => {
    const frame = list.getBoundingClientRect();
    return [...list.querySelectorAll<HTMLElement>('[data-row][data-worker]')]
      .map((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        const line = `${row.dataset.worker} ${row.lastElementChild?.textContent}`;
        return { line, top: Math.round(top - frame.top), bottom: bottom - frame.top };
      })
      .filter(({ top, bottom }) => bottom > 1 && top < frame.height)
      .map(({ line, top }) => ({ line, top }));
  });
}

test('a flood of four workers: follows, lets go, comes back, and stays small and quick', async ({
  page,
  run,
}) => {
  const flood = `awk 'BEGIN { while (1) print "INFO step " ++n " residual 0.001" }'`;
  const { log, kept, state } = await run('flood', { worker: service(flood, { scale: 4, ...worker }) });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const expectSmall = async () => {
    expect(await log.locator('[data-row]').count()).toBeLessThanOrEqual(120);
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = metrics.find((metric) => metric.name === 'JSHeapUsedSize')?.value;
    expect(heap).toBeLessThan(120 * 1024 * 1024);
  };
  const grown = async (by: number) => {
    const before = await kept();
    await expect.poll(kept, { timeout: 40_000 }).toBeGreaterThan(before + by);
  };
  const last = async () => (await textsOf(log, true)).at(-1) ?? '';

  await expect.poll(last).toMatch(/^INFO step \d+ residual 0\.001$/);
  for (let changes = 0; changes < 3; changes += 1) {
    const before = await last();
    await expect.poll(last).not.toBe(before);
  }
  await expect(state).toContainText('Following');
  await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThan(100_000);
  await expectSmall();

  await log.hover();
  await page.mouse.wheel(0, -90);
  await expect(state).toContainText(/^Line [\d,]+/);
  let held = await standing(log);
  await expect
    .poll(async () => {
      const before = held[0];
      held = await standing(log);
      return before && JSON.stringify(held[0]) === JSON.stringify(before);
    })
    .toBe(true);
  expect(held.length).toBeGreaterThan(5);
  for (let rounds = 0; rounds < 6; rounds += 1) {
    await grown(20_000);
    // A worker that the engine was late with may have lines that belong between those below: only then do these go down.
    const now = await standing(log);
    expect(now[0]).toEqual(held[0]);
    const lines = now.map(({ line }) => line);
    const stayed = held.map(({ line }) => line).filter((line) => lines.includes(line));
    expect(lines.filter((line) => stayed.includes(line))).toEqual(stayed);
  }
  await expectSmall();

  const search = page.getByLabel('Search logs');
  await search.pressSequentially('residual', { timeout: 3_000 });
  await expect(search).toHaveValue('residual', { timeout: 1_000 });
  await expect(page.getByRole('status', { name: 'Matches' })).toContainText(/[\d,]{5,}/);
  await search.press('Escape');
  await expect(search).toHaveValue('', { timeout: 1_000 });
  await expectSmall();

  await page.getByRole('button', { name: /^[\d,]+ new lines$/ }).click();
  await expect(state).toContainText('Following');
  const before = await last();
  expect(held.map(({ line }) => line.slice(line.indexOf(' ') + 1))).not.toContain(before);
  await expect.poll(last).not.toBe(before);
  await expect(page.getByRole('button', { name: /new lines$|^Jump to end$/ })).toHaveCount(0);
});

test('search counts exactly, steps through matches in their surroundings, ends what takes for ever', async ({
  page,
  run,
  engine,
}) => {
  const lines = 20_000;
  const every = 500;
  const write = `awk 'BEGIN { for (n = 1; n <= ${lines}; n++) print (n % ${every} ? "hay" : "Needle") " at " n }'`;
  const long = `${'a'.repeat(200)}b`;
  const { log, kept } = await run('search', { main: service(`${write}; echo ${long}; sleep 1000`) });
  await expect.poll(kept).toBe(lines + 2);
  const search = page.getByLabel('Search logs');
  const matches = page.getByRole('status', { name: 'Matches' });
  /** The match of this number is stood on, in sight, with the lines before and after it. */
  const expectAt = async (number: number) => {
    await expect(matches).toHaveText(`${number} / ${lines / every}`);
    const at = number * every;
    const expected = [`hay at ${at - 2}`, `hay at ${at - 1}`, `Needle at ${at}`];
    if (at < lines) expected.push(`hay at ${at + 1}`, `hay at ${at + 2}`);
    await expect.poll(() => textsOf(log, true)).toEqual(expect.arrayContaining(expected));
    await expect(log.locator('mark').filter({ visible: true })).toHaveText(['Needle']);
  };
  await page.keyboard.press('/');
  await page.keyboard.type('needle');
  await expectAt(40);
  const steps: [string, number][] = [
    ['Shift+Enter', 39],
    ['Shift+F3', 38],
    ['Enter', 39],
    ['F3', 40],
    ['Enter', 1],
    ['F3', 2],
    ['Shift+Enter', 1],
    ['Shift+Enter', 40],
  ];
  for (const [keys, number] of steps) {
    await search.press(keys);
    await expectAt(number);
  }
  await page.getByRole('button', { name: 'Match case' }).click();
  await expect(matches).toHaveText('No match');
  await page.getByRole('button', { name: 'Match case' }).click();
  await search.press('Escape');
  await expect(search).toHaveValue('');
  await expect(matches).toHaveCount(0);
  await expect(log.locator('mark')).toHaveCount(0);

  await search.fill('needle at \\d*500$');
  await expect(matches).toHaveText('No match');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await expect(matches).toHaveText(/ \/ 20$/);
  await search.fill('needle (');
  await expect(page.getByRole('search').getByRole('alert')).toBeVisible();

  const problem = page
    .getByRole('search')
    .getByRole('alert')
    .filter({ hasText: /too long/ });
  await search.fill('^(a+)+$');
  await expect(problem).toBeVisible({ timeout: 10_000 });
  // Nothing else ended with it.
  say(engine, 'search-main-1', 'still here');
  await expect.poll(kept).toBe(lines + 3);
  await search.fill('needle');
  await expect(matches).toHaveText(/ \/ 40$/);
  await expect(problem).toHaveCount(0);
  await search.press('Escape');
  const filter = page.getByLabel('Filter lines');
  await filter.fill('/^(a+)+$/');
  const told = page.getByRole('region', { name: 'Log panel' }).getByText(/takes too long/);
  await expect(told.first()).toBeVisible({ timeout: 10_000 });
  // Lines of before, or words in their place: an empty list would look like an empty log.
  await expect(
    log.locator('[data-worker]').first().or(page.getByText('The filter takes too long')),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(told).toHaveCount(0);
  await log.press('End');
  await expect.poll(() => textsOf(log, true)).toContain('still here');
});

test('times: jump, histogram brushed by keys, and the ways to show them', async ({ page, run, engine }) => {
  const burst = (name: string) => `i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo ${name} $i; done`;
  const script = `${burst('early')}; sleep 2; ${burst('middle')}; sleep 2; ${burst('ERROR late')}; sleep 1000`;
  const { log, state, kept } = await run('times', { main: service(script) });
  await expect.poll(kept).toBe(301);
  const first = async () => (await textsOf(log, true))[0];
  const { time = '' } = witness(engine, 'times-main-1').find((line) => line.text === 'middle 1') ?? {};

  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await expect(log).toBeFocused();
  await page.keyboard.press('j');
  const dialog = page.getByRole('dialog', { name: 'Go to a time' });
  await page.keyboard.type('tomorrow');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Not a time');
  await dialog.getByLabel('Time').fill(time);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect.poll(first).toMatch(/^(early 100|middle 1)$/);
  // The engine writes nanoseconds, a moment is asked for in milliseconds.
  expect((await textsOf(log, true)).slice(0, 2)).toContain('middle 1');

  const row = log.locator('[data-worker]').filter({ hasText: /middle 1$/ });
  const utc = `${time.slice(11, 23)}Z`;
  await log.focus();
  const modes: [string, RegExp][] = [
    ['Time since the first line; change', /\+\d\.\d{3} s/],
    ['Local time; change', /\d\d:\d\d:\d\d\.\d{3}(?!Z)/],
    ['UTC; change', new RegExp(utc.replaceAll('.', '\\.'))],
    ['Times hidden; change', /^main-1middle 1$/],
  ];
  for (const [name, words] of modes) {
    await page.keyboard.press('t');
    await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
    await expect(row).toHaveText(words);
  }

  const histogram = page.getByRole('slider', { name: 'Lines over time' });
  await expect(histogram).toBeVisible();
  await page.keyboard.press('h');
  await expect(histogram).toBeFocused();
  await page.keyboard.press('End');
  await expect(histogram).toHaveAttribute('aria-valuetext', /, (\d+) lines, Error \1$/);
  await page.keyboard.press('Home');
  const buckets = Number(await histogram.getAttribute('aria-valuemax')) + 1;
  // The first quarter: the early lines, two seconds before the middle ones.
  const presses = Math.floor(buckets / 4 / 10);
  for (let press = 0; press < presses; press += 1) await page.keyboard.press('Shift+PageUp');
  await expect(histogram).toHaveAttribute('aria-valuenow', String(presses * 10));
  await expect(histogram).toHaveAttribute('aria-valuetext', /, 100 lines$/);
  await page.keyboard.press('Enter');
  await expect(state).toContainText(/10[01] of 301 lines/);
  await expect.poll(async () => (await textsOf(log)).at(-1)).toBe('early 100');
  await page.getByRole('button', { name: 'Show all times' }).click();
  await expect(page.getByRole('button', { name: 'Show all times' })).toHaveCount(0);
  await expect(state).toContainText('301 lines');
  await expect(state).not.toContainText(/of \d+ lines/);
});

test('removed workers stay readable, new ones join, a restart repeats and loses nothing', async ({
  page,
  run,
  engine,
}) => {
  // Each start of a container has a number of its own.
  const script =
    'b=$(cat /proc/sys/kernel/random/uuid); n=0; while true; do n=$((n+1)); echo $HOSTNAME boot $b line $n; sleep 0.1; done';
  const { log, state, kept, scale } = await run('fleet', {
    worker: service(script, { scale: 3, ...worker }),
  });
  const shown = (name: string) => log.locator(`[data-worker="${name}"]`);
  const gone = docker(engine, 'inspect', '--format', '{{.Config.Hostname}}', 'fleet-worker-3');
  await expect(shown('worker-3').first()).toBeVisible();
  await scale(1);
  const legend = page.getByRole('list', { name: 'Workers in the log' });
  await page.getByRole('button', { name: 'Workers and colours' }).click();
  await expect(legend.getByRole('listitem').filter({ hasText: 'worker-3' })).toContainText('removed');
  await expect(legend.getByRole('listitem').filter({ hasText: 'worker-1' })).toContainText('following');
  await legend.getByRole('button', { name: 'Only worker-3' }).click();
  await expect(page.getByRole('combobox', { name: 'Log filter' })).toHaveValue('worker:worker-3');
  await expect.poll(() => textsOf(log)).toContainEqual(expect.stringContaining(gone));
  await expect(shown('worker-1')).toHaveCount(0);

  await scale(3);
  const fresh = docker(engine, 'inspect', '--format', '{{.Config.Hostname}}', 'fleet-worker-3');
  expect(fresh).not.toBe(gone);
  await expect.poll(() => textsOf(log)).toContainEqual(expect.stringContaining(fresh));

  await page.getByRole('combobox', { name: 'Log filter' }).selectOption('worker:worker-1');
  // Only what is in sight can be read: whoever was seen once stays in the set.
  const seen = new Set<string | undefined>();
  const boots = async () => {
    for (const text of await textsOf(log)) if (text.includes(' boot ')) seen.add(text.split(' ')[2]);
    return seen.size;
  };
  await expect(shown('worker-1').first()).toBeVisible();
  await expect.poll(boots).toBe(1);
  docker(engine, 'restart', '-t', '0', 'fleet-worker-1');
  await expect.poll(boots).toBe(2);
  await page.getByRole('combobox', { name: 'Log filter' }).selectOption('all');
  const before = await kept();
  await expect.poll(kept).toBeGreaterThan(before + 30);

  const lines = (await exportText(page)).map((line) => line.split(' | '));
  const numbers = new Map<string, number[]>();
  for (const [head = '', text = ''] of lines) {
    const [, boot, number] = / boot (\S+) line (\d+)$/.exec(text) ?? [];
    const key = `${head.split(' ')[1]} ${boot}`;
    numbers.set(key, [...(numbers.get(key) ?? []), Number(number)]);
  }
  const starts = [...numbers.keys()].map((key) => key.split(' ')[0] ?? '').sort((a, b) => a.localeCompare(b));
  expect(starts).toEqual(['worker-1', 'worker-1', 'worker-2', 'worker-2', 'worker-3', 'worker-3']);
  for (const [key, found] of numbers) expect(found, key).toEqual(found.map((_, at) => at + 1));
  // The engine has no more of it than the export, but what came since.
  const own = lines.filter(([head]) => head?.endsWith(' worker-1')).map(([, text]) => text);
  const all = witness(engine, 'fleet-worker-1').map((line) => line.text);
  expect(own.length).toBeGreaterThan(20);
  expect(own).toEqual(all.slice(0, own.length));
  await expect(state).toContainText('Following');
});

test('a logging driver that keeps nothing is said', async ({ page, run }) => {
  const { log } = await run('silent', {
    main: service('while true; do echo heard; sleep 0.5; done'),
    worker: service('while true; do echo unheard; sleep 0.5; done', {
      ...worker,
      logging: { driver: 'none' },
    }),
  });
  await expect.poll(() => textsOf(log)).toContain('heard');
  await page.getByRole('button', { name: 'Workers and colours' }).click();
  const entry = page.getByRole('list', { name: 'Workers in the log' }).getByRole('listitem');
  await expect(entry.filter({ hasText: 'worker-1' })).toContainText(/not available.*logging driver/);
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Log filter' }).selectOption('worker:worker-1');
  // Not only in a menu: who asks for its lines is told why there are none.
  await expect(page.getByRole('region', { name: 'Log panel' })).toContainText(/logging driver/);
});
