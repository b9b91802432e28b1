import { rmSync } from 'node:fs';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import { bareRoundTrip } from './bareScale.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { composePeer, expectRunning } from './composePeer.ts';
import { median, round, summary } from './statistics.ts';

const FEW = 2;
const MANY = 34;
const TRIALS = 5;
const compose = `services:
  main: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s }
  worker: { image: busybox:latest, command: [sleep, "100000"], init: true, stop_grace_period: 1s, scale: ${FEW} }
`;

/**
 * Two workers become 34 and two again: over the wire of a running `flotilla serve`, and by Compose; both ways in one figure. And by the bare
 * requests to the engine that it takes: nobody can be faster than those.
 */
export async function benchScaleThirtyFour(engine: LabEngine): Promise<BenchRow[]> {
  const peer = await composePeer(engine);
  if (peer === undefined) throw new Error('There is no Compose to measure against on this machine.');
  const { folder, project } = benchProject('benchmany', compose);
  const shell = await startWebShell({ host: engine.host });
  const flotilla: Trip[] = [];
  const composed: Trip[] = [];
  const bare: Trip[] = [];
  try {
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: project });
    const base = `${peer.command} -p benchmanycompose --project-directory ${project} -f ${project}/compose.yaml`;
    await client.call('apps.up', { appId: app.id });
    await peer.time(`${base} up -d`);
    for (let trial = -1; trial < TRIALS; trial += 1) {
      const byFlotilla = await roundTrip(engine, 'benchmany', (replicas) =>
        client.call('apps.scale', { appId: app.id, service: 'worker', replicas }),
      );
      const byCompose = await roundTrip(engine, 'benchmanycompose', (replicas) =>
        peer.time(`${base} scale worker=${replicas}`),
      );
      const byEngine = await bareRoundTrip(engine, 'benchmany-worker-1', MANY - FEW);
      if (trial < 0) continue; // The first round warms caches for everyone.
      flotilla.push(byFlotilla);
      composed.push(byCompose);
      bare.push(byEngine);
    }
    client.close();
  } finally {
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(flotilla.map(whole)) / median(composed.map(whole));
  const toBare = median(flotilla.map(whole)) / median(bare.map(whole));
  return [
    {
      name: `scale ${FEW}→${MANY}→${FEW}, over the wire of a running serve, against ${peer.command} scale`,
      unit: 'ratio of median times',
      value: round(ratio),
      goal: '≤ 0.6',
      met: ratio <= 0.6,
      detail: {
        flotillaMs: detailOf(flotilla),
        composeMs: detailOf(composed),
        composeVersion: peer.version,
      },
    },
    {
      name: `the same, against the engine alone: the bare requests to create, start, stop and remove`,
      unit: 'ratio of median times',
      value: round(toBare),
      goal: '≤ 1.1',
      met: toBare <= 1.1,
      detail: {
        bareMs: detailOf(bare),
        bareToCompose: round(median(bare.map(whole)) / median(composed.map(whole))),
      },
    },
  ];
}

/** Milliseconds. */
interface Trip {
  up: number;
  down: number;
}

const whole = ({ up, down }: Trip): number => up + down;

const detailOf = (trips: Trip[]): Record<string, unknown> => ({
  up: summary(trips.map(({ up }) => up)),
  down: summary(trips.map(({ down }) => down)),
  both: summary(trips.map(whole)),
});

async function roundTrip(
  engine: LabEngine,
  name: string,
  scale: (replicas: number) => Promise<unknown>,
): Promise<Trip> {
  const leg = async (replicas: number): Promise<number> => {
    const began = performance.now();
    await scale(replicas);
    const took = performance.now() - began;
    // With the main.
    await expectRunning(engine, `label=com.docker.compose.project=${name}`, replicas + 1);
    return took;
  };
  return { up: await leg(MANY), down: await leg(FEW) };
}
