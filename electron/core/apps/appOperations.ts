import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import {
  type ContainerSummary,
  NUMBER_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
} from '../engine/containerRecord.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { awaitCondition } from './awaitCondition.ts';
import { clearTheWay } from './clearTheWay.ts';
import { limitsOf } from './engineLimits.ts';
import { ensureNetworksAndVolumes } from './ensureNetworks.ts';
import type { OperationStep, OperationTools } from './OperationStep.ts';
import { planApp, planStart } from './planApp.ts';
import { plannedRefresh } from './plannedRefresh.ts';
import { prepareImages } from './prepareImages.ts';
import { removeNetwork, removeNetworks, removeVolumes } from './removeStores.ts';
import type { ChangePlan, StepKind } from '#shared/reconcile/ChangePlan.ts';
import { planDigest } from '#shared/reconcile/planDigest.ts';
import { namespaceOwners } from '#shared/reconcile/sharedNamespaces.ts';
import { startOrder, startUrgencies } from '#shared/reconcile/startOrder.ts';
import { stopAndRemove, stopContainer } from './stopContainer.ts';
import { scaleBlockedBy } from './viewOfApp.ts';

export interface StartOptions {
  /** Default: only what has no image yet. */
  build?: 'missing' | 'always' | 'never' | undefined;
  removeOrphans?: boolean | undefined;
  retryFailed?: boolean | undefined;
  /** Digest of the plan that somebody has agreed to. */
  expected?: string | undefined;
  /** Hears what is going to be done, once the images are there. */
  onPlan?: ((plan: ChangePlan) => void) | undefined;
}

/**
 * Gets the images, then does what the plan says, in dependency order; what may start together does. Of an app that runs, only what changed
 * is made anew.
 */
export async function startApp(
  session: AppSession,
  { build = 'missing', removeOrphans, retryFailed, expected, onPlan }: StartOptions,
  tools: OperationTools,
  operation: OperationStep,
): Promise<void> {
  const client = session.client();
  const app = session.model();
  session.consents.assertAll(session.title, session.reading.dangers);
  assertReplicas(session, app);
  if (expected !== undefined)
    assertExpected(await planApp(session, client, { removeOrphans, retryFailed }), expected);
  operation.step('Looking for images');
  await prepareImages(session, app, build, client, tools, operation);
  operation.signal.throwIfAborted();
  const { plan, earlier, setOut } = await planStart(session, client, { removeOrphans, retryFailed });
  onPlan?.(plan);
  if (setOut.size > 0) await session.rememberSetOut(setOut);
  await clearTheWay(session, client, plan, operation);
  // What is blocked may lack an external network or volume, which this names.
  if (plan.steps.some(({ kind }) => STORES.has(kind)) || plan.notes.some(({ kind }) => kind === 'blocked')) {
    operation.step('Preparing networks');
    await ensureNetworksAndVolumes(client, app, session.path);
  }
  for (const controller of session.controllers) controller.forgetFailures();

  const total = app.services.reduce((sum, service) => sum + session.requested(service), 0);
  const urgencies = startUrgencies(app.services);
  const started = new Map<string, Promise<void>>();
  const onAbort = (): void => {
    for (const controller of session.controllers) void controller.cancel();
  };
  operation.signal.addEventListener('abort', onAbort, { once: true });
  const ticking = setInterval(() => {
    const running = session.containers().filter((container) => container.state === 'running').length;
    const current = session.controllers.find((controller) => controller.busy);
    operation.step(
      current?.progress.step === undefined || current.progress.step === ''
        ? `Starting ${app.services.length} services`
        : current.progress.step,
      Math.min(running, total),
      total,
    );
  }, 100);
  try {
    for (const service of startOrder(app.services).flat()) {
      const planned = session.requested(service);
      const hasSteps = plan.steps.some((step) => step.service === service.name);
      const urgency = urgencies.get(service.name) ?? 0;
      const start = async (): Promise<void> => {
        if (hasSteps && canWaitMade(service))
          void session
            .controller(service.name)
            .request({ replicas: planned, refresh: false, hold: true, urgency: urgency - HOLD_PATIENCE })
            // The request to start them meets the same, and tells it.
            .catch(() => undefined);
        for (const dependency of service.dependsOn) {
          await started.get(dependency.service);
          await awaitCondition(session, tools.engine, service.name, dependency, operation.signal);
        }
        operation.signal.throwIfAborted();
        // Another number may have been asked for since the plan was made.
        if (!hasSteps && session.requested(service) === planned) return;
        await session.controller(service.name).request({
          replicas: session.requested(service),
          refresh: plannedRefresh(plan, service.name),
          hold: false,
          urgency,
        });
      };
      const promise = start();
      promise.catch(() => undefined);
      started.set(service.name, promise);
    }
    const outcomes = await Promise.allSettled(started.values());
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (operation.signal.aborted)
      throw new FlotillaError('cancelled', `Starting ${session.title} was cancelled.`);
    if (failed !== undefined) throw failed.reason;
    for (const { kind, networkId } of plan.steps)
      if (kind === 'remove-network' && networkId !== undefined)
        await removeNetwork(client, networkId, plan.project, operation.signal);
    if (setOut.size > 0 || earlier.size > 0) await session.rememberSetOut(new Map());
    assertPossible(plan);
  } finally {
    clearInterval(ticking);
    operation.signal.removeEventListener('abort', onAbort);
    await Promise.all(session.controllers.map((controller) => controller.discardHeld()));
  }
}

/** What is only made gives way to what is as urgent to be started. */
const HOLD_PATIENCE = 0.5;

/**
 * Whether containers of a service can be made before those it waits for are there: not where they name them. A control door opens when
 * its main is made.
 */
const canWaitMade = (service: ServiceModel): boolean =>
  service.dependsOn.length > 0 &&
  service.control !== true &&
  namespaceOwners(service).length === 0 &&
  service.links === undefined &&
  service.volumesFrom === undefined;

/** @throws FlotillaError `conflict` when the project or the engine changed since somebody agreed */
function assertExpected(plan: ChangePlan, expected: string): void {
  if (planDigest(plan) === expected) return;
  throw new FlotillaError('conflict', 'The project or the engine changed since this plan was made.', {
    hint: 'Nothing was done. Look at the plan as it is now.',
    detail: { planChanged: true },
  });
}

const STORES: ReadonlySet<StepKind> = new Set(['create-network', 'recreate-network', 'create-volume']);

/** @throws FlotillaError `conflict` naming the first thing that stood in the way, when all else is done */
function assertPossible({ notes }: ChangePlan): void {
  const blocked = notes.find(({ kind }) => kind === 'blocked');
  if (blocked === undefined) return;
  throw new FlotillaError('conflict', `${blocked.text}.`, {
    ...(blocked.hint === undefined ? {} : { hint: blocked.hint }),
  });
}

/**
 * Workers first, then main, then what they use, last started first. Containers stay.
 * @throws FlotillaError `cancelled`: what had begun to end has ended, what drained or was not asked yet runs on
 */
export async function stopApp(session: AppSession, operation: OperationStep): Promise<void> {
  await endApp(session, operation, 'Stopping', async (client, id, graceMs) =>
    stopContainer(client, id, graceMs),
  );
}

/**
 * Stops and removes containers and networks, and volumes when asked.
 * @returns whether there was anything of it
 * @throws FlotillaError `cancelled`, as for {@link stopApp}; what is left can be removed later
 */
export async function removeApp(
  session: AppSession,
  project: string,
  volumes: boolean,
  operation: OperationStep,
): Promise<boolean> {
  let removed = await endApp(session, operation, 'Removing', (client, id, graceMs) =>
    stopAndRemove(client, id, graceMs, () => session.leaving(id, (step) => operation.step(step))),
  );
  await session.rememberSetOut(new Map());
  operation.step('Removing networks');
  removed += await removeNetworks(session.client(), project, operation.signal);
  if (volumes) {
    operation.step('Removing volumes');
    removed += await removeVolumes(session.client(), project);
  }
  return removed > 0;
}

/** @returns how many containers there were */
async function endApp(
  session: AppSession,
  operation: OperationStep,
  word: string,
  end: (client: EngineClient, id: string, graceMs: number) => Promise<void>,
): Promise<number> {
  const client = session.client();
  const model = session.reading.model;
  const project = session.projectName;
  if (project === undefined) return 0;
  const containers = (await listProject(client, project)).filter((container) =>
    session.owns(container.Labels ?? {}),
  );
  const { removals } = limitsOf(client);
  let done = 0;
  for (const wave of stopWaves(model, containers)) {
    const outcomes = await Promise.allSettled(
      wave.map((container) =>
        removals.run(async () => {
          if (operation.signal.aborted) return;
          const service = container.Labels?.[SERVICE_LABEL] ?? '';
          operation.step(
            `${word} ${(container.Names?.[0] ?? container.Id).replace(/^\//, '')}`,
            done,
            containers.length,
          );
          const known = model?.services.find((candidate) => candidate.name === service);
          if (known !== undefined && container.State === 'running') {
            const worker = `${service}-${container.Labels?.[NUMBER_LABEL] ?? '1'}`;
            const tell = (step: string): void => operation.step(step, done, containers.length);
            await session.beforeStop(container.Id, worker, known, tell, operation.signal);
          }
          session.stopped.add(container.Id);
          session.changed();
          await end(client, container.Id, known?.stopGraceMs ?? 10_000);
          done += 1;
          operation.step(`${word} ${service}`, done, containers.length);
        }),
      ),
    );
    if (operation.signal.aborted)
      throw new FlotillaError('cancelled', `${word} ${session.title} was cancelled.`, {
        hint: 'What had begun to end has ended, the rest runs on.',
      });
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
  return containers.length;
}

export async function listProject(client: EngineClient, project: string): Promise<ContainerSummary[]> {
  return client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`, NUMBER_LABEL] }) },
  });
}

function stopWaves(model: AppModel | null, containers: readonly ContainerSummary[]): ContainerSummary[][] {
  const order = model === null ? [] : startOrder(model.services).flat();
  const rank = (service: string): number => {
    const role = order.find((candidate) => candidate.name === service)?.role;
    if (role === undefined || role === 'worker') return -2;
    return role === 'main' ? -1 : order.length - order.findIndex((candidate) => candidate.name === service);
  };
  const waves = new Map<number, ContainerSummary[]>();
  for (const container of containers) {
    const key = rank(container.Labels?.[SERVICE_LABEL] ?? '');
    waves.set(key, [...(waves.get(key) ?? []), container]);
  }
  return [...waves].sort(([a], [b]) => a - b).map(([, wave]) => wave);
}

function assertReplicas(session: AppSession, app: AppModel): void {
  for (const service of app.services) {
    const blocked = scaleBlockedBy(service);
    if (blocked === null || session.requested(service) <= 1) continue;
    throw new FlotillaError(
      'conflict',
      `${service.name} cannot have ${session.requested(service)} replicas: ${blocked}`,
      {
        hint: 'Apply the fix under Problems, or ask for one replica.',
        detail: { file: service.file, line: service.range?.line },
      },
    );
  }
}
