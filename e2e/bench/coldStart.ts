import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import type { BenchRow } from './bench.ts';
import { launchBrowser } from './browser.ts';
import { round, summary, median } from './statistics.ts';

const TRIALS = 7;

/** From the moment the server says that it listens to an interactive window with the engine's state on it, in a cold browser profile. */
export async function benchColdStart(engine: LabEngine): Promise<BenchRow[]> {
  const browser = await launchBrowser();
  const interactive: number[] = [];
  const blank: number[] = [];
  const serverStart: number[] = [];
  try {
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const shell = await startWebShell({ host: engine.host });
      serverStart.push(shell.startedInMs);
      const context = await browser.newContext();
      const page = await context.newPage();
      const began = performance.now();
      await page.goto(shell.url, { waitUntil: 'commit' });
      await page.waitForSelector('html[data-ready]', { state: 'attached' });
      interactive.push(performance.now() - began);
      await context.close();
      const blankContext = await browser.newContext();
      const blankPage = await blankContext.newPage();
      const blankBegan = performance.now();
      await blankPage.goto(`${new URL(shell.url).origin}/favicon.svg`);
      blank.push(performance.now() - blankBegan);
      await blankContext.close();
      await shell.dispose();
    }
  } finally {
    await browser.close();
  }
  const value = median(interactive) / 1000;
  return [
    {
      name: 'web shell: server listens → interactive',
      unit: 's',
      value: round(value),
      goal: '≤ 1.0',
      met: value <= 1,
      detail: {
        interactiveMs: summary(interactive),
        peerOneStaticFileMs: summary(blank),
        processToListeningMs: summary(serverStart),
      },
    },
  ];
}
