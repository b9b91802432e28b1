import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabEngine } from '../lab/LabEngine.ts';
import { findProgram } from '../lab/machine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
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
  const composeCommand = await findCompose();
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: folder });
    await client.call('apps.up', { appId: app.id });
    for (let trial = -1; trial < TRIALS; trial += 1) {
      const began = performance.now();
      await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: WORKERS });
      const tookFlotilla = performance.now() - began;
      await expectRunning(engine, 'label=com.docker.compose.service=worker');
      await client.call('apps.scale', { appId: app.id, service: 'worker', replicas: 0 });

      const tookPlain = await timeShell(
        `for i in $(seq ${WORKERS}); do docker run -d --init --label bench=plain --network benchscale_default busybox:latest sleep 100000 >/dev/null & done; wait`,
        engine,
      );
      await expectRunning(engine, 'label=bench=plain');
      await timeShell('docker rm -f $(docker ps -aq --filter label=bench=plain) >/dev/null', engine);

      if (composeCommand !== undefined) {
        const base = `${composeCommand} -p benchcompose -f ${folder}/compose.yaml`;
        await timeShell(`${base} up -d >/dev/null 2>&1`, engine);
        const took = await timeShell(`${base} up -d --scale worker=${WORKERS} >/dev/null 2>&1`, engine);
        if (trial >= 0) viaCompose.push(took);
        await timeShell(`${base} down >/dev/null 2>&1`, engine);
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
  if (viaCompose.length > 0) {
    const composeRatio = median(flotilla) / median(viaCompose);
    rows.push({
      name: `scale 0→${WORKERS} against ${composeCommand} up --scale`,
      unit: 'ratio of median times',
      value: round(composeRatio),
      goal: '≤ 0.7',
      met: composeRatio <= 0.7,
      detail: { flotillaMs: summary(flotilla), composeMs: summary(viaCompose) },
    });
  }
  return rows;
}

function timeShell(script: string, engine: LabEngine): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], {
      env: { ...process.env, DOCKER_HOST: engine.host },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('exit', (code) =>
      code === 0 ? resolve(performance.now() - began) : reject(new Error(`${script} ended with ${code}`)),
    );
  });
}

async function expectRunning(engine: LabEngine, filter: string): Promise<void> {
  await timeShell(
    `test "$(docker ps -q --filter ${filter} --filter status=running | wc -l)" -ge ${WORKERS}`,
    engine,
  ).catch(() => {
    throw new Error(`Fewer than ${WORKERS} containers run with ${filter}: the time would not be comparable.`);
  });
}

async function findCompose(): Promise<string | undefined> {
  const plugin = await new Promise<boolean>((resolve) => {
    spawn('docker', ['compose', 'version'], { stdio: 'ignore' })
      .once('exit', (code) => resolve(code === 0))
      .once('error', () => resolve(false));
  });
  if (plugin) return 'docker compose';
  return findProgram('docker-compose') === undefined ? undefined : 'docker-compose';
}
