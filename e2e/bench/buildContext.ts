import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { findProgram } from '../lab/machine.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { logBenchCore } from './logBenchCore.ts';
import { median, round, summary } from './statistics.ts';

const FILES = 50_000;
const BYTES = 1024 ** 3;
const TRIALS = 5;

interface Ours {
  ms: number;
  rssGrowthBytes: number;
  loopDelayP99Ms: number;
}

/**
 * From the press of "build" to the engine's first step, which begins when it has the whole context: a gigabyte in fifty
 * thousand files. The docker command with the same builder, and tar piped into the engine, do the same in turn. The engine
 * unpacks into memory, so that a slow disk does not hide the difference.
 */
export async function benchBuildContext(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject('benchcontext', 'services:\n  main:\n    build: .\n');
  const unpackFolder = join(engine.folder, 'data', 'tmp');
  const hasCurl = findProgram('curl') !== undefined;
  const isInMemory = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', unpackFolder]).status === 0;
  try {
    makeFiles(project);
    // Into the page cache, for all alike.
    execFileSync('sh', ['-c', 'tar -C "$1" -c . | cat >/dev/null', 'sh', project]);
    const ours: Ours[] = [];
    const cli: number[] = [];
    const tar: number[] = [];
    // One round unmeasured: ours runs in this process, whose code is compiled while it runs first.
    await buildHere(engine, join(folder, 'data-warm'), project);
    await dockerBuild(engine, project);
    if (hasCurl) await tarBuild(engine, project);
    for (let trial = 0; trial < TRIALS; trial += 1) {
      ours.push(await buildHere(engine, join(folder, `data-${trial}`), project));
      cli.push(await dockerBuild(engine, project));
      if (hasCurl) tar.push(await tarBuild(engine, project));
    }
    const times = ours.map(({ ms }) => ms);
    const rss = Math.max(...ours.map(({ rssGrowthBytes }) => rssGrowthBytes)) / 1024 ** 2;
    const delay = Math.max(...ours.map(({ loopDelayP99Ms }) => loopDelayP99Ms));
    const toCli = median(times) / median(cli);
    const toTar = median(times) / median(tar);
    const detail = {
      files: FILES,
      bytes: BYTES,
      unpackedIntoMemory: isInMemory,
      flotillaMs: summary(times),
      dockerBuildMs: summary(cli),
      tarIntoSocketMs: hasCurl ? summary(tar) : 'not measured: there is no curl',
    };
    return [
      {
        name: 'a context of 1 GiB in 50,000 files, against docker build (classic builder)',
        unit: 'ratio of median times',
        value: round(toCli),
        goal: '≤ 1.0',
        met: toCli <= 1,
        detail,
      },
      ...(hasCurl
        ? [
            {
              name: 'the same context against plain tar piped into the engine’s socket',
              unit: 'ratio of median times',
              value: round(toTar),
              goal: '≤ 1.1',
              met: toTar <= 1.1,
              detail,
            },
          ]
        : []),
      {
        name: 'growth of the core’s memory while it packs and sends that context',
        unit: 'MiB',
        value: round(rss),
        goal: '≤ 80',
        met: rss <= 80,
        detail: { rssGrowthMiB: ours.map(({ rssGrowthBytes }) => round(rssGrowthBytes / 1024 ** 2)) },
      },
      {
        name: 'delay of the core’s event loop meanwhile, 99th percentile',
        unit: 'ms',
        value: round(delay),
        goal: '≤ 50',
        met: delay <= 50,
        detail: { p99Ms: ours.map(({ loopDelayP99Ms }) => round(loopDelayP99Ms)) },
      },
    ];
  } finally {
    if (isInMemory) spawnSync('umount', ['-l', unpackFolder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sizes spread as those of real folders: many small files, some large. */
function makeFiles(project: string): void {
  const weights = Array.from({ length: FILES }, (_, at) => Math.exp(1.5 * normal(at)));
  const scale = BYTES / weights.reduce((sum, weight) => sum + weight, 0);
  const noise = Buffer.alloc(1024 ** 2);
  for (let at = 0; at < noise.length; at += 4)
    noise.writeUInt32LE(Math.imul(at + 1, 2_654_435_761) >>> 0, at);
  for (const [at, weight] of weights.entries()) {
    const place = join(project, `d${at % 50}`, `s${Math.floor(at / 50) % 20}`);
    if (at < 1_000) mkdirSync(place, { recursive: true });
    const file = join(place, `f${at}`);
    let left = Math.round(weight * scale);
    writeFileSync(file, noise.subarray(0, left));
    for (left -= noise.length; left > 0; left -= noise.length) appendFileSync(file, noise.subarray(0, left));
  }
  writeFileSync(join(project, 'one'), 'one\n');
  writeFileSync(join(project, 'Dockerfile'), 'FROM scratch\nCOPY one /\n');
}

/** Normally distributed, the same every time. */
function normal(index: number): number {
  let sum = 0;
  for (let draw = 0; draw < 12; draw += 1) {
    const mixed = Math.imul(index * 12 + draw + 1, 2_246_822_519) >>> 0;
    sum += ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
  }
  return sum - 6;
}

async function buildHere(engine: LabEngine, data: string, project: string): Promise<Ours> {
  const { core } = await logBenchCore(engine, data);
  try {
    const app = await core.apps.open(project);
    const before = process.memoryUsage.rss();
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const began = performance.now();
    let ms = Number.NaN;
    core.builds.onBuild((seen) => {
      if (Number.isNaN(ms) && seen.steps.some((step) => step.state !== 'pending'))
        ms = performance.now() - began;
    });
    const { buildIds } = await core.apps.build(app.id, { builder: 'classic' });
    const view = await core.builds.wait(buildIds[0] ?? '');
    delay.disable();
    clearInterval(sampling);
    if (view.state !== 'succeeded') throw new Error(`The build failed: ${view.error?.message}`);
    if (view.context?.files !== FILES + 3) throw new Error(`${view.context?.files} files were sent.`);
    return { ms, rssGrowthBytes: most - before, loopDelayP99Ms: delay.percentile(99) / 1e6 };
  } finally {
    await core.dispose();
  }
}

/** The docker command says so when the first step begins. */
const dockerBuild = (engine: LabEngine, project: string): Promise<number> =>
  untilSaid(
    'docker',
    ['-H', engine.host, 'build', '-t', 'benchcontext-cli', project],
    { DOCKER_BUILDKIT: '0' },
    'Step 1/',
  );

/** By curl: this process would only slow the pipe down. */
function tarBuild(engine: LabEngine, project: string): Promise<number> {
  const script =
    'tar -C "$1" -c . | curl -sSN --unix-socket "$2" -H "Content-Type: application/x-tar" -H Expect: -X POST -T - "http://engine/build?t=benchcontext-tar&rm=1"';
  return untilSaid('sh', ['-c', script, 'sh', project, engine.host.slice('unix://'.length)], {}, 'Step 1/');
}

/** Milliseconds until a program's output holds `text`; waits for its end. */
function untilSaid(
  program: string,
  args: string[],
  env: Record<string, string>,
  text: string,
): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let ms = Number.NaN;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(-10_000);
      if (Number.isNaN(ms) && said.includes(text)) ms = performance.now() - began;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 && !Number.isNaN(ms)
        ? resolve(ms)
        : reject(new Error(`${program} ended with ${code}: ${said.slice(-500)}`)),
    );
  });
}
