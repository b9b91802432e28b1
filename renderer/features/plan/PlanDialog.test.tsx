import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView, WorkerView } from '#shared/domain/AppView.ts';
import type { ChangePlan, PlanStep } from '#shared/reconcile/ChangePlan.ts';
import { planDigest } from '#shared/reconcile/planDigest.ts';
import { useConsent } from '../app/consentStore.ts';
import { PlanDialog } from './PlanDialog.tsx';
import { closePlan, openPlan, usePlanDialog } from './planStore.ts';

const recreate = (index: number, change: Partial<PlanStep> = {}): PlanStep => ({
  id: `recreate-container worker-${index}`,
  kind: 'recreate-container',
  subject: `worker-${index}`,
  service: 'worker',
  index,
  containerId: `c${index}`,
  reason: 'its memory limit changed',
  changes: [{ setting: 'memory limit', before: '1 GiB', after: null }],
  needs: [],
  ...change,
});
const plan = (change: Partial<ChangePlan> = {}): ChangePlan => ({
  project: 'pi',
  steps: [],
  notes: [],
  unchanged: ['db'],
  ...change,
});
const workers = (count: number): WorkerView[] =>
  Array.from({ length: count }, (_, at) => ({
    key: `worker-${at + 1}`,
    service: 'worker',
    index: at + 1,
    phase: 'running',
    containerId: `c${at + 1}`,
    ports: [],
  }));
const APP: AppView = {
  id: 'a',
  name: 'pi',
  title: 'pi',
  origin: 'folder',
  status: 'running',
  services: [],
  workers: workers(2),
  diagnostics: [],
  dangers: [],
  operations: [],
  builds: [],
  openedAt: 0,
};

const OPERATION = {
  id: 'o',
  kind: 'up' as const,
  step: '',
  done: 0,
  total: 0,
  startedAt: 0,
  cancellable: true,
};

beforeEach(() => {
  vi.useFakeTimers();
  openPlan('a');
});
afterEach(() => {
  cleanup();
  closePlan();
  useConsent.setState({ appId: undefined });
  vi.useRealTimers();
});

/** The dialog over a privileged side that answers what `answers` holds at the moment of asking. */
async function show(answers: Record<string, unknown>, change: Partial<AppView> = {}, engineReady = true) {
  const calls: [string, Record<string, unknown>][] = [];
  const client = {
    call: (name: string, input: Record<string, unknown>) => {
      calls.push([name, input]);
      const answer = answers[name];
      const made: unknown =
        typeof answer === 'function' ? (answer as (given: unknown) => unknown)(input) : answer;
      return made instanceof Error ? Promise.reject(made) : Promise.resolve(made);
    },
    stream: () => ({ close: () => undefined }),
  } as unknown as Client;
  const dialog = (next: Partial<AppView>, ready = engineReady) => (
    <PlanDialog app={{ ...APP, ...change, ...next }} client={client} engineReady={ready} />
  );
  const { rerender } = render(dialog({}));
  await act(async () => vi.advanceTimersByTimeAsync(0));
  return {
    calls,
    asked: (name: string) => calls.filter(([called]) => called === name).map(([, input]) => input),
    update: async (next: Partial<AppView>, ready?: boolean) => {
      rerender(dialog(next, ready));
      await act(async () => vi.advanceTimersByTimeAsync(0));
    },
    pass: (ms: number) => act(async () => vi.advanceTimersByTimeAsync(ms)),
    press: (name: string) => act(async () => fireEvent.click(screen.getByRole('button', { name }))),
  };
}

const text = () => screen.getByTestId('plan').textContent;

describe('PlanDialog', () => {
  it('tells per service what is done and why, from what to what, replicas of one fate in a line that unfolds', async () => {
    const steps = Array.from({ length: 34 }, (_, at) => recreate(at + 1));
    const { press } = await show({ 'apps.plan': plan({ steps }) });
    expect(text()).toContain('worker-1…34 its memory limit changed');
    expect(text()).toContain('recreate 34 containers');
    expect(text()).toContain('memory limit1 GiB → not set');
    expect(screen.queryByText('worker-17')).toBeNull();
    await press('34 containers');
    expect(screen.getByText('worker-17')).toBeDefined();
    expect(screen.queryByText('db')).toBeNull();
    await press('1 service stays as it is');
    expect(screen.getByText('db')).toBeDefined();
  });

  it('draws some of many services, and the others on request', async () => {
    const steps = Array.from({ length: 500 }, (_, at) =>
      recreate(1, { id: `r${at}`, service: `s${at}`, subject: `s${at}-1` }),
    );
    const { press } = await show({ 'apps.plan': plan({ steps }) });
    expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(60);
    await press('Show 440 more services');
    expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(500);
  });

  it('applies just the plan that is on show, shows how far each step is, and says so when it is done', async () => {
    let finish: (value: unknown) => void = () => undefined;
    const steps = [recreate(1), recreate(2)];
    const answers: Record<string, unknown> = {
      'apps.plan': plan({ steps }),
      'apps.up': () => new Promise((resolve) => (finish = resolve)),
    };
    const { asked, update, press, pass } = await show(answers);
    await press('Apply');
    expect(asked('apps.up')).toEqual([
      { appId: 'a', removeOrphans: false, retryFailed: true, expected: planDigest(plan({ steps })) },
    ]);
    const [, second] = workers(2);
    await update({
      operations: [{ ...OPERATION, step: 'Stopping worker-2' }],
      workers: [
        { key: 'worker-1', service: 'worker', index: 1, phase: 'running', containerId: 'new', ports: [] },
        { ...(second as WorkerView), phase: 'stopping' },
      ],
    });
    expect(screen.getByRole('progressbar', { name: 'Applying' }).getAttribute('aria-valuenow')).toBe('50');
    expect(text()).toContain('Stopping worker-2');
    await press('2 containers');
    expect(screen.getAllByRole('img', { name: 'Done' })).toHaveLength(1);
    // Nothing is asked meanwhile: the plan that is being applied stays on show.
    const before = asked('apps.plan').length;
    await pass(10_000);
    expect(asked('apps.plan')).toHaveLength(before);
    answers['apps.plan'] = plan();
    await act(async () => finish(APP));
    await update({});
    expect(text()).toContain('Applied');
    expect(text()).toContain('Nothing to change');
    expect(text()).not.toContain('The plan is a new one');
  });

  it('tells what goes on with new limits, follows it, and says that nothing was restarted', async () => {
    let finish: (value: unknown) => void = () => undefined;
    const steps = [1, 2].map((index) =>
      recreate(index, {
        id: `update-container worker-${index}`,
        kind: 'update-container',
        reason: 'its memory limit changed (no restart)',
        changes: [{ setting: 'memory limit', before: '1 GiB', after: '2 GiB' }],
      }),
    );
    const answers: Record<string, unknown> = {
      'apps.plan': plan({ steps }),
      'apps.up': () => new Promise((resolve) => (finish = resolve)),
    };
    const { update, press, pass } = await show(answers, {
      drift: { services: ['worker'], orphans: [] },
      workers: workers(2).map((worker) => ({ ...worker, limits: { memoryBytes: 1, cpus: 0, pidsLimit: 0 } })),
    });
    expect(text()).toContain('update 2 containers');
    expect(text()).toContain('worker-1,2 its memory limit changed (no restart)');
    await press('Apply');
    await update({
      operations: [OPERATION],
      workers: workers(2).map((worker, at) => ({
        ...worker,
        limits: { memoryBytes: 1 + at, cpus: 0, pidsLimit: 0 },
      })),
    });
    expect(screen.getByRole('progressbar', { name: 'Applying' }).getAttribute('aria-valuenow')).toBe('50');
    // The engine’s news come while the plan is read again: what was applied is not there any more, and that is no news.
    answers['apps.plan'] = () => new Promise((resolve) => setTimeout(() => resolve(plan()), 400));
    await act(async () => finish(APP));
    await update({ drift: undefined });
    await pass(1_000);
    expect(text()).toContain('The new limits hold, and nothing was restarted.');
    expect(text()).toContain('Nothing to change');
    expect(text()).not.toContain('The plan is a new one');
  });

  it('is cancelled by the operation’s id, and shows what is left', async () => {
    let refuse: (error: Error) => void = () => undefined;
    const answers: Record<string, unknown> = {
      'apps.plan': plan({ steps: [recreate(1), recreate(2)] }),
      'apps.up': () => new Promise((_, reject) => (refuse = reject)),
      'apps.cancel': null,
    };
    const { asked, press, update } = await show(answers);
    await press('Apply');
    await update({
      operations: [{ ...OPERATION, id: 'o7' }],
    });
    await press('Cancel');
    expect(asked('apps.cancel')).toEqual([{ appId: 'a', operationId: 'o7' }]);
    answers['apps.plan'] = plan({ steps: [recreate(2)] });
    await act(async () => refuse(new FlotillaError('cancelled', 'Cancelled.')));
    await update({});
    expect(text()).toContain('Cancelled');
    expect(text()).toContain('recreate 1 container');
  });

  it('is renewed by itself when the files or the engine changed, says so, and is not applied unseen', async () => {
    const answers: Record<string, unknown> = {
      'apps.plan': plan({ steps: [recreate(1)] }),
      'apps.up': new FlotillaError('conflict', 'changed', { detail: { planChanged: true } }),
    };
    const { pass, press, update } = await show(answers);
    await pass(4_000);
    expect(text()).not.toContain('The plan is a new one');
    answers['apps.plan'] = plan({ steps: [recreate(1), recreate(2)] });
    await pass(4_000);
    expect(text()).toContain('The plan is a new one');
    expect(text()).toContain('recreate 2 containers');
    answers['apps.plan'] = plan({ steps: [recreate(2)] });
    await update({ workers: workers(1) });
    await pass(300);
    expect(text()).toContain('recreate 1 container');
    // Changed in the moment of the press: nothing was done, and the new plan is on show.
    answers['apps.plan'] = plan({ steps: [recreate(3)] });
    await press('Apply');
    await pass(0);
    expect(text()).toContain('worker-3');
    expect(text()).toContain('The plan is a new one');
    expect(text()).not.toContain('Applied');
  });

  it('removes orphans and leaves failures only when the box says so', async () => {
    const orphan: PlanStep = {
      id: 'o',
      kind: 'remove-orphan',
      subject: 'pi-old-1',
      containerId: 'x',
      reason: 'gone',
      needs: [],
    };
    const retry = recreate(4, { id: 's', kind: 'start-container', changes: undefined, retries: true });
    const answers = {
      'apps.plan': ({ removeOrphans, retryFailed }: { removeOrphans: boolean; retryFailed: boolean }) =>
        plan({
          steps: [...(removeOrphans ? [orphan] : []), ...(retryFailed ? [retry] : [])],
          notes: [
            ...(removeOrphans
              ? []
              : [
                  {
                    kind: 'orphan' as const,
                    subject: 'pi-old-1',
                    text: 'pi-old-1 is an orphan',
                    asks: 'removeOrphans' as const,
                  },
                ]),
            ...(retryFailed
              ? []
              : [
                  {
                    kind: 'failed' as const,
                    subject: 'worker-4',
                    text: 'worker-4 failed',
                    asks: 'retryFailed' as const,
                  },
                ]),
          ],
        }),
      'apps.up': APP,
    };
    const { asked, press } = await show(answers);
    const box = (name: RegExp) => screen.getByRole<HTMLInputElement>('checkbox', { name });
    expect(box(/Remove the orphan/).checked).toBe(false);
    expect(box(/Try again what failed/).checked).toBe(true);
    await act(async () => fireEvent.click(box(/Remove the orphan/)));
    await act(async () => fireEvent.click(box(/Try again/)));
    expect(text()).toContain('remove 1 container');
    expect(text()).not.toContain('start 1 container');
    expect(text()).not.toContain('The plan is a new one');
    await press('Apply');
    expect(asked('apps.up')).toMatchObject([{ removeOrphans: true, retryFailed: false }]);
  });

  it.each([
    [
      'loading',
      { 'apps.plan': () => new Promise(() => undefined) },
      true,
      /^$/,
      'Comparing the files with the engine',
    ],
    ['empty', { 'apps.plan': plan() }, true, /Nothing to change/, undefined],
    [
      'error',
      { 'apps.plan': new FlotillaError('project-invalid', 'compose.yaml:3: no image', { hint: 'Mend it.' }) },
      true,
      /compose\.yaml:3: no image.*Mend it\./,
      undefined,
    ],
    ['disconnected', {}, false, /No engine is connected/, undefined],
  ])('has a state for %s in which nothing can be applied', async (_name, answers, ready, words, status) => {
    const { asked, press } = await show(answers, {}, ready);
    if (status === undefined) expect(text()).toMatch(words);
    else expect(screen.getByRole('status', { name: status })).toBeDefined();
    await press('Apply');
    expect(asked('apps.up')).toEqual([]);
  });

  it('makes the plan when the engine comes back', async () => {
    const { asked, update } = await show({ 'apps.plan': plan({ steps: [recreate(1)] }) }, {}, false);
    expect(asked('apps.plan')).toEqual([]);
    await update({}, true);
    expect(text()).toContain('recreate 1 container');
  });

  it('asks for consent where that is what is missing', async () => {
    const { press } = await show({
      'apps.plan': plan({ steps: [recreate(1)] }),
      'apps.up': new FlotillaError('consent-required', 'privileged'),
    });
    await press('Apply');
    expect(usePlanDialog.getState().appId).toBeUndefined();
    expect(useConsent.getState().appId).toBe('a');
  });

  it('remembers not to ask any more, and takes it back when that cannot be kept', async () => {
    const answers: Record<string, unknown> = { 'apps.plan': plan(), 'preferences.set': null };
    const { asked } = await show(answers);
    const asks = () => screen.getByRole<HTMLInputElement>('switch', { name: /Ask before Run/ });
    expect(asks().checked).toBe(true);
    await act(async () => fireEvent.click(asks()));
    expect(asked('preferences.set')).toEqual([{ askBeforeChanges: false }]);
    expect(asks().checked).toBe(false);
    answers['preferences.set'] = new FlotillaError('internal', 'disk full');
    await act(async () => fireEvent.click(asks()));
    expect(asks().checked).toBe(false);
    answers['preferences.set'] = null;
    await act(async () => fireEvent.click(asks()));
  });
});
