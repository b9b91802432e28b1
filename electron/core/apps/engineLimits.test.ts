import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { testApp, testService } from '#shared/reconcile/testModel.ts';
import { testPlan } from '#shared/study/testStudy.ts';
import type { EngineClient, EngineRequest } from '../engine/EngineApi.ts';
import { createContainers, removeContainers, startContainers } from '../study/StudyContainers.ts';
import { ReplicaController, type ReplicaHost } from './ReplicaController.ts';

const MANY = 24;

const counts = () => ({ now: { creations: 0, removals: 0 }, most: { creations: 0, removals: 0 } });

/** An engine that takes some turns to answer and counts what is asked of it at once. */
function countingEngine({ now, most } = counts()) {
  const made = new Set<string>();
  const work = async (kind: keyof typeof now): Promise<void> => {
    now[kind] += 1;
    most[kind] = Math.max(most[kind], now[kind]);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    now[kind] -= 1;
  };
  const request = async ({ method = 'GET', path }: EngineRequest): Promise<unknown> => {
    if (path === '/containers/create') {
      await work('creations');
      const id = `c${made.size}`;
      made.add(id);
      return { Id: id };
    }
    if (path.endsWith('/start')) return work('creations');
    if (method === 'DELETE') {
      await work('removals');
      return void made.delete(path);
    }
    if (path.endsWith('/exec')) {
      // A command at a start that waits for all the others.
      while (made.size < MANY) await turn();
      return { Id: 'e' };
    }
    if (path.startsWith('/exec/')) return { ExitCode: 0 };
    return path === '/containers/json' ? [...made].map((Id) => ({ Id })) : [];
  };
  const openStream = async (): Promise<unknown> => ({ body: [], close: () => undefined });
  return { client: { request, openStream } as unknown as EngineClient, most, made };
}

function controllerOf(client: EngineClient, app: AppModel): ReplicaController {
  const [service] = app.services;
  if (service === undefined) throw new Error('The app has no service.');
  const host: ReplicaHost = {
    client: () => client,
    app: () => app,
    service: () => service,
    requested: () => MANY,
    mayStart: async () => undefined,
    projectPath: '/project',
    owns: () => false,
    changed: () => undefined,
    stopping: () => undefined,
    beforeStop: async () => undefined,
    leaving: async () => undefined,
    openDoor: async () => ({}),
    placed: async () => service,
  };
  return new ReplicaController(host, service.name);
}

test('an app and studies of one engine ask for no more at once than one of them', async () => {
  const { client, most, made } = countingEngine();
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const limit = Math.min(8, 2 * availableParallelism());
  const app = testApp([testService('worker', { replicas: MANY })]);
  const prepared = { app, path: '/project', mayStart: async () => undefined };
  const study = async (id: string): Promise<void> => {
    const plan = testPlan({ id });
    const containers = await createContainers(client, prepared, plan, async () => ({}), signal);
    await startContainers(client, containers, signal);
  };
  await Promise.all([
    controllerOf(client, app).request({ replicas: MANY, refresh: false }),
    study('one'),
    study('two'),
  ]);
  expect(made.size).toBe(3 * MANY);
  expect(most.creations).toBe(limit);
  await Promise.all(['one', 'two'].map((id) => removeContainers(client, testPlan({ id }))));
  expect(most.removals).toBe(8);
});

test('what waits at its start for the others keeps none of them from theirs', async () => {
  const { client, most, made } = countingEngine();
  const worker = testService('worker', { replicas: MANY, postStart: [{ command: ['wait'] }] });
  const controller = controllerOf(client, testApp([worker]));
  await controller.request({ replicas: MANY, refresh: false });
  expect(made.size).toBe(MANY);
  expect(most.creations).toBe(Math.min(8, 2 * availableParallelism()));
  expect([...controller.overlays.values()].every(({ settled }) => settled)).toBe(true);
});

test('two engines do not wait for each other', async () => {
  const both = counts();
  const app = testApp([testService('worker', { replicas: MANY })]);
  await Promise.all(
    [1, 2].map(() =>
      controllerOf(countingEngine(both).client, app).request({ replicas: MANY, refresh: false }),
    ),
  );
  expect(both.most.creations).toBe(2 * Math.min(8, 2 * availableParallelism()));
});

test('what a study still waits to start is not started after one has failed, or it was given up', async () => {
  const asked: string[] = [];
  const request = async ({ path }: EngineRequest): Promise<unknown> => {
    asked.push(path);
    await turn();
    if (path === '/containers/w1/start') throw new Error('no such program');
    return undefined;
  };
  const client = { request } as unknown as EngineClient;
  const containers = Array.from({ length: MANY }, (_, index) => ({
    id: `w${index}`,
    name: `worker-${index}`,
    service: testService('worker'),
  }));
  const signal = new AbortController().signal;
  await expect(startContainers(client, containers, signal)).rejects.toThrow(/worker-1\b.*no such program/s);
  for (let turns = 0; turns < 10; turns += 1) await turn();
  expect(asked.length).toBeLessThanOrEqual(2 * Math.min(8, 2 * availableParallelism()));

  const over = new AbortController();
  const given = startContainers(client, containers.slice(2), over.signal);
  over.abort(new Error('given up'));
  await expect(given).rejects.toThrow('given up');
});
