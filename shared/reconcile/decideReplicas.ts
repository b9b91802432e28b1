import type { ServiceModel } from '../domain/ServiceModel.ts';
import type { NoteKind, PlanStep } from './ChangePlan.ts';
import type { ContainerFacts } from './EngineFacts.ts';
import { numberWord } from './listWords.ts';

/** Why something is to be done, as a step says it. */
export type Cause = Pick<PlanStep, 'reason' | 'changes' | 'retries' | 'byLoad'>;

/** Why a container is not what its file says. */
export interface SettingsCause extends Cause {
  /** The engine can bring it to that while it runs. */
  appliesLive?: boolean | undefined;
}

/** What is to happen to one replica. */
export interface ReplicaDecision extends Cause {
  kind: 'remove' | 'create' | 'recreate' | 'update' | 'start';
  index: number;
  /** Absent when there is none yet. */
  container?: ContainerFacts | undefined;
}

/** A replica that has ended and is left so. */
export interface EndedReplica {
  kind: Extract<NoteKind, 'done' | 'failed'>;
  container: ContainerFacts;
}

export interface ReplicaQuestion {
  service: ServiceModel;
  /** How many there are to be. */
  replicas: number;
  /** The service's own containers. */
  containers: readonly ContainerFacts[];
  /** Something of the app runs. Otherwise a new run begins, and what has ended takes part in it. */
  isAppLive: boolean;
  /** Start what failed whatever the restart policy. */
  retryFailed: boolean;
  /** A service that waits for this one to succeed or to be healthy: a failure left alone would leave that one waiting for ever. */
  awaitedBy: string | undefined;
  /** Its end was asked for: it did not end by itself, whatever its code. */
  wasStopped: (container: ContainerFacts) => boolean;
  /** A start that was broken off was to start it and had not come to it: how it ended before is of no account. */
  isSetOut: (container: ContainerFacts) => boolean;
  /** Why it is not what the file says now, and so must be made anew, or changed where it runs and that can be done. */
  changeOf: (container: ContainerFacts) => SettingsCause | undefined;
  /** Why it must be made anew to run at all. What has ended for good is not asked. */
  brokenBy: (container: ContainerFacts) => string | undefined;
}

const LIVE = new Set<ContainerFacts['state']>(['running', 'paused', 'restarting']);
/** 128 + SIGTERM, and 128 + SIGKILL after the grace: somebody asked it to end, and it did. */
const STOPPED_CODES = new Set([143, 137]);

/** What the worth of a replica is judged by. One that tells no load counts as the busiest. */
export type ReplicaState = Pick<ContainerFacts, 'index' | 'state' | 'exitCode' | 'load'>;

export const isLive = ({ state }: Pick<ContainerFacts, 'state'>): boolean => LIVE.has(state);
const isDone = ({ state, exitCode }: ReplicaState): boolean => state === 'exited' && exitCode === 0;

/**
 * Decides what happens to a service's replicas. Numbers are stable: what stays keeps its own, and new ones take the lowest that are free.
 * Of too many, those go first that do not run, then those with least to do, and among equals the newest, which has the highest number.
 */
export function decideReplicas(question: ReplicaQuestion): {
  decisions: ReplicaDecision[];
  ended: EndedReplica[];
} {
  const { service, replicas, containers } = question;
  const present = containers.filter(({ state }) => state !== 'removing');
  const decisions: ReplicaDecision[] = [];
  const ended: EndedReplica[] = [];
  const { kept: distinct, doubles } = oneOfEach(present);
  for (const container of doubles)
    decisions.push(removal(container, `there is another ${service.name}-${container.index}`));
  const count = countWords(replicas, distinct);
  const leaving = [...distinct].sort(byWorth).slice(0, Math.max(0, distinct.length - replicas));
  const byLoad = leaving.length < distinct.length && distinct.some(({ load }) => load !== undefined);
  for (const container of leaving)
    decisions.push(
      byLoad
        ? { ...removal(container, `${count}; those with least to do go first`), byLoad }
        : removal(container, count),
    );
  const kept = distinct
    .filter((container) => !leaving.includes(container))
    .sort((one, other) => one.index - other.index);
  for (const container of kept) {
    const verdict = verdictOn(container, question);
    if (verdict === undefined) continue;
    if (typeof verdict === 'string') ended.push({ kind: verdict, container });
    else decisions.push({ ...verdict, index: container.index, container });
  }
  const taken = new Set(kept.map(({ index }) => index));
  for (let index = 1; taken.size < replicas; index += 1) {
    if (taken.has(index)) continue;
    taken.add(index);
    const isFirst = distinct.length === 0 && replicas === 1;
    decisions.push({ kind: 'create', index, reason: isFirst ? 'it is not there yet' : count });
  }
  return { decisions, ended };
}

const removal = (container: ContainerFacts, reason: string): ReplicaDecision => ({
  kind: 'remove',
  index: container.index,
  container,
  reason,
});

/** Of containers that bear one number, the one that runs, else the youngest, stays. */
function oneOfEach(present: readonly ContainerFacts[]): {
  kept: ContainerFacts[];
  doubles: ContainerFacts[];
} {
  const best = new Map<number, ContainerFacts>();
  for (const container of present) {
    const other = best.get(container.index);
    const isBetter =
      other === undefined ||
      worth(container) > worth(other) ||
      (worth(container) === worth(other) && container.createdAt > other.createdAt);
    if (isBetter) best.set(container.index, container);
  }
  const kept = [...best.values()];
  return { kept, doubles: present.filter((container) => !kept.includes(container)) };
}

/** What does not run is worth least; what is done has at least a result in its log. */
const worth = (container: ReplicaState): number => (isLive(container) ? 2 : isDone(container) ? 1 : 0);

/** Order in which replicas go when there are too many. */
export const byWorth = (one: ReplicaState, other: ReplicaState): number =>
  worth(one) - worth(other) || byLoad(one, other) || other.index - one.index;

function byLoad({ load: one }: ReplicaState, { load: other }: ReplicaState): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  return other === undefined ? -1 : one - other;
}

/** Undefined: it is as it should be. */
function verdictOn(
  container: ContainerFacts,
  question: ReplicaQuestion,
): (Cause & Pick<ReplicaDecision, 'kind'>) | EndedReplica['kind'] | undefined {
  if (container.state === 'dead')
    return { kind: 'recreate', reason: 'the engine has given it up (its state is “dead”)' };
  const change = question.changeOf(container);
  if (change !== undefined) return changeVerdict(container, change, question);
  const start = whyStart(container, question);
  if (start === 'done' || start === 'failed') return start;
  const broken = question.brokenBy(container);
  if (broken !== undefined) return { kind: 'recreate', reason: broken };
  return start === undefined ? undefined : { kind: 'start', ...start };
}

function changeVerdict(
  container: ContainerFacts,
  { appliesLive, ...cause }: SettingsCause,
  { brokenBy }: ReplicaQuestion,
): Cause & Pick<ReplicaDecision, 'kind'> {
  if (appliesLive !== true || !isLive(container)) return { kind: 'recreate', ...cause };
  const broken = brokenBy(container);
  return broken === undefined
    ? { kind: 'update', ...cause, reason: `${cause.reason} (no restart)` }
    : { kind: 'recreate', ...cause, reason: `${cause.reason}; ${broken}` };
}

/** Undefined: it runs. `done` and `failed`: it has ended and is left so. */
function whyStart(
  container: ContainerFacts,
  { service, isAppLive, retryFailed, awaitedBy, wasStopped, isSetOut }: ReplicaQuestion,
): Cause | EndedReplica['kind'] | undefined {
  if (isLive(container)) return undefined;
  if (container.state === 'created') return { reason: 'it was made and never started' };
  const code = container.exitCode;
  const policy = service.restart.name;
  const isKilledByMemory = container.oomKilled === true;
  if (wasStopped(container) || (code !== undefined && STOPPED_CODES.has(code) && !isKilledByMemory))
    return { reason: 'it was stopped' };
  // The engine starts these again by itself, unless somebody stopped them.
  if (policy === 'always' || policy === 'unless-stopped') return { reason: 'it was stopped' };
  if (!isAppLive)
    return { reason: `a new run begins: nothing of the app runs, and it ended with code ${code ?? '?'}` };
  if (isSetOut(container)) return { reason: 'a start that was broken off had not come to it yet' };
  if (code === 0) return 'done';
  const failed = `it failed with ${isKilledByMemory ? 'too little memory' : `code ${code ?? '?'}`}`;
  if (policy !== 'no') return { reason: `${failed}, and its restart policy is ${policy}` };
  if (awaitedBy !== undefined) return { reason: `${failed}, and ${awaitedBy} waits for it` };
  return retryFailed ? { reason: failed, retries: true } : 'failed';
}

/** `the number is 3 and two run`; `the number is 4, two run and one is done`. */
function countWords(replicas: number, containers: readonly ContainerFacts[]): string {
  const running = containers.filter(isLive).length;
  const done = containers.filter(isDone).length;
  const others = containers.length - running - done;
  const runs = `${numberWord(running)} ${running === 1 || running === 0 ? 'runs' : 'run'}`;
  const parts = [
    ...(running > 0 || done + others === 0 ? [runs] : []),
    ...(done > 0 ? [`${numberWord(done)} ${done === 1 ? 'is' : 'are'} done`] : []),
    ...(others > 0 ? [`${numberWord(others)} ${others === 1 ? 'does' : 'do'} not run`] : []),
  ];
  const last = parts.pop() ?? '';
  return parts.length === 0
    ? `the number is ${replicas} and ${last}`
    : `the number is ${replicas}, ${parts.join(', ')} and ${last}`;
}
