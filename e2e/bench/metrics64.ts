import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { median, round, summary } from './statistics.ts';

const CONTAINERS = 64;
const ROUNDS = 3;
const WINDOW_MS = 20_000;
const SETTLE_MS = 4_000;
/** Longer than the pause between two looks of a hidden view, so that what they cost is in it. */
const HIDDEN_MS = 185_000;

/**
 * CPU time of the server for a sample of a container's metrics, measured, kept, thinned and sent to a viewer, beyond what the same server uses without a
 * viewer; the peer is a process that only parses the same 64 streams. In turns, in one run.
 */
export async function benchMetrics64(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject(
    'benchmetrics',
    `services:\n  worker: { image: busybox:latest, command: [sh, -c, "while :; do sleep 0.2; done"], init: true, stop_grace_period: 1s, scale: ${CONTAINERS} }\n`,
  );
  const shell = await startWebShell({ host: engine.host });
  const server = shell.process.pid ?? -1;
  let peer: ChildProcess | undefined;
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: project });
    await client.call('apps.up', { appId: app.id });
    const { workers } = await client.call('apps.get', { appId: app.id });
    const ids = workers.flatMap(({ containerId }) => containerId ?? []);
    if (ids.length !== CONTAINERS) throw new Error(`${ids.length} containers run, not ${CONTAINERS}.`);
    await delay(SETTLE_MS);
    const idle = await nanosecondsOver(server, WINDOW_MS);

    const raw: number[] = [];
    const live: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      peer = spawn(
        process.execPath,
        [
          join(dirname(fileURLToPath(import.meta.url)), 'rawStats.mjs'),
          engine.host.replace('unix://', ''),
          ...ids,
        ],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      await delay(SETTLE_MS);
      const before = await answersOf(peer);
      const used = await nanosecondsOver(peer.pid ?? -1, WINDOW_MS);
      raw.push(used / ((await answersOf(peer)) - before));
      peer.stdin?.end();
      await once(peer, 'exit');

      let samples = 0;
      const close = client.stream('metrics', { appId: app.id, pace: 'live' }, (items) => {
        for (const item of items) if (item.kind === 'rows') samples += item.rows.length;
      });
      await delay(SETTLE_MS);
      samples = 0;
      const own = await nanosecondsOver(server, WINDOW_MS);
      live.push((own - idle) / samples);
      close();
      await delay(1_000);
    }

    const close = client.stream('metrics', { appId: app.id, pace: 'hidden' }, () => undefined);
    await delay(SETTLE_MS);
    const quiet = await nanosecondsOver(server, HIDDEN_MS);
    close();
    // The ledger looks at a run too, the rarer the older it is: what is taken off was measured last.
    await delay(1_000);
    const idleLast = await nanosecondsOver(server, 3 * WINDOW_MS);
    const hidden = (quiet - (idleLast * HIDDEN_MS) / (3 * WINDOW_MS)) / ((CONTAINERS * HIDDEN_MS) / 1_000);
    await client.call('apps.down', { appId: app.id });
    client.close();

    const peerMedian = median(raw);
    const detail = {
      rawMicroseconds: summary(raw.map((one) => one / 1_000)),
      liveMicroseconds: summary(live.map((one) => one / 1_000)),
      hiddenMicrosecondsPerContainerSecond: round(hidden / 1_000),
      idleServerPercent: round(idle / WINDOW_MS / 1e4),
      windowSeconds: WINDOW_MS / 1_000,
    };
    return [
      {
        name: `metrics of ${CONTAINERS} visible workers, CPU time of a sample against raw streams`,
        unit: '× the raw stream and JSON.parse',
        value: round(median(live) / peerMedian),
        goal: '≤ 1.0',
        met: median(live) <= peerMedian,
        detail,
      },
      {
        name: `metrics of ${CONTAINERS} workers in a hidden window, CPU time of a container and second`,
        unit: '× the raw stream and JSON.parse',
        value: round(hidden / peerMedian),
        goal: '≤ 0.05',
        met: hidden <= 0.05 * peerMedian,
        detail: { windowSeconds: HIDDEN_MS / 1_000 },
      },
    ];
  } finally {
    peer?.kill();
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answersOf(peer: ChildProcess): Promise<number> {
  const told = once(peer.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  peer.stdin?.write('\n');
  return Number(String((await told)[0]).split(' ')[0]);
}

/** What all threads of a process use over a window, from the scheduler's own count. Linux only. */
async function nanosecondsOver(pid: number, windowMs: number): Promise<number> {
  const before = nanosecondsOf(pid);
  await delay(windowMs);
  return nanosecondsOf(pid) - before;
}

function nanosecondsOf(pid: number): number {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}
