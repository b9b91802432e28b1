import { describe, expect, it } from 'vitest';
import { memoryProject } from '#shared/compose/memoryProject.ts';
import { readProject } from '#shared/compose/readProject.ts';
import { workerEnvironment } from './workerEnvironment.ts';

const COMPOSE = `services:
  lead: { image: a, x-flotilla: { role: main } }
  solver: { image: a, scale: 3, x-flotilla: { role: worker } }
  render: { image: a, scale: 2, environment: { WORKER_INDEX: mine }, network_mode: none, x-flotilla: { role: worker } }
  apart: { image: a, networks: [other], x-flotilla: { role: worker } }
  db: { image: a, x-flotilla: { role: service } }
networks: { other: {} }
`;

async function told(service: string, index: number): Promise<Record<string, string>> {
  const { model } = await readProject(memoryProject({ 'compose.yaml': COMPOSE }));
  const found = model?.services.find(({ name }) => name === service);
  if (model === null || model === undefined || found === undefined) throw new Error(`no ${service}`);
  return workerEnvironment(model, found, index, ({ replicas }) => replicas);
}

describe('what a container is told of its place in the app', () => {
  it('is its number, how many there are, and where the main service is', async () => {
    expect(await told('solver', 2)).toEqual({ WORKER_INDEX: '2', WORKER_COUNT: '3', MAIN_HOST: 'lead' });
    expect(await told('lead', 1)).toEqual({ WORKER_COUNT: '6' });
    expect(await told('db', 1)).toEqual({});
  });

  it('leaves what the file sets, and names no host that cannot be reached', async () => {
    expect(await told('render', 1)).toEqual({ WORKER_COUNT: '2' });
    expect(await told('apart', 1)).toEqual({ WORKER_INDEX: '1', WORKER_COUNT: '1' });
  });
});
