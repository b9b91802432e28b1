import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { LabEngine } from '../lab/LabEngine.ts';
import { benchProject } from './benchProject.ts';
import { logBenchCore } from './logBenchCore.ts';
import type { BenchRow } from './bench.ts';
import { median, round, summary } from './statistics.ts';

const LINES = 2_000_000;
const LINE_BYTES = 109;
const TRIALS = 3;
/** The number that the last line begins with. */
const LAST = String(LINES).padStart(8, '0');

/** The time from opening a container's log to having all of it, against the same answer read and dropped, and the CLI into a pipe. */
export async function benchLogIngest(engine: LabEngine): Promise<BenchRow[]> {
  const text = 'x'.repeat(LINE_BYTES - 9);
  const { folder, project } = benchProject(
    'benchingest',
    `services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "i=1000000; yes '${text}' | head -n ${LINES} | awk '{ printf \\"%08d%s\\\\n\\", NR, $$0 }'"]\n`,
  );
  const spool: number[] = [];
  const raw: number[] = [];
  const rawPlain: number[] = [];
  const cli: number[] = [];
  const cliTimes: number[] = [];
  try {
    const maker = await logBenchCore(engine, join(folder, 'data'));
    const app = await maker.core.apps.open(project);
    await maker.core.apps.up(app.id, {});
    const [container] = maker.core.apps.containers(app.id);
    if (container === undefined) throw new Error('The container that wrote the log is not there.');
    const { id } = container;
    while (maker.core.apps.get(app.id).workers.some((worker) => worker.phase !== 'done'))
      await new Promise((resolve) => setTimeout(resolve, 200));
    await maker.core.dispose();
    const path = `/containers/${id}/logs?stdout=1&stderr=1&follow=0&tail=${LINES + 10}`;
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const times = {
        raw: await readAndDrop(engine, `${path}&timestamps=1`),
        spool: await spoolAll(engine, join(folder, `data-${trial}`), project),
        cli: await dockerLogs(engine, id, []),
        // For comparison only: once.
        rawPlain: trial === 0 ? await readAndDrop(engine, path) : undefined,
        cliTimes: trial === 0 ? await dockerLogs(engine, id, ['--timestamps']) : undefined,
      };
      rmSync(join(folder, `data-${trial}`), { recursive: true, force: true });
      raw.push(times.raw);
      spool.push(times.spool);
      cli.push(times.cli);
      if (times.rawPlain !== undefined) rawPlain.push(times.rawPlain);
      if (times.cliTimes !== undefined) cliTimes.push(times.cliTimes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const toRaw = median(spool) / median(raw);
  const toCli = median(spool) / median(cli);
  const detail = {
    lines: LINES,
    lineBytes: LINE_BYTES,
    spoolMs: summary(spool),
    rawHttpMs: summary(raw),
    rawHttpWithoutTimestampsMs: summary(rawPlain),
    dockerLogsMs: summary(cli),
    dockerLogsWithTimestampsMs: summary(cliTimes),
    spoolLinesPerSecond: round((LINES / median(spool)) * 1000),
  };
  return [
    {
      name: `${LINES.toLocaleString('en')} lines from engine to spool against reading the same HTTP answer and dropping it`,
      unit: 'ratio of median times',
      value: round(toRaw),
      goal: '≤ 1.05',
      met: toRaw <= 1.05,
      detail,
    },
    {
      name: `${LINES.toLocaleString('en')} lines from engine to spool against docker logs into a pipe`,
      unit: 'ratio of median times',
      value: round(toCli),
      goal: '≤ 0.75',
      met: toCli <= 0.75,
      detail,
    },
  ];
}

/** Everything into the spool of a fresh core, until it can be seen by a view. */
async function spoolAll(engine: LabEngine, data: string, project: string): Promise<number> {
  const { core } = await logBenchCore(engine, data);
  try {
    const app = await core.apps.open(project);
    const began = performance.now();
    let lines = 0;
    const abort = new AbortController();
    // One line alone is handed over: what is measured is the way into the spool.
    const everything = {
      appId: app.id,
      follow: false,
      query: { include: [{ text: LAST, matchCase: true }] },
    };
    for await (const items of core.logs.follow(everything, abort.signal))
      for (const item of items) if (item.kind === 'lines') lines += item.lines.length;
    const took = performance.now() - began;
    if (lines !== 1) throw new Error(`${lines} lines came instead of the one looked for.`);
    return took;
  } finally {
    await core.dispose();
  }
}

function readAndDrop(engine: LabEngine, path: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: engine.host.slice('unix://'.length), path, host: '' }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () =>
        bytes < LINES * LINE_BYTES
          ? reject(new Error(`Only ${bytes} bytes came.`))
          : resolve(performance.now() - began),
      );
      response.once('error', reject);
    });
    call.once('error', reject);
    call.end();
  });
}

function dockerLogs(engine: LabEngine, id: string, flags: string[]): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('docker', ['-H', engine.host, 'logs', ...flags, id], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.resume();
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(performance.now() - began) : reject(new Error(`docker logs ended with ${code}`)),
    );
  });
}
