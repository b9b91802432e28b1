import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerPlugins } from '../lab/dockerPlugins.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import { projectRoot } from '../lab/WebShell.ts';
import { logBenchCore } from './logBenchCore.ts';
import type { BenchRow } from './bench.ts';
import { median, round, summary } from './statistics.ts';

const TRIALS = 15;

/** A docker command that builds with BuildKit, and the words it does so with. */
interface Peer {
  program: string;
  words: string[];
  name: string;
  env?: Record<string, string>;
}

/**
 * The time of a build in which nothing has changed, from the call to the image's description, against the docker
 * command with BuildKit on the same engine, turn by turn: `docker buildx build` where it is installed, else
 * `DOCKER_BUILDKIT=1 docker build`.
 */
export async function benchBuildCached(engine: LabEngine): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const project = join(folder, 'benchcached');
  cpSync(join(projectRoot, 'resources', 'templates', 'monte-carlo-pi'), project, { recursive: true });
  // The sample starts from an image; a step that runs makes it a build like others.
  appendFileSync(join(project, 'Dockerfile'), '\nRUN python3 -m compileall -q . && echo compiled\n');
  const { core } = await logBenchCore(engine, join(folder, 'data'));
  const ours: number[] = [];
  const peer: number[] = [];
  const command = findPeer();
  try {
    const app = await core.apps.open(project);
    const build = async (): Promise<{ ms: number; cached: boolean }> => {
      const began = performance.now();
      const { buildIds } = await core.apps.build(app.id, { services: ['worker'] });
      const ms = performance.now() - began;
      const view = core.builds.get(buildIds[0] ?? '');
      const steps = view?.steps.filter((step) => /^(RUN|COPY|WORKDIR)/.test(step.instruction)) ?? [];
      return { ms, cached: steps.length > 0 && steps.every((step) => step.cached) };
    };
    await build();
    await dockerBuild(engine, project, command);
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const { ms, cached } = await build();
      if (!cached) throw new Error('A step of the build without changes was not taken from the cache.');
      ours.push(ms);
      peer.push(await dockerBuild(engine, project, command));
    }
  } finally {
    await core.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(ours) / median(peer);
  return [
    {
      name: `Build without changes (all cached) against ${command.name}`,
      unit: 'ratio of median times',
      value: round(ratio),
      goal: '≤ 1.0',
      met: ratio <= 1,
      detail: { oursMs: summary(ours), peerMs: summary(peer) },
    },
  ];
}

/** `docker buildx`, else a docker command that still has BuildKit's client built in (before 23). */
function findPeer(): Peer {
  const programs = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin']
    .map((folder) => join(folder, 'docker'))
    .filter((program) => existsSync(program));
  const [first] = programs;
  const plugins = dockerPlugins();
  if (first !== undefined && 'folder' in plugins)
    return {
      program: first,
      words: ['buildx', 'build', '--load'],
      name: 'docker buildx build',
      env: { DOCKER_CONFIG: plugins.folder },
    };
  for (const program of programs) {
    const said = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout;
    const major = Number(/version (\d+)\./.exec(said)?.[1] ?? 99);
    if (major < 23) return { program, words: ['build'], name: `DOCKER_BUILDKIT=1 docker build (${major})` };
  }
  throw new Error('No docker command here builds with BuildKit: neither buildx nor one before 23.');
}

function dockerBuild(engine: LabEngine, project: string, peer: Peer): Promise<number> {
  const words = [...peer.words, '-t', 'benchcached-peer', '--target', 'worker', '.'];
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(peer.program, words, {
      cwd: project,
      env: { ...process.env, DOCKER_BUILDKIT: '1', DOCKER_HOST: engine.host, ...peer.env },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(performance.now() - began) : reject(new Error(`docker build ended with ${code}`)),
    );
  });
}
