import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { browserPid, cpuShareOfTree, launchBrowser } from './browser.ts';
import { round } from './statistics.ts';

const WINDOW_MS = 30_000;
const compose = `name: benchidle
services:
  main: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, x-flotilla: { role: main } }
  worker: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, scale: 19, x-flotilla: { role: worker } }
`;

/** CPU of the server and of the whole browser while twenty quiet containers are on screen; the peer is the same browser with an empty page. */
export async function benchIdle(engine: LabEngine): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  writeFileSync(join(folder, 'compose.yaml'), compose);
  const shell = await startWebShell({ host: engine.host });
  const browser = await launchBrowser();
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: folder });
    await client.call('apps.up', { appId: app.id });
    client.close();
    const page = await browser.newPage();
    const pid = browserPid();
    const emptyBrowser = await cpuShareOfTree(pid, WINDOW_MS);
    await page.goto(shell.url);
    await page.goto(`${new URL(shell.url).origin}/#/app/${encodeURIComponent(app.id)}`);
    await page.getByRole('list', { name: 'Workers' }).locator('[data-worker="worker-19"]').first().waitFor();
    // Uptimes tick by the second in the first minute; idle is what comes after.
    await delay(65_000);
    const [server, window] = await Promise.all([
      cpuShareOfTree(shell.process.pid ?? -1, WINDOW_MS),
      cpuShareOfTree(pid, WINDOW_MS),
    ]);
    const total = server + window;
    const cleanup = await WireClient.connect(shell.url);
    await cleanup.call('apps.down', { appId: app.id });
    cleanup.close();
    return [
      {
        name: 'idle CPU, 20 running containers on screen (server and browser)',
        unit: '% of a core',
        value: round(total),
        goal: '≤ 2',
        met: total <= 2,
        detail: {
          serverPercent: round(server),
          browserPercent: round(window),
          peerEmptyBrowserPercent: round(emptyBrowser),
          windowSeconds: WINDOW_MS / 1000,
        },
      },
    ];
  } finally {
    await browser.close();
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
