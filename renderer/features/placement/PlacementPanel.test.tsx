import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { memoryProject } from '#shared/compose/memoryProject.ts';
import { placementSources } from '#shared/compose/placementSources.ts';
import { readProject } from '#shared/compose/readProject.ts';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { placeApp, replicaIndices } from '#shared/placement/placeApp.ts';
import type { PlacementView } from '#shared/placement/PlacementView.ts';
import { testTopology } from '#shared/placement/testTopology.ts';
import PlacementPanel from './PlacementPanel.tsx';

const app = { id: 'a', title: 'solver', services: [], workers: [] } as unknown as AppView;
const BASE = `services:
  worker:
    image: busybox
    x-flotilla: { role: worker, placement: { cpus_per_worker: 1, gpus_per_worker: 1 } }
    scale: 3
`;
const OVER = `services:
  worker:
    x-flotilla:
      role: worker
      placement: { cpus_per_worker: 2 }
`;

/** A project in memory on a machine of two nodes with a GPU each, and a client that places, reads and writes it as the core does. */
function project(texts: Record<string, string>) {
  const memory = memoryProject(texts);
  const topology = testTopology({ nodes: [[4, 4]], gpus: [{ node: 0 }, { node: 1 }] });
  const place = async (): Promise<PlacementView> => {
    const { model } = await readProject(memory);
    if (model === null) throw new Error('nothing to place');
    const sources = await placementSources(memory);
    const { plan } = placeApp(model, topology, ({ replicas }) => replicaIndices([], replicas));
    const services = model.services.map(({ name, role, placement, replicas, file, range }) => ({
      name,
      role,
      placement: placement ?? null,
      replicas,
      threadVariables: [],
      file,
      line: range?.line,
      source: sources.get(name) ?? null,
    }));
    return { topology, plan, services };
  };
  const read = (path: string) => {
    const text = memory.texts.get(path) ?? '';
    return { path, text, version: memory.hash(text), exists: true, bom: false, lineEnds: 'lf' };
  };
  const call = async (name: string, input: { path: string; text: string }): Promise<unknown> => {
    if (name === 'apps.placement') return place();
    if (name === 'files.write') memory.texts.set(input.path, input.text);
    return read(input.path);
  };
  return { texts: memory.texts, client: { call } as unknown as Client };
}

const show = (client: Client): void => void render(<PlacementPanel app={app} client={client} engineReady />);
const give = async (cpus: string): Promise<void> => {
  const field = await screen.findByLabelText('CPUs each');
  fireEvent.change(field, { target: { value: cpus } });
  fireEvent.keyDown(field, { key: 'Enter' });
};

afterEach(cleanup);

it('says which file decides, and changes that one', async () => {
  const { client, texts } = project({ 'compose.yaml': BASE, 'compose.override.yaml': OVER });
  show(client);
  await screen.findByText(
    /^compose\.override\.yaml:5 decides: the placement at compose\.yaml:4 has no effect/,
  );
  await give('3');
  await waitFor(() => expect(texts.get('compose.override.yaml')).toContain('cpus_per_worker: 3'));
  await waitFor(() => expect(screen.getAllByText(/× 3 CPUs/).length).toBeGreaterThan(0));
  expect(screen.queryByText(/^What was written/)).toBeNull();
  expect(texts.get('compose.yaml')).toBe(BASE);
});

it('leaves an override alone that says nothing of it', async () => {
  const override = 'services:\n  worker:\n    command: sleep 1\n';
  const { client, texts } = project({ 'compose.yaml': BASE, 'compose.override.yaml': override });
  show(client);
  await screen.findByText('compose.yaml:4');
  await give('2');
  await waitFor(() => expect(texts.get('compose.yaml')).toBe(BASE.replace('worker: 1,', 'worker: 2,')));
  expect(texts.get('compose.override.yaml')).toBe(override);
});

it('tells that a change has no effect because another file decides by now, and takes it back', async () => {
  const { client, texts } = project({ 'compose.yaml': BASE });
  show(client);
  await screen.findByText('compose.yaml:4');
  // Written by somebody else since the last look.
  texts.set('compose.override.yaml', OVER);
  await give('4');
  const news = (await screen.findByText('What was written into compose.yaml has no effect.')).closest(
    '[role="status"]',
  ) as HTMLElement;
  expect(texts.get('compose.yaml')).toContain('cpus_per_worker: 4');
  await waitFor(() => expect(news.textContent).toContain('compose.override.yaml:5 decides.'));
  fireEvent.click(within(news).getByText('Undo'));
  await waitFor(() => expect(texts.get('compose.yaml')).toBe(BASE));
  expect(screen.queryByText(/^What was written/)).toBeNull();
});

it('says where a placement comes from that the service extends, and changes nothing', async () => {
  const { client } = project({
    'compose.yaml': 'services:\n  worker:\n    extends: { file: part.yaml, service: worker }\n',
    'part.yaml': BASE,
  });
  show(client);
  await screen.findByText(/^part\.yaml:4 decides: this service has its placement from what it extends/);
  expect(screen.getByLabelText<HTMLInputElement>('CPUs each').disabled).toBe(true);
});

it('draws the GPUs at their nodes, marks those of a replica, and says who shares', async () => {
  const { client } = project({ 'compose.yaml': BASE });
  show(client);
  const node = await screen.findByLabelText('Socket 0, NUMA node 0');
  const gpus = within(screen.getByTestId('placement-map')).getAllByLabelText(/^GPU \d/);
  expect(gpus.map((gpu) => gpu.getAttribute('aria-label')?.replace(/worker-\d/g, 'worker'))).toEqual([
    'GPU 0 (Test GPU): worker and worker, shared by 2',
    'GPU 1 (Test GPU): worker',
  ]);
  expect(within(node).getByLabelText(/^GPU \d/)).toBe(gpus[0]);
  fireEvent.click(screen.getByText('worker-1', { selector: 'button' }));
  expect(gpus.filter((gpu) => gpu.dataset['marked'] !== undefined)).toHaveLength(1);
});
