import type { Metric } from '../domain/Metrics.ts';
import { median } from '../study/median.ts';
import { metricWords } from './metricWords.ts';
import { compareRobustly, OUTLIER } from './robustScore.ts';

/** Equal stretches of the same time of all workers, oldest first; null where nothing is known. */
export interface StragglerInput {
  worker: string;
  service: string;
  /** `ended`: it did its work and is gone. Others (stopped, failed) are to be left out. */
  phase: 'running' | 'ended';
  oomKills: number;
  means: Partial<Record<Metric, readonly (number | null)[]>>;
}

/**
 * - `throttled`: its CPU limit holds it back, the others' do not
 * - `memory`: killed for want of memory, close to its limit, or reading pages back from disk
 * - `disk`: it moves more data to or from disks than the others, and computes less
 * - `lessWork`: it computed like the others and then ceased while they go on
 * - `idle`: it has hardly computed at all
 * - `waiting`: it computes less, for no reason that can be seen from outside (a network, a lock, another worker)
 * - `behind`: by its own word it has done less of its work, though it computes like the others
 * - `moreWork`: it goes on while the others have ended or are idle
 */
export type StragglerCause =
  | 'throttled'
  | 'memory'
  | 'disk'
  | 'lessWork'
  | 'idle'
  | 'waiting'
  | 'behind'
  | 'moreWork';

export interface Straggler {
  worker: string;
  service: string;
  cause: StragglerCause;
  /** How far from its peers, in robust standard deviations: what sorts them. */
  severity: number;
  /** With numbers, for people. */
  text: string;
}

/** With fewer there is no telling which of them is the odd one. */
export const FEWEST_WORKERS = 3;
/** Cells that must be known of a worker. */
const FEWEST_CELLS = 5;
/** An outlier must matter, too: it computes less than this share of what its peers do. */
const CLEARLY_LESS = 0.75;
const HARDLY = 0.05;
const BUSY = 0.3;
const THROTTLED = 0.1;
const NEAR_LIMIT = 0.95;
const MANY_FAULTS = 20;
const MUCH_DISK = 1024 * 1024;
const LEAST_SCALE = { cores: 0.02, share: 0.02, faults: 5, disk: 256 * 1024 };
/** So much less of its work done is behind. */
const CLEARLY_BEHIND = 0.1;

interface Profile extends StragglerInput {
  cores: number;
  /** Medians of the first half and of the last quarter of the time. */
  early: number;
  late: number;
  throttled: number;
  faults: number;
  disk: number;
  /** Share of the memory limit in use; NaN without one. */
  fullness: number;
  /** What it said last of how much of its work is done; NaN where it says nothing. */
  progress: number;
}

/**
 * The workers that keep the others of their service waiting, the worst first, each with the likely cause. Every number of a worker is its
 * median over the time, compared with its peers' by their median and MAD (see compareRobustly); beyond 3.5 deviations **and** of practical
 * size it counts. At least three workers of a service are needed. The causes are tried in the order in which they stand above.
 */
export function findStragglers(inputs: readonly StragglerInput[]): Straggler[] {
  const found: Straggler[] = [];
  for (const service of new Set(inputs.map(({ service: name }) => name))) {
    const profiles = inputs.filter((input) => input.service === service).flatMap(profileOf);
    if (profiles.length < FEWEST_WORKERS) continue;
    for (const profile of profiles) {
      if (profile.phase !== 'running') continue;
      const straggler = judge(
        profile,
        profiles.filter((other) => other !== profile),
      );
      if (straggler !== undefined) found.push(straggler);
    }
  }
  return found.sort((one, other) => other.severity - one.severity);
}

function judge(own: Profile, peers: readonly Profile[]): Straggler | undefined {
  // By its own word it has nothing left to do.
  if (own.progress >= 1) return undefined;
  const running = peers.filter(({ phase }) => phase === 'running');
  const ended = peers.length - running.length;
  const lag = lagOf(own, running);
  const says = (cause: StragglerCause, severity: number, text: string): Straggler => ({
    worker: own.worker,
    service: own.service,
    cause,
    severity: Math.abs(severity),
    text: `${own.worker} ${text}${lag === undefined || cause === 'behind' ? '' : ` It ${lag.text}.`}`,
  });
  if (ended * 2 > peers.length)
    return own.late >= HARDLY
      ? says('moreWork', peers.length, `still works; ${ended} of ${peers.length} peers have ended.`)
      : undefined;
  const cores = compareRobustly(
    own.cores,
    running.map((peer) => peer.cores),
    LEAST_SCALE.cores,
  );
  if (cores === undefined || running.length < FEWEST_WORKERS - 1) return undefined;
  const isLow =
    cores.score < -OUTLIER && own.cores < CLEARLY_LESS * cores.centre && cores.centre >= 2 * HARDLY;
  const use = `uses ${metricWords(own.cores, 'cores')} cores, its peers ${metricWords(cores.centre, 'cores')}`;

  const throttled = outlier(own, running, 'throttled', LEAST_SCALE.share);
  if (throttled !== undefined && own.throttled - throttled.centre >= THROTTLED)
    return says(
      'throttled',
      throttled.score,
      `${use}: its CPU limit holds it back in ${metricWords(own.throttled, 'share')} of the periods (its peers ${metricWords(throttled.centre, 'share')}).`,
    );
  const memory = memoryTrouble(own, running);
  if (memory !== undefined) return says('memory', memory.score, `${use}: ${memory.text}.`);
  const peersLate = median(running.map(({ late }) => late)) ?? 0;
  const peersEarly = median(running.map(({ early }) => early)) ?? 0;
  if (own.late >= BUSY && peersLate < HARDLY && peersEarly >= BUSY)
    return says('moreWork', own.late / LEAST_SCALE.cores, 'still computes while its peers are idle.');
  // It may have begun to lag only now: the end of the time counts for itself.
  const late = compareRobustly(
    own.late,
    running.map((peer) => peer.late),
    LEAST_SCALE.cores,
  );
  const ceased =
    own.early >= CLEARLY_LESS * peersEarly &&
    own.late < 0.25 * peersLate &&
    peersLate >= BUSY &&
    own.early >= BUSY;
  if (ceased && late !== undefined && late.score < -OUTLIER)
    return says(
      'lessWork',
      late.score,
      `computed like its peers and has ceased: ${metricWords(own.late, 'cores')} cores now, its peers ${metricWords(peersLate, 'cores')}.`,
    );
  if (!isLow)
    return lag === undefined
      ? undefined
      : says('behind', lag.score, `${lag.text}, and ${use}: its part is larger, or its steps take longer.`);
  const disk = outlier(own, running, 'disk', LEAST_SCALE.disk);
  if (disk !== undefined && own.disk >= MUCH_DISK)
    return says(
      'disk',
      cores.score,
      `${use}: it moves ${metricWords(own.disk, 'bytesPerSecond')} to and from disks (its peers ${metricWords(disk.centre, 'bytesPerSecond')}).`,
    );
  if (own.cores < HARDLY) return says('idle', cores.score, `${use}: it has no work, or waits for it.`);
  return says('waiting', cores.score, `${use}, and nothing holds it back that can be seen: it waits.`);
}

/** How far it is behind its peers by what they say of their work; undefined where it is not, or they say nothing. */
function lagOf(own: Profile, peers: readonly Profile[]): { score: number; text: string } | undefined {
  const others = peers.map(({ progress }) => progress).filter((share) => !Number.isNaN(share));
  if (Number.isNaN(own.progress) || others.length < FEWEST_WORKERS - 1) return undefined;
  const progress = compareRobustly(own.progress, others, LEAST_SCALE.share);
  if (progress === undefined || progress.score > -OUTLIER) return undefined;
  if (progress.centre - own.progress < CLEARLY_BEHIND) return undefined;
  return {
    score: progress.score,
    text: `is at ${metricWords(own.progress, 'share')} of its work, its peers at ${metricWords(progress.centre, 'share')}`,
  };
}

function memoryTrouble(own: Profile, peers: readonly Profile[]): { score: number; text: string } | undefined {
  const kills = median(peers.map(({ oomKills }) => oomKills)) ?? 0;
  if (own.oomKills > kills)
    return {
      score: 10 * (own.oomKills - kills),
      text: `the kernel has killed it ${own.oomKills === 1 ? 'once' : `${own.oomKills} times`} for want of memory`,
    };
  const faults = outlier(own, peers, 'faults', LEAST_SCALE.faults);
  if (faults !== undefined && own.faults >= MANY_FAULTS)
    return {
      score: faults.score,
      text: `it reads ${metricWords(own.faults, 'perSecond')} pages back from disk (its peers ${metricWords(faults.centre, 'perSecond')}): memory is short`,
    };
  const others = peers.map(({ fullness }) => fullness).filter((share) => !Number.isNaN(share));
  const fullness = compareRobustly(own.fullness, others, LEAST_SCALE.share);
  if (own.fullness >= NEAR_LIMIT && fullness !== undefined && fullness.score > OUTLIER)
    return {
      score: fullness.score,
      text: `its memory is ${metricWords(own.fullness, 'share')} full (its peers’ ${metricWords(fullness.centre, 'share')})`,
    };
  return undefined;
}

/** How it compares where it lies clearly above its peers. */
function outlier(
  own: Profile,
  peers: readonly Profile[],
  key: 'throttled' | 'faults' | 'disk',
  leastScale: number,
) {
  const comparison = compareRobustly(
    own[key],
    peers.map((peer) => peer[key]),
    leastScale,
  );
  return comparison !== undefined && comparison.score > OUTLIER ? comparison : undefined;
}

function profileOf(input: StragglerInput): Profile[] {
  const { means } = input;
  const cores = means.cores ?? [];
  if (known(cores).length < FEWEST_CELLS) return [];
  const quarter = Math.max(1, Math.floor(cores.length / 4));
  const usual = (values: readonly (number | null)[] | undefined): number => median(known(values ?? [])) ?? 0;
  const limit = usual(means.memoryLimit);
  return [
    {
      ...input,
      cores: usual(cores),
      early: usual(cores.slice(0, Math.ceil(cores.length / 2))),
      late: usual(cores.slice(-quarter)),
      throttled: usual(means.throttledPeriods),
      faults: usual(means.faults),
      disk: usual(means.read) + usual(means.written),
      fullness: limit > 0 ? usual(means.memory) / limit : Number.NaN,
      progress: known(means.progress ?? []).at(-1) ?? Number.NaN,
    },
  ];
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
