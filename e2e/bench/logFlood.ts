import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { launchBrowser } from './browser.ts';
import { benchProject } from './benchProject.ts';
import { median, quantile, round, summary } from './statistics.ts';

const WORKERS = 8;
const SECONDS = 60;
const SAMPLE_MS = 1_000;
const MIB = 1024 * 1024;
/** What the flat part may grow by before it is called growing: the grain of two garbage collectors. */
const FLAT_MIB = 15;

interface Probe {
  /** Milliseconds from frame to frame, and from callback to callback. */
  frames: number[];
  callbacks: number[];
  keys: number[];
}

/**
 * Eight workers that write without pause for a minute, with the page open on their merged log: memory of the server process and of the page,
 * frames while the log is scrolled, and keys until they are painted.
 */
export async function benchLogFlood(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject(
    'benchflood',
    `services:\n  worker:\n    image: busybox:latest\n    init: true\n    stop_grace_period: 1s\n    scale: ${WORKERS}\n    command: ["sh", "-c", "exec yes 'INFO step finished: residual 0.00012345 after 118 iterations, checkpoint written to disk'"]\n`,
  );
  const shell = await startWebShell({ host: engine.host, env: { FLOTILLA_LOG_LIMIT: '1g' } });
  const browser = await launchBrowser();
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: project });
    const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
    await page.goto(shell.url);
    await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
    await page.getByRole('tab', { name: /^Logs/ }).click();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const pid = shell.process.pid ?? -1;
    await delay(2_000);
    const before = rssOf(pid);
    const calm = await probe(page, 4_000, true);
    await client.call('apps.up', { appId: app.id });
    const began = performance.now();
    const rss: number[] = [];
    const heap: number[] = [];
    const seconds: number[] = [];
    const busy: Probe = { frames: [], callbacks: [], keys: [] };
    const over = new AbortController();
    const sampling = (async () => {
      while (!over.signal.aborted) {
        rss.push(rssOf(pid) / MIB);
        heap.push(await heapOf(session));
        seconds.push((performance.now() - began) / 1000);
        await delay(SAMPLE_MS);
      }
    })();
    // Scrolling and typing in turn, as a reader does.
    while (performance.now() - began < SECONDS * 1_000) {
      const part = await probe(page, 4_000, performance.now() - began > 5_000);
      busy.frames.push(...part.frames);
      busy.callbacks.push(...part.callbacks);
      busy.keys.push(...part.keys);
    }
    over.abort();
    await sampling;
    const lines = await linesOf(page);
    const at = (second: number, values: number[]) =>
      median(values.filter((_, index) => Math.abs((seconds[index] ?? 0) - second) <= 3));
    const growth = Math.max(...rss) - before / MIB;
    const flat = Math.max(at(SECONDS - 3, rss) - at(20, rss), at(SECONDS - 3, heap) - at(20, heap));
    await client.call('apps.down', { appId: app.id });
    client.close();
    const detail = {
      rssBeforeMiB: round(before / MIB),
      rssMiB: summary(rss),
      rssAt20MiB: round(at(20, rss)),
      rssAt60MiB: round(at(SECONDS - 3, rss)),
      heapMiB: summary(heap),
      heapAt20MiB: round(at(20, heap)),
      heapAt60MiB: round(at(SECONDS - 3, heap)),
      status: lines,
    };
    const frame = quantile(busy.frames, 0.95);
    const key = quantile(busy.keys, 0.95);
    const of = `${WORKERS} workers flooding for ${SECONDS} s`;
    return [
      row(`${of}: growth of the server’s memory`, 'MiB', growth, '≤ 150', growth <= 150, detail),
      row(
        `${of}: JavaScript heap of the page, most`,
        'MiB',
        Math.max(...heap),
        '≤ 120',
        Math.max(...heap) <= 120,
        detail,
      ),
      row(`${of}: growth from second 20 to 60`, 'MiB', flat, `≤ ${FLAT_MIB}`, flat <= FLAT_MIB, detail),
      row(`${of}: 95th percentile of a frame while scrolling`, 'ms', frame, '≤ 20', frame <= 20, {
        frames: summary(busy.frames),
        p99: round(quantile(busy.frames, 0.99)),
        longerThan20MsPercent: round(
          (busy.frames.filter((frame) => frame > 20).length / busy.frames.length) * 100,
        ),
        callbackToCallbackP95: round(quantile(busy.callbacks, 0.95)),
        peerWithoutFloodP95: round(quantile(calm.frames, 0.95)),
      }),
      row(`${of}: 95th percentile from key to paint`, 'ms', key, '≤ 60', key <= 60, {
        keys: summary(busy.keys),
        peerWithoutFloodP95: round(quantile(calm.keys, 0.95)),
      }),
    ];
  } finally {
    await browser.close();
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Half of the time the log is scrolled with the wheel while frames are timed, half of it a text is typed into the search. */
async function probe(page: Page, ms: number, withKeys: boolean): Promise<Probe> {
  await page.evaluate(() => {
    const store = globalThis as unknown as Probe & { timing: boolean };
    store.frames = [];
    store.callbacks = [];
    store.keys = [];
    store.timing = true;
    let last = performance.now();
    let lastCallback = last;
    // The time of a frame is the one it is made for; callbacks within it come sooner or later.
    const tick = (frame: number): void => {
      const now = performance.now();
      store.frames.push(frame - last);
      store.callbacks.push(now - lastCallback);
      last = frame;
      lastCallback = now;
      if (store.timing) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    document.addEventListener(
      'keydown',
      (event) => {
        const began = event.timeStamp;
        // On screen once a task runs after the next frame's callbacks.
        requestAnimationFrame(() => setTimeout(() => store.keys.push(performance.now() - began), 0));
      },
      { capture: true, once: false, signal: AbortSignal.timeout(60_000) },
    );
  });
  const log = page.getByRole('log', { name: 'Logs' }).first();
  const box = await log.boundingBox();
  if (box !== null) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const scrollUntil = performance.now() + ms / 2;
  let direction = -1;
  while (performance.now() < scrollUntil) {
    for (let step = 0; step < 8; step += 1) {
      await page.mouse.wheel(0, direction * 60);
      await delay(16);
    }
    direction = -direction;
  }
  const frames = await page.evaluate(() => {
    const store = globalThis as unknown as Probe & { timing: boolean };
    store.timing = false;
    return { frames: store.frames.slice(2), callbacks: store.callbacks.slice(2) };
  });
  if (withKeys) {
    const search = page.getByRole('textbox', { name: 'Search logs' }).first();
    await search.focus();
    const typeUntil = performance.now() + ms / 2;
    const text = 'residual';
    for (let at = 0; performance.now() < typeUntil; at += 1) {
      await page.keyboard.press(text[at % text.length] ?? 'x');
      await delay(90);
      if (at % text.length === text.length - 1) await search.fill('');
    }
    await search.fill('');
    await page.keyboard.press('Escape');
  } else await delay(ms / 2);
  const keys = await page.evaluate(() => (globalThis as unknown as { keys: number[] }).keys);
  return { ...frames, keys };
}

function row(
  name: string,
  unit: string,
  value: number,
  goal: string,
  met: boolean,
  detail: Record<string, unknown>,
): BenchRow {
  return { name, unit, value: round(value), goal, met, detail };
}

function rssOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error('The server’s memory cannot be read.');
  return Number(kib) * 1024;
}

async function heapOf(session: {
  send(method: 'Performance.getMetrics'): Promise<{ metrics: { name: string; value: number }[] }>;
}): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find((metric) => metric.name === 'JSHeapUsedSize')?.value ?? Number.NaN) / MIB;
}

/** What the page's status line says of the log. */
async function linesOf(page: Page): Promise<string> {
  const status = page.getByLabel('State of the log');
  return (await status.locator('span').allTextContents()).join(' ');
}
