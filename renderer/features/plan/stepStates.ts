import type { AppView, WorkerPhase, WorkerView } from '#shared/domain/AppView.ts';
import type { ChangePlan, PlanStep } from '#shared/reconcile/ChangePlan.ts';

export type StepState = 'waiting' | 'doing' | 'done' | 'failed';

/** When each container had started (epoch milliseconds) as the plan began, by its id. */
export type StartTimes = ReadonlyMap<string, number | undefined>;

export const startTimesOf = (app: Pick<AppView, 'workers'>): StartTimes =>
  new Map(
    app.workers.flatMap(({ containerId, startedAt }) =>
      containerId === undefined ? [] : [[containerId, startedAt]],
    ),
  );

const LEAVING = new Set<WorkerPhase>(['stopping', 'removing']);
const COMING = new Set<WorkerPhase>(['creating', 'starting', 'created']);
const THERE = new Set<WorkerPhase>(['running', 'paused', 'restarting', 'done']);

/** How far each step of a plan is that is being applied, read off the app's containers, builds and images. By the step's id. */
export function stepStates(
  { steps }: Pick<ChangePlan, 'steps'>,
  app: AppView,
  before: StartTimes,
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

function containerState(
  { containerId }: PlanStep,
  worker: WorkerView | undefined,
  old: WorkerView | undefined,
  before: StartTimes,
): StepState {
  if (worker === undefined || worker.phase === 'requested') return 'waiting';
  const { phase } = worker;
  const isOld = old !== undefined && worker.containerId === containerId;
  // The one there was, not started again yet: what it does now is not this step's, unless it makes way or starts.
  if (isOld && old.startedAt === before.get(old.containerId ?? ''))
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
