import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { LabEngine } from './LabEngine.ts';
import { docker, expect, leftOvers, test as base } from './test.ts';
import { WireClient } from './WireClient.ts';

/** A service of the lab's busybox that runs a shell script. */
export const service = (script: string, options: object = {}) => ({
  image: 'busybox:latest',
  command: ['sh', '-c', script.replaceAll('$', '$$$$')],
  init: true,
  stop_grace_period: '1s',
  ...options,
});
export const worker = { 'x-flotilla': { role: 'worker' } };

/** An app that runs, and its log on the page. */
export interface RunningApp {
  log: Locator;
  state: Locator;
  /** Lines kept, as the status line says. */
  kept: () => Promise<number>;
  scale: (replicas: number) => Promise<unknown>;
}

/** Starts an app and shows its page; afterwards nothing of it is left and nothing went wrong. */
export const test = base.extend<{ run: (project: string, services: object) => Promise<RunningApp> }>({
  viewport: { width: 1280, height: 1100 },
  run: async ({ page, shell, engine }, provide) => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-logs-'));
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    const client = await WireClient.connect(shell.url);
    await page.goto(shell.url);
    await expect(page.getByTestId('engine-chip')).toHaveAttribute('data-phase', 'ready');
    const started: { appId: string; project: string }[] = [];
    try {
      await provide(async (project, services) => {
        mkdirSync(join(folder, project));
        writeFileSync(join(folder, project, 'compose.yaml'), JSON.stringify({ services }));
        const { id: appId } = await client.call('apps.open', { path: join(folder, project) });
        started.push({ appId, project });
        await client.call('apps.up', { appId });
        await page.goto(`${new URL(shell.url).origin}/#/app/${appId}`);
        const state = page.getByLabel('State of the log');
        await expect(state).toContainText('lines');
        return {
          log: page.getByRole('log', { name: 'Logs', exact: true }),
          state,
          kept: async () =>
            Number(/([\d,]+) lines/.exec(await state.innerText())?.[1]?.replaceAll(',', '') ?? 0),
          scale: (replicas) => client.call('apps.scale', { appId, service: 'worker', replicas }),
        };
      });
    } finally {
      for (const { appId, project } of started) {
        await client.call('apps.down', { appId });
        expect(leftOvers(engine, project)).toEqual([]);
      }
      const open = async () => (await client.call('engine.liveStreams', {})).map((stream) => stream.purpose);
      await expect.poll(async () => (await open()).filter((purpose) => purpose !== 'events')).toEqual([]);
      client.close();
      rmSync(folder, { recursive: true, force: true });
    }
    expect(errors).toEqual([]);
  },
});

/** Texts of lines by where they stand: `inSight` only those wholly within the list. */
export function textsOf(log: Locator, inSight = false): Promise<string[]> {
  return log.evaluate((list, inSight) => {
    const frame = list.getBoundingClientRect();
    return [...list.querySelectorAll('[data-row][data-worker]')]
      .filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return !inSight || (top >= frame.top - 1 && bottom <= frame.bottom + 1);
      })
      .map((row) => row.lastElementChild?.textContent ?? '');
  }, inSight);
}

/** A line in the log of a running container, written now. */
export function say(engine: LabEngine, container: string, text: string): void {
  docker(engine, 'exec', container, 'sh', '-c', `echo '${text}' > /proc/1/fd/1`);
}
