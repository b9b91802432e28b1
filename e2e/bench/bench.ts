import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { prepareMachine } from '../lab/machine.ts';
import { startLabEngine } from '../lab/LabEngine.ts';
import { newEngine } from '../lab/newEngine.ts';
import { benchBuildCached } from './buildCached.ts';
import { benchBuildContext } from './buildContext.ts';
import { benchColdStart } from './coldStart.ts';
import { benchEventToPixel } from './eventToPixel.ts';
import { benchIdle } from './idle.ts';
import { benchLogFlood } from './logFlood.ts';
import { benchLogIngest } from './logIngest.ts';
import { benchLogQuiet } from './logQuiet.ts';
import { benchLogSpool } from './logSpool.ts';
import { benchLogStages } from './logStages.ts';
import { benchMetrics64 } from './metrics64.ts';
import { benchPlan500 } from './plan500.ts';
import { benchRuns10000 } from './runs10000.ts';
import { benchScale } from './scale.ts';
import { benchScaleThirtyFour } from './scaleThirtyFour.ts';
import { benchStudyOverhead } from './studyOverhead.ts';
import { benchUpTwelve } from './upTwelve.ts';

/** One measured figure against its goal. `met` is computed, never written by hand. */
export interface BenchRow {
  name: string;
  unit: string;
  value: number;
  goal: string;
  met: boolean;
  detail: Record<string, unknown>;
}

const parts = {
  scale: benchScale,
  pixel: benchEventToPixel,
  cold: benchColdStart,
  idle: benchIdle,
  'log-stages': benchLogStages,
  'log-ingest': benchLogIngest,
  'log-spool': benchLogSpool,
  'log-flood': benchLogFlood,
  'log-quiet': benchLogQuiet,
  'build-cached': benchBuildCached,
  'build-context': benchBuildContext,
  'metrics-64': benchMetrics64,
  'plan-500': benchPlan500,
  'runs-10000': benchRuns10000,
  'up-12': benchUpTwelve,
  'scale-34': benchScaleThirtyFour,
  'study-overhead': benchStudyOverhead,
};

export async function bench(
  names: string[],
): Promise<{ machine: Record<string, unknown>; rows: BenchRow[] }> {
  prepareMachine((line) => process.stderr.write(`${line}\n`));
  const wanted = names.length === 0 ? Object.keys(parts) : names;
  const rows: BenchRow[] = [];
  // The engine most people have: what an old one takes for itself would hide what is measured.
  const newer = newEngine();
  if ('missing' in newer) process.stderr.write(`bench: on the machine's own engine: ${newer.missing}\n`);
  const release = 'missing' in newer || process.env['FLOTILLA_LAB_ENGINE'] === 'own' ? 'own' : 'new';
  let engineVersion: string | undefined;
  for (const [name, measure] of Object.entries(parts)) {
    if (!wanted.includes(name)) continue;
    process.stderr.write(`bench: ${name}\n`);
    const engine = await startLabEngine({ diskSize: 'folder', release });
    try {
      engineVersion ??= versionOf(engine.host);
      rows.push(...(await measure(engine)));
    } finally {
      await engine.dispose();
    }
  }
  return {
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model,
      node: process.version,
      engine: engineVersion,
      date: new Date().toISOString(),
    },
    rows,
  };
}

/** E.g. `28.5.2`. */
const versionOf = (host: string): string =>
  execFileSync('docker', ['-H', host, 'version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  }).trim();
