import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { composePeer, expectRunning, timeShell } from './composePeer.ts';
import { median, round, summary } from './statistics.ts';

const WORKERS = 16;
const TRIALS = 7;
// Without a name of its own, which older Composes refuse: the folder's name is the project's.
const compose = `services:
  main: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, x-flotilla: { role: main } }
  worker: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, scale: 0, x-flotilla: { role: worker } }
`;

/** Same image, same network, same flags for every contestant; trials interleaved; creation to all running. */
export async function benchScale(engine: LabEngine): Promise<BenchRow[]> {
  const parent = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const folder = join(parent, 'benchscale');
  mkdirSync(folder);
  writeFileSync(join(folder, 'compose.yaml'), compose);
  const shell = await startWebShell({ host: engine.host });
  const flotilla: number[] = [];
  const plain: number[] = [];
  const viaCompose: number[] = [];
  const peer = await composePeer(engine);
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: folder });
    await client.call('apps.up', { appId: app.id });
    for (let trial = -1; trial < TRIALS; trial += 1) {
      const began = performance.now();
      await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: WORKERS });
      const tookFlotilla = performance.now() - began;
      await expectRunning(engine, 'label=com.docker.compose.service=worker', WORKERS);
      await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: 0 });

      const tookPlain = await timeShell(
        `for i in $(seq ${WORKERS}); do docker run -d --init --label bench=plain --network benchscale_default busybox:latest sleep 100000 >/dev/null & done; wait`,
        engine,
      );
      await expectRunning(engine, 'label=bench=plain', WORKERS);
      await timeShell('docker rm -f $(docker ps -aq --filter label=bench=plain) >/dev/null', engine);

      if (peer !== undefined) {
        const base = `${peer.command} -p benchcompose -f ${folder}/compose.yaml`;
        await peer.time(`${base} up -d`);
        const took = await peer.time(`${base} up -d --scale worker=${WORKERS}`);
        if (trial >= 0) viaCompose.push(took);
        await peer.time(`${base} down`);
      }
      if (trial < 0) continue; // The first round warms caches for everyone.
      flotilla.push(tookFlotilla);
      plain.push(tookPlain);
    }
    await client.call('apps.down', { appId: app.id });
    client.close();
  } finally {
    await shell.dispose();
    rmSync(parent, { recursive: true, force: true });
  }
  const rows: BenchRow[] = [];
  const ratio = median(flotilla) / median(plain);
  rows.push({
    name: `scale 0→${WORKERS} against ${WORKERS} parallel docker run -d`,
    unit: 'ratio of median times',
    value: round(ratio),
    goal: '≤ 0.8',
    met: ratio <= 0.8,
    detail: { flotillaMs: summary(flotilla), dockerRunMs: summary(plain) },
  });
  if (peer !== undefined) {
    const composeRatio = median(flotilla) / median(viaCompose);
    rows.push({
      name: `scale 0→${WORKERS} against ${peer.command} up --scale`,
      unit: 'ratio of median times',
      value: round(composeRatio),
      goal: '≤ 0.7',
      met: composeRatio <= 0.7,
      detail: { flotillaMs: summary(flotilla), composeMs: summary(viaCompose) },
    });
  }
  return rows;
}
