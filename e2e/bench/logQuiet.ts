import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabEngine } from '../lab/LabEngine.ts';
import { startWebShell } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { cpuShareOfTree } from './browser.ts';
import { round } from './statistics.ts';

const CONTAINERS = 64;
const WINDOW_MS = 30_000;

/** CPU of the whole server while it follows the logs of many quiet containers; the peer is the same server with none. */
export async function benchLogQuiet(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject(
    'benchquiet',
    `services:\n  worker: { image: busybox:latest, command: [sh, -c, "echo ready; exec sleep 100000"], init: true, stop_grace_period: 1s, scale: ${CONTAINERS} }\n`,
  );
  const shell = await startWebShell({ host: engine.host });
  try {
    const pid = shell.process.pid ?? -1;
    const client = await WireClient.connect(shell.url);
    const app = await client.call('apps.open', { path: project });
    await delay(3_000);
    const none = await cpuShareOfTree(pid, WINDOW_MS);
    await client.call('apps.up', { appId: app.id });
    await delay(8_000);
    const open = (await client.call('engine.liveStreams', {})).filter((stream) =>
      stream.purpose.startsWith('logs '),
    );
    if (open.length !== CONTAINERS) throw new Error(`${open.length} logs are followed, not ${CONTAINERS}.`);
    const following = await cpuShareOfTree(pid, WINDOW_MS);
    await client.call('apps.down', { appId: app.id });
    client.close();
    return [
      {
        name: `${CONTAINERS} quiet followed containers`,
        unit: '% of a core, the whole server',
        value: round(following),
        goal: '≤ 1',
        met: following <= 1,
        detail: { peerSameServerWithoutContainersPercent: round(none), windowSeconds: WINDOW_MS / 1000 },
      },
    ];
  } finally {
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
