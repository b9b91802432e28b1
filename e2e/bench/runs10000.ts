import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunIndex } from '#core/runs/RunIndex.ts';
import { checkedLine, parseCheckedLines } from '#core/store/checkedLines.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import { filterRuns } from '#shared/runs/filterRuns.ts';
import type { BenchRow } from './bench.ts';
import { median, round, summary } from './statistics.ts';

const RUNS = 10_000;
const TRIALS = 9;
const GOAL_MS = 100;

/**
 * The ledger of ten thousand runs: opened cold, listed and filtered, as a command line does. The peer is reading the same file and parsing its lines, and
 * nothing else.
 */
export async function benchRuns10000(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-runs-'));
  const path = join(folder, 'ledger.jsonl');
  try {
    writeFileSync(path, linesOf(RUNS));
    const cold: number[] = [];
    const warm: number[] = [];
    const peer: number[] = [];
    for (let trial = -1; trial < TRIALS; trial += 1) {
      let began = performance.now();
      parseCheckedLines(readFileSync(path));
      const parsed = performance.now() - began;
      began = performance.now();
      const index = new RunIndex(path);
      await index.refresh();
      const found = filterRuns(index.list('app-3'), 'is:failed tag:sweep').length;
      const opened = performance.now() - began;
      began = performance.now();
      await index.refresh();
      const again = filterRuns(index.list(), 'is:failed tag:sweep -tag:good code').length;
      const filtered = performance.now() - began;
      if (found === 0 || again === 0 || index.list().length !== RUNS)
        throw new Error('The ledger of the bench is not what was written: this is another measurement.');
      if (trial < 0) continue;
      peer.push(parsed);
      cold.push(opened);
      warm.push(filtered);
    }
    return [
      {
        name: `ledger of ${RUNS} runs: open cold, list and filter one app’s`,
        unit: 'ms',
        value: round(median(cold)),
        goal: `≤ ${GOAL_MS}`,
        met: median(cold) <= GOAL_MS,
        detail: {
          cold: summary(cold),
          listAndFilterAllOnceOpen: summary(warm),
          peerReadAndParseTheLines: summary(peer),
          fileBytes: statSync(path).size,
        },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two lines for each run, as its beginning and its end write them. */
function linesOf(runs: number): string {
  const lines: string[] = [];
  for (let at = 0; at < runs; at += 1) {
    const id = at.toString(16).padStart(12, '0');
    const run: RunSummary = {
      ...{
        id,
        appId: `app-${at % 7}`,
        project: 'monte-carlo-pi',
        title: 'monte-carlo-pi',
        path: '/home/someone/pi',
      },
      ...{ origin: 'flotilla', startedAt: 1_700_000_000_000 + at * 60_000, containers: 0 },
    };
    const failed = at % 9 === 0;
    lines.push(
      checkedLine({ run }),
      checkedLine({
        run: {
          ...{
            id,
            endedAt: run.startedAt + 30_000,
            closedAt: run.startedAt + 31_000,
            containers: 5,
            exitCode: failed ? 3 : 0,
          },
          ...{ outcome: failed ? 'failed' : 'ok', reason: failed ? 'main-1 ended with code 3' : undefined },
          ...{
            composeHash: 'c'.repeat(64),
            commit: 'a'.repeat(40),
            dirty: false,
            tags: at % 2 === 0 ? ['sweep'] : ['good'],
          },
          results: { files: 12, bytes: 345_678, incomplete: 0 },
        },
      }),
    );
  }
  return lines.join('');
}
