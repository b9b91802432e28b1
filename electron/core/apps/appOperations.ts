import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { BuildService } from '../build/BuildApi.ts';
import { type ContainerSummary, PROJECT_LABEL, SERVICE_LABEL } from '../engine/containerRecord.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { VERSION_LABEL, CREATOR } from './containerSpec.ts';
import { ensureNetworksAndVolumes, removeNetworks, removeVolumes } from './ensureNetworks.ts';
import { pullImage } from './pullImage.ts';
import { hasStatus, removals, stopAndRemove, stopContainer } from './ReplicaController.ts';
import { startOrder } from './startOrder.ts';
import { scaleBlockedBy } from './viewOfApp.ts';

interface Step {
  step(step: string, done?: number, total?: number): void;
  signal: AbortSignal;
}

export interface OperationTools {
  engine: EngineService;
  builds: BuildService;
}

/** @throws FlotillaError `consent-required` listing what reaches outside the containers and was not allowed yet */
export function assertConsent(session: AppSession): void {
  const open = session.reading.dangers.filter((danger) => !session.granted.has(danger.id));
  if (open.length === 0) return;
  const list = open
    .map(
      (danger) =>
        `${danger.service}: ${danger.kind} ${danger.value} (${danger.file}${danger.line === undefined ? '' : `:${danger.line}`})`,
    )
    .join('; ');
  throw new FlotillaError(
    'consent-required',
    `${session.title} asks for more than a container may: ${list}.`,
    {
      hint: 'Look at each and allow it, or take it out of the compose file.',
      detail: { dangerIds: open.map((danger) => danger.id) },
    },
  );
}

/** Builds services side by side. @throws FlotillaError `build-failed` naming the first that failed */
export async function buildServices(
  session: AppSession,
  services: readonly ServiceModel[],
  noCache: boolean,
  { builds }: OperationTools,
  operation: Step,
): Promise<string[]> {
  const app = session.model();
  operation.signal.throwIfAborted();
  const started = services.flatMap((service) =>
    service.build === undefined
      ? []
      : [
          builds.start({
            appId: session.id,
            service: service.name,
            tag: service.image,
            projectRoot: session.path,
            build: service.build,
            labels: { [PROJECT_LABEL]: app.name, [SERVICE_LABEL]: service.name, [VERSION_LABEL]: CREATOR },
            noCache,
          }),
        ],
  );
  const cancel = (): void => {
    for (const build of started) builds.cancel(build.id);
  };
  operation.signal.addEventListener('abort', cancel, { once: true });
  let done = 0;
  operation.step(`Building ${names(services)}`, 0, started.length);
  try {
    const ended = await Promise.all(
      started.map(async (build) => {
        const view = await builds.wait(build.id);
        done += 1;
        operation.step(`Building ${names(services)}`, done, started.length);
        return view;
      }),
    );
    if (operation.signal.aborted) throw new FlotillaError('cancelled', 'The build was cancelled.');
    const failed =
      ended.find((build) => build.state === 'failed') ?? ended.find((build) => build.state === 'cancelled');
    if (failed === undefined) return ended.map((build) => build.id);
    if (failed.state === 'cancelled')
      throw new FlotillaError('cancelled', `The build of ${failed.service} was cancelled.`);
    const place =
      failed.error?.file === undefined
        ? ''
        : `${failed.error.file}${failed.error.line === undefined ? '' : `:${failed.error.line}`}: `;
    throw new FlotillaError(
      'build-failed',
      `The build of ${failed.service} failed: ${place}${failed.error?.message ?? 'no reason was given'}`,
      {
        ...(failed.error?.hint === undefined ? {} : { hint: failed.error.hint }),
        detail: {
          buildId: failed.id,
          service: failed.service,
          file: failed.error?.file,
          line: failed.error?.line,
        },
      },
    );
  } finally {
    operation.signal.removeEventListener('abort', cancel);
  }
}

/** Everything from images to the last worker, in dependency order; what may start together does. */
export async function startApp(
  session: AppSession,
  build: 'missing' | 'always' | 'never',
  tools: OperationTools,
  operation: Step,
): Promise<void> {
  const client = session.client();
  const app = session.model();
  assertConsent(session);
  assertReplicas(session, app);
  operation.step('Looking for images');
  await prepareImages(session, app, build, client, tools, operation);
  operation.signal.throwIfAborted();
  operation.step('Preparing networks');
  await ensureNetworksAndVolumes(client, app);
  for (const controller of session.controllers) controller.forgetFailures();

  const total = app.services.reduce((sum, service) => sum + session.requested(service), 0);
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
      const start = async (): Promise<void> => {
        for (const dependency of service.dependsOn) {
          await started.get(dependency.service);
          await awaitCondition(session, tools.engine, service.name, dependency, operation.signal);
        }
        operation.signal.throwIfAborted();
        await session
          .controller(service.name)
          .request({ replicas: session.requested(service), refresh: true });
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
  } finally {
    clearInterval(ticking);
    operation.signal.removeEventListener('abort', onAbort);
  }
}

/** Workers first, then main, then what they use, last started first. Containers stay. */
export async function stopApp(session: AppSession, operation: Step): Promise<void> {
  await endApp(session, operation, 'Stopping', async (client, id, graceMs) =>
    stopContainer(client, id, graceMs),
  );
}

/** Stops and removes containers and networks, and volumes when asked. */
export async function removeApp(
  session: AppSession,
  project: string,
  volumes: boolean,
  operation: Step,
): Promise<void> {
  await endApp(session, operation, 'Removing', (client, id, graceMs) =>
    stopAndRemove(client, id, graceMs, () => undefined),
  );
  operation.step('Removing networks');
  await removeNetworks(session.client(), project);
  if (volumes) {
    operation.step('Removing volumes');
    await removeVolumes(session.client(), project);
  }
}

async function endApp(
  session: AppSession,
  operation: Step,
  word: string,
  end: (client: EngineClient, id: string, graceMs: number) => Promise<void>,
): Promise<void> {
  const client = session.client();
  const model = session.reading.model;
  const project = session.projectName;
  if (project === undefined) return;
  const containers = (await listProject(client, project)).filter((container) =>
    session.owns(container.Labels ?? {}),
  );
  let done = 0;
  for (const wave of stopWaves(model, containers)) {
    await Promise.all(
      wave.map((container) =>
        removals.run(async () => {
          const service = container.Labels?.[SERVICE_LABEL] ?? '';
          operation.step(
            `${word} ${(container.Names?.[0] ?? container.Id).replace(/^\//, '')}`,
            done,
            containers.length,
          );
          session.stopped.add(container.Id);
          session.changed();
          await end(
            client,
            container.Id,
            model?.services.find((candidate) => candidate.name === service)?.stopGraceMs ?? 10_000,
          );
          done += 1;
          operation.step(`${word} ${service}`, done, containers.length);
        }),
      ),
    );
  }
}

export async function listProject(client: EngineClient, project: string): Promise<ContainerSummary[]> {
  return client.request<ContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: JSON.stringify({ label: [`${PROJECT_LABEL}=${project}`] }) },
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

async function prepareImages(
  session: AppSession,
  app: AppModel,
  build: 'missing' | 'always' | 'never',
  client: EngineClient,
  tools: OperationTools,
  operation: Step,
): Promise<void> {
  const toBuild: ServiceModel[] = [];
  const toPull = new Set<string>();
  const tags = new Set<string>();
  for (const service of app.services) {
    if (service.build !== undefined && build === 'always') {
      toBuild.push(service);
      continue;
    }
    if (await imageExists(client, service.image)) continue;
    if (service.build === undefined) toPull.add(service.image);
    else if (build !== 'never') toBuild.push(service);
    else
      throw new FlotillaError(
        'not-found',
        `${service.name} has no image yet: ${service.image} was not built.`,
        { hint: 'Build it first.' },
      );
  }
  // Two services of one image are built once.
  const once = toBuild.filter((service) => !tags.has(service.image) && tags.add(service.image));
  if (once.length > 0) await buildServices(session, once, false, tools, operation);
  await Promise.all(
    [...toPull].map(async (reference) => {
      operation.step(`Pulling ${reference}`);
      await pullImage(client, reference, operation.signal, (status) =>
        operation.step(`Pulling ${reference}: ${status}`),
      );
    }),
  );
}

export async function imageExists(client: EngineClient, reference: string): Promise<boolean> {
  try {
    await client.request({ path: `/images/${reference}/json` });
    return true;
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 400)) return false;
    throw error;
  }
}

/** Waits for what a service asks of one it depends on. */
async function awaitCondition(
  session: AppSession,
  engine: EngineService,
  dependent: string,
  dependency: ServiceModel['dependsOn'][number],
  signal: AbortSignal,
): Promise<void> {
  if (dependency.condition === 'service_started') return;
  const isHealthy = dependency.condition === 'service_healthy';
  const look = (): 'wait' | 'met' | FlotillaError => {
    const own = session.containers().filter((container) => container.service === dependency.service);
    if (own.length === 0) return dependency.required ? 'wait' : 'met';
    for (const container of own) {
      const over = container.state === 'exited' || container.state === 'dead';
      if (isHealthy && (over || container.health === 'unhealthy')) {
        return new FlotillaError(
          'engine-error',
          `${dependent} waits for ${dependency.service} to be healthy, but ${container.name} ${over ? `ended with code ${container.exitCode ?? '?'}` : 'is unhealthy'}.`,
          { hint: `Look at the log of ${container.name}.` },
        );
      }
      if (!isHealthy && over && container.exitCode !== 0) {
        return new FlotillaError(
          'engine-error',
          `${dependent} waits for ${dependency.service} to succeed, but ${container.name} ended with code ${container.exitCode ?? '?'}.`,
          { hint: `Look at the log of ${container.name}.` },
        );
      }
    }
    const met = own.every((container) =>
      isHealthy ? container.health === 'healthy' : container.state === 'exited' && container.exitCode === 0,
    );
    return met ? 'met' : 'wait';
  };
  await new Promise<void>((resolve, reject) => {
    const settle = (action: () => void): void => {
      void changes.dispose();
      void states.dispose();
      signal.removeEventListener('abort', onAbort);
      action();
    };
    const check = (): void => {
      const now = look();
      if (now === 'wait') return;
      settle(() => (now === 'met' ? resolve() : reject(now)));
    };
    const onAbort = (): void =>
      settle(() => reject(new FlotillaError('cancelled', `Starting ${dependent} was cancelled.`)));
    const changes = engine.onSnapshot(check);
    const states = engine.onState((state) => {
      if (state.phase === 'lost')
        settle(() => reject(FlotillaError.fromShape(toErrorShape(FlotillaError.fromShape(state.reason)))));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else check();
  });
}

function names(services: readonly ServiceModel[]): string {
  return services.map((service) => service.name).join(', ');
}
