import { describe, expect, it } from 'vitest';
import type { AppView, WorkerView } from '#shared/domain/AppView.ts';
import type { PlanStep } from '#shared/reconcile/ChangePlan.ts';
import { type ContainersBefore, containersBefore, stepStates } from './stepStates.ts';

const worker = (phase: WorkerView['phase'], containerId?: string, startedAt?: number): WorkerView => ({
  key: 'worker-1',
  service: 'worker',
  index: 1,
  phase,
  containerId,
  startedAt,
  ports: [],
});
const app = (workers: WorkerView[], change: Partial<AppView> = {}) =>
  ({ workers, services: [], builds: [], operations: [], ...change }) as unknown as AppView;
const step = (kind: PlanStep['kind'], change: Partial<PlanStep> = {}): PlanStep => ({
  id: kind,
  kind,
  subject: 'worker-1',
  service: 'worker',
  index: 1,
  reason: '',
  needs: [],
  ...change,
});
const stateOf = (one: PlanStep, view: AppView, before: ContainersBefore = new Map()) =>
  stepStates({ steps: [one] }, view, before).get(one.id);

describe('stepStates', () => {
  it.each([
    ['nothing yet', [], 'waiting'],
    ['wanted', [worker('requested')], 'waiting'],
    ['being made', [worker('creating')], 'doing'],
    ['made', [worker('starting', 'new')], 'doing'],
    ['there', [worker('running', 'new')], 'done'],
    ['ended well at once', [worker('done', 'new')], 'done'],
    ['broken', [worker('failed')], 'failed'],
  ] as const)('a container to be created: %s', (_name, workers, state) => {
    expect(stateOf(step('create-container'), app([...workers]))).toBe(state);
  });

  it.each([
    ['untouched', worker('running', 'old', 5), 'waiting'],
    ['making way', worker('stopping', 'old', 5), 'doing'],
    ['between the two', worker('creating'), 'doing'],
    ['made anew', worker('running', 'new', 9), 'done'],
    ['made anew and broken', worker('failed', 'new', 9), 'failed'],
  ] as const)('a container to be recreated: %s', (_name, now, state) => {
    const before = containersBefore(app([worker('running', 'old', 5)]));
    expect(stateOf(step('recreate-container', { containerId: 'old' }), app([now]), before)).toBe(state);
  });

  it('a failure that is tried again counts as failed only after the new try', () => {
    const failed = worker('failed', 'old', 5);
    const before = containersBefore(app([failed]));
    const retry = step('start-container', { containerId: 'old' });
    expect(stateOf(retry, app([failed]), before)).toBe('waiting');
    expect(stateOf(retry, app([worker('failed', 'old', 9)]), before)).toBe('failed');
    expect(stateOf(retry, app([worker('running', 'old', 9)]), before)).toBe('done');
  });

  it('new limits of what runs on are done when the engine tells of them', () => {
    const limited = (memoryBytes: number, id = 'old'): WorkerView => ({
      ...worker('running', id, 5),
      limits: { memoryBytes, cpus: 0, pidsLimit: 0 },
    });
    const before = containersBefore(app([limited(64)]));
    const update = step('update-container', { containerId: 'old' });
    expect(stateOf(update, app([limited(64)]), before)).toBe('waiting');
    const operations = (text: string) => ({ operations: [{ step: text }] }) as unknown as Partial<AppView>;
    expect(stateOf(update, app([limited(64)], operations('Updating worker-1')), before)).toBe('doing');
    expect(stateOf(update, app([limited(64)], operations('Updating worker-12')), before)).toBe('waiting');
    expect(stateOf(update, app([limited(128)]), before)).toBe('done');
    expect(stateOf(update, app([worker('running', 'new', 9)]), before)).toBe('waiting');
  });

  it('what is removed is done when it is gone', () => {
    const orphan = step('remove-orphan', { containerId: 'old', subject: 'pi-old-1' });
    expect(stateOf(orphan, app([worker('running', 'old')]))).toBe('waiting');
    expect(stateOf(orphan, app([worker('removing', 'old')]))).toBe('doing');
    expect(stateOf(orphan, app([]))).toBe('done');
  });

  it('images are read off services and builds, networks off what begins after them', () => {
    const image = step('build-image', { subject: 'pi-worker', index: undefined });
    const network = step('create-network', { subject: 'pi_default', service: undefined });
    const create = step('create-container', { needs: [image.id, network.id] });
    const states = (view: AppView) =>
      [...stepStates({ steps: [network, image, create] }, view, new Map()).values()].sort().join();
    const services = (imagePresent: boolean) =>
      ({ services: [{ image: 'pi-worker', imagePresent }] }) as unknown as Partial<AppView>;
    expect(states(app([], services(false)))).toBe('waiting,waiting,waiting');
    const building = { builds: [{ service: 'worker', state: 'building' }] } as unknown as Partial<AppView>;
    expect(states(app([], { ...services(false), ...building }))).toBe('doing,waiting,waiting');
    expect(states(app([worker('creating')], services(true)))).toBe('doing,done,done');
  });
});
