import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { launchBrowser } from './browser.ts';
import { median, quantile, round } from './statistics.ts';

const EVENTS = 40;
const compose = `name: benchpixel
services:
  main: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, x-flotilla: { role: main } }
  worker: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, scale: 8, x-flotilla: { role: worker } }
`;

interface Painted {
  at: number;
  text: string;
}

/**
 * A worker is paused and resumed from outside by the docker CLI; the latency is from the engine's own event time to the
 * first frame after the tile changed. The peer is the same event's arrival at `docker events` in a pipe.
 */
export async function benchEventToPixel(engine: LabEngine): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  writeFileSync(join(folder, 'compose.yaml'), compose);
  const shell = await startWebShell({ host: engine.host });
  const browser = await launchBrowser();
  const watcher = spawn('docker', ['-H', engine.host, 'events', '--format', '{{json .}}'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const events: { action: string; at: number; arrived: number }[] = [];
  let tail = '';
  watcher.stdout.on('data', (chunk: Buffer) => {
    tail += chunk.toString();
    const lines = tail.split('\n');
    tail = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as { Action: string; timeNano: number };
      events.push({ action: event.Action, at: event.timeNano / 1e6, arrived: epochNow() });
    }
  });
  const pixel: number[] = [];
  const peer: number[] = [];
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: folder });
    await client.call('apps.up', { appId: app.id });
    const page = await browser.newPage();
    await page.goto(shell.url);
    await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
    const tile = page.getByRole('list', { name: 'Workers' }).locator('[data-worker="worker-3"]').first();
    await tile.waitFor();
    await tile.evaluate((element) => {
      const log: Painted[] = [];
      (globalThis as unknown as { painted: Painted[] }).painted = log;
      const scope = element.closest('[role="list"]') ?? document.body;
      let last = '';
      new MutationObserver(() => {
        const text = scope.querySelector('[data-worker="worker-3"]')?.getAttribute('data-phase') ?? '';
        if (text === last) return;
        last = text;
        // The frame is on screen once a task runs after its animation callback.
        requestAnimationFrame(() =>
          setTimeout(() => log.push({ at: performance.timeOrigin + performance.now(), text }), 0),
        );
      }).observe(scope, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    const container = execFileSync(
      'docker',
      ['-H', engine.host, 'ps', '-q', '--filter', 'name=benchpixel-worker-3'],
      { encoding: 'utf8' },
    ).trim();
    for (let count = 0; count < EVENTS; count += 1) {
      const action = count % 2 === 0 ? 'pause' : 'unpause';
      events.length = 0;
      await page.evaluate(() => ((globalThis as unknown as { painted: Painted[] }).painted.length = 0));
      execFileSync('docker', ['-H', engine.host, action, container]);
      const wanted = action === 'pause' ? 'paused' : 'running';
      const seen = await page.waitForFunction(
        (text) =>
          (globalThis as unknown as { painted: Painted[] }).painted.find((entry) => entry.text === text),
        wanted,
        { timeout: 10_000, polling: 50 },
      );
      const painted = (await seen.jsonValue()) as Painted;
      const event = events.find((candidate) => candidate.action === action);
      if (event === undefined) throw new Error(`docker events did not report ${action}`);
      pixel.push(painted.at - event.at);
      peer.push(event.arrived - event.at);
      await delay(120);
    }
    await page.close();
    await client.call('apps.down', { appId: app.id });
    client.close();
  } finally {
    watcher.kill();
    await browser.close();
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const value = quantile(pixel, 0.95);
  return [
    {
      name: 'engine event → pixel, 95th percentile',
      unit: 'ms',
      value: round(value),
      goal: '≤ 150',
      met: value <= 150,
      detail: {
        medianMs: round(median(pixel)),
        maxMs: round(Math.max(...pixel)),
        n: pixel.length,
        peerDockerEventsP95Ms: round(quantile(peer, 0.95)),
      },
    },
  ];
}

const epochNow = (): number => performance.timeOrigin + performance.now();
