import type { AppView, WorkerPhase, WorkerView } from '#shared/domain/AppView.ts';
import type { ContainerLimits } from '#shared/domain/ContainerLimits.ts';
import type { ChangePlan, PlanStep } from '#shared/reconcile/ChangePlan.ts';

export type StepState = 'waiting' | 'doing' | 'done' | 'failed';

/** What shows that something was done to a container: when it had started and its limits as the plan began, by its id. */
export type ContainersBefore = ReadonlyMap<string, Pick<WorkerView, 'startedAt' | 'limits'>>;

export const containersBefore = (app: Pick<AppView, 'workers'>): ContainersBefore =>
  new Map(
    app.workers.flatMap(({ containerId, startedAt, limits }) =>
      containerId === undefined ? [] : [[containerId, { startedAt, limits }]],
    ),
  );

const LEAVING = new Set<WorkerPhase>(['stopping', 'removing']);
const COMING = new Set<WorkerPhase>(['creating', 'starting', 'created']);
const THERE = new Set<WorkerPhase>(['running', 'paused', 'restarting', 'done']);

/** How far each step of a plan is that is being applied, read off the app's containers, builds and images. By the step's id. */
export function stepStates(
  { steps }: Pick<ChangePlan, 'steps'>,
  app: AppView,
  before: ContainersBefore,
): ReadonlyMap<string, StepState> {
  const byKey = new Map(app.workers.map((worker) => [worker.key, worker]));
  const byContainer = new Map(
    app.workers.flatMap((worker) => (worker.containerId === undefined ? [] : [[worker.containerId, worker]])),
  );
  const states = new Map<string, StepState>();
  for (const step of steps) {
    const old = byContainer.get(step.containerId ?? '');
    if (step.kind === 'remove-container' || step.kind === 'remove-orphan')
      states.set(step.id, removalState(old));
    else if (step.kind === 'update-container') states.set(step.id, updateState(step, old, before, app));
    else if (step.kind.endsWith('-container'))
      states.set(step.id, containerState(step, byKey.get(step.subject), old, before));
    else if (step.kind.endsWith('-image')) states.set(step.id, imageState(step, app));
  }
  // The engine tells nothing of networks and volumes: they are there once something begins that needs them.
  const begun = new Set(
    steps.flatMap(({ id, needs }) => ((states.get(id) ?? 'waiting') === 'waiting' ? [] : needs)),
  );
  for (const { id } of steps) if (!states.has(id)) states.set(id, begun.has(id) ? 'done' : 'waiting');
  return states;
}

const removalState = (old: WorkerView | undefined): StepState =>
  old === undefined ? 'done' : LEAVING.has(old.phase) ? 'doing' : 'waiting';

/** It runs before, meanwhile and afterwards: its limits tell. */
function updateState(
  { subject, containerId }: PlanStep,
  now: WorkerView | undefined,
  before: ContainersBefore,
  app: AppView,
): StepState {
  const { limits } = before.get(containerId ?? '') ?? {};
  if (now?.limits !== undefined && (limits === undefined || !isSame(now.limits, limits))) return 'done';
  return app.operations.some(({ step }) => step.endsWith(` ${subject}`)) ? 'doing' : 'waiting';
}

const isSame = (one: ContainerLimits, other: ContainerLimits): boolean =>
  one.memoryBytes === other.memoryBytes &&
  one.cpus === other.cpus &&
  one.pidsLimit === other.pidsLimit &&
  one.cpuset === other.cpuset &&
  one.cpusetMems === other.cpusetMems;

function containerState(
  { containerId }: PlanStep,
  worker: WorkerView | undefined,
  old: WorkerView | undefined,
  before: ContainersBefore,
): StepState {
  if (worker === undefined || worker.phase === 'requested') return 'waiting';
  const { phase } = worker;
  const isOld = old !== undefined && worker.containerId === containerId;
  // The one there was, not started again yet: what it does now is not this step's, unless it makes way or starts.
  if (isOld && old.startedAt === before.get(old.containerId ?? '')?.startedAt)
    return LEAVING.has(phase) || phase === 'creating' || phase === 'starting' ? 'doing' : 'waiting';
  if (phase === 'failed') return 'failed';
  if (THERE.has(phase)) return 'done';
  return COMING.has(phase) || LEAVING.has(phase) ? 'doing' : 'waiting';
}

function imageState({ service, subject }: PlanStep, app: AppView): StepState {
  if (app.services.some(({ image, imagePresent }) => image === subject && imagePresent === true))
    return 'done';
  const isBuilding = app.builds.some(
    (build) => build.service === service && ['queued', 'packing', 'building'].includes(build.state),
  );
  return isBuilding || app.operations.some(({ step }) => step.includes(subject)) ? 'doing' : 'waiting';
}
