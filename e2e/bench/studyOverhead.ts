import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { StudyRecord } from '#shared/domain/Study.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import { runFlotilla } from '../lab/WebShell.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { median, round, summary } from './statistics.ts';

const TRIALS = 11;
const WORKERS = 2;
const LIMIT = 1.01;
/** A fixed amount of work for one core, about two seconds: a study that took any of it away would show. */
const SCRIPT = 'i=0; while [ $i -lt 1500000 ]; do i=$((i+1)); done';

const compose = `services:
  worker:
    image: busybox:latest
    command: [sh, -c, '${SCRIPT.replaceAll('$', '$$$$')}']
    x-flotilla: { role: worker }
`;

/**
 * What measuring costs: two workers that compute, as a run of a study and started by the plain docker command line, both by the engine's own
 * timestamps (the longest of the containers' own times). Interleaved.
 */
export async function benchStudyOverhead(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject('benchstudy', compose);
  const study: number[] = [];
  const plain: number[] = [];
  try {
    for (let trial = -1; trial < TRIALS; trial += 1) {
      const times = await studyTimes(engine, folder, project);
      const own = plainTime(engine);
      // The first round warms caches for both.
      if (trial < 0) continue;
      study.push(times);
      plain.push(own);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(study) / median(plain);
  return [
    {
      name: `a run of ${WORKERS} computing workers within a study, against docker run, by the engine’s clock`,
      unit: 'ratio of median times',
      value: round(ratio),
      goal: `≤ ${LIMIT}`,
      met: ratio <= LIMIT,
      detail: { studyMs: summary(study), plainMs: summary(plain) },
    },
  ];
}

/** The one measured run of a study; its warm-up does not count. */
async function studyTimes(engine: LabEngine, folder: string, project: string): Promise<number> {
  const { code, stdout, stderr } = await runFlotilla([
    ...['study', project, '--workers', String(WORKERS), '--reps', '1', '--cooldown', '0s', '--json'],
    ...['--host', engine.host, '--data', `${folder}/data`],
  ]);
  if (code !== 0) throw new Error(`flotilla study ended with ${code}: ${stdout}${stderr}`);
  const { record } = JSON.parse(stdout) as { record: StudyRecord };
  const time = record.runs.find(({ repetition }) => repetition === 1)?.timeMs;
  if (time === undefined) throw new Error(`The run gave no time: ${stdout}`);
  return time;
}

function plainTime({ host }: LabEngine): number {
  const docker = (...args: string[]): string =>
    execFileSync('docker', ['-H', host, ...args], { encoding: 'utf8' }).trim();
  const ids = Array.from({ length: WORKERS }, () => docker('create', 'busybox:latest', 'sh', '-c', SCRIPT));
  try {
    const since = String(Date.now() / 1e3);
    docker('start', ...ids);
    docker('wait', ...ids);
    // As in a study: newer engines note as `StartedAt` the moment before they begin to start the program.
    const window = ['--since', since, '--until', String(Date.now() / 1e3), '--filter', 'event=start'];
    const began = new Map(
      docker('events', ...window, '--format', '{{.TimeNano}} {{.ID}}')
        .split('\n')
        .map((line) => line.split(' '))
        .map(([nanoseconds = '', id = '']) => [id, Number(nanoseconds) / 1e6]),
    );
    const times = docker('inspect', '--format', '{{.Id}} {{.State.FinishedAt}}', ...ids)
      .split('\n')
      .map((line) => {
        const [id = '', ended = ''] = line.split(' ');
        return Date.parse(ended) - (began.get(id) ?? Number.NaN);
      });
    if (times.some(Number.isNaN)) throw new Error('The engine did not say when it started a container.');
    return Math.max(...times);
  } finally {
    docker('rm', '-f', ...ids);
  }
}
