import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppView } from '#shared/domain/AppView.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import { runFlotilla, startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { type ComposePeer, composePeer, expectRunning } from './composePeer.ts';
import { median, round, summary } from './statistics.ts';

const SERVICES = 12;
const TRIALS = 5;
const POLL_MS = 5;

/** A store and a queue with health checks, a main that waits for both, six that wait for it, and three that wait for nobody. */
const compose = `x-base: &base { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s }
x-checked: &checked
  <<: *base
  healthcheck: { test: [CMD, "true"], interval: 500ms, timeout: 5s, retries: 3 }
services:
  store: *checked
  queue: *checked
  main:
    <<: *base
    depends_on: { store: { condition: service_healthy }, queue: { condition: service_healthy } }
${['assemble', 'solve', 'refine', 'reduce', 'plot', 'report'].map((name) => `  ${name}: { <<: *base, depends_on: [main] }`).join('\n')}
${['metrics', 'archive', 'proxy'].map((name) => `  ${name}: *base`).join('\n')}
`;

/**
 * Twelve services with warm images, from nothing to all running and healthy, and once more when there is nothing to do: over the wire of
 * a running `flotilla serve` (what window and browser do), by the command line with its start, and by Compose. Trials interleaved.
 */
export async function benchUpTwelve(engine: LabEngine): Promise<BenchRow[]> {
  const peer = await composePeer(engine);
  if (peer === undefined) throw new Error('There is no Compose to measure against on this machine.');
  const { folder, project } = benchProject('benchtwelve', compose);
  const shell = await startWebShell({ host: engine.host });
  const up: Times = { wire: [], cli: [], compose: [] };
  const again: Times = { wire: [], cli: [], compose: [] };
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: project });
    const cli = (...args: string[]): Promise<number> =>
      timeCli(engine, [...args, '--data', `${folder}/data`, project]);
    for (let trial = -1; trial < TRIALS; trial += 1) {
      // The first round warms caches for everyone.
      const keep = (into: number[], took: number): void => void (trial >= 0 && into.push(took));
      keep(up.wire, await timeOf(() => upAndHealthy(client, app.id)));
      await expectAllRunning(engine);
      keep(again.wire, await timeOf(() => client.call('apps.up', { appId: app.id })));
      keep(again.cli, await cli('up'));
      await client.call('apps.down', { appId: app.id });

      keep(
        up.cli,
        await timeOf(async () => {
          await cli('up');
          await untilHealthy(client, app.id);
        }),
      );
      await expectAllRunning(engine);
      await client.call('apps.down', { appId: app.id });

      const composed = composeIn(peer, project);
      keep(up.compose, await composed('up -d --wait'));
      await expectAllRunning(engine);
      keep(again.compose, await composed('up -d'));
      await composed('down');
    }
    client.close();
  } finally {
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    rowOf(
      `up of ${SERVICES} services to all running and healthy`,
      `${peer.command} up -d --wait`,
      up,
      0.7,
      peer,
    ),
    rowOf(`up of ${SERVICES} services with nothing to do`, `${peer.command} up -d`, again, 0.2, peer),
  ];
}

interface Times {
  wire: number[];
  cli: number[];
  compose: number[];
}

function rowOf(
  what: string,
  against: string,
  times: Times,
  limit: number,
  { version }: ComposePeer,
): BenchRow {
  const ratio = median(times.wire) / median(times.compose);
  return {
    name: `${what}, over the wire of a running serve, against ${against}`,
    unit: 'ratio of median times',
    value: round(ratio),
    goal: `≤ ${limit}`,
    met: ratio <= limit,
    detail: {
      wireMs: summary(times.wire),
      composeMs: summary(times.compose),
      commandLineMs: summary(times.cli),
      commandLineRatio: round(median(times.cli) / median(times.compose)),
      composeVersion: version,
    },
  };
}

async function upAndHealthy(client: WireClient, appId: string): Promise<void> {
  await client.call('apps.up', { appId });
  await untilHealthy(client, appId);
}

async function untilHealthy(client: WireClient, appId: string): Promise<void> {
  for (;;) {
    const { workers } = await client.call('apps.get', { appId });
    if (workers.length === SERVICES && workers.every(isWell)) return;
    await delay(POLL_MS);
  }
}

const isWell = ({ phase, service, health }: AppView['workers'][number]): boolean =>
  phase === 'running' && (health === 'healthy' || !['store', 'queue'].includes(service));

const expectAllRunning = (engine: LabEngine): Promise<void> =>
  expectRunning(engine, 'label=com.docker.compose.project=benchtwelve', SERVICES);

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function timeCli(engine: LabEngine, args: string[]): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await runFlotilla([...args, '--host', engine.host]);
  if (code !== 0) throw new Error(`flotilla ${args.join(' ')} ended with ${code}: ${stderr}`);
  return performance.now() - began;
}

const composeIn =
  (peer: ComposePeer, project: string) =>
  (words: string): Promise<number> =>
    peer.time(`${peer.command} --project-directory ${project} -f ${project}/compose.yaml ${words}`);
