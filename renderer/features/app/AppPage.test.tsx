import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView, ServiceView } from '#shared/domain/AppView.ts';
import type { ChangePlan, PlanStep } from '#shared/reconcile/ChangePlan.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { closePlan } from '../plan/planStore.ts';
import { AppPage } from './AppPage.tsx';
import { closeConsent } from './consentStore.ts';
import { AppPageContext } from './AppPageServices.ts';

afterEach(() => {
  cleanup();
  closePlan();
  closeConsent();
  usePreferences.setState({ askBeforeChanges: true });
});

const service = (
  name: string,
  role: ServiceView['role'],
  change: Partial<ServiceView> = {},
): ServiceView => ({
  name,
  role,
  roleSource: 'declared',
  roleReason: '',
  image: `pi-${name}`,
  buildable: true,
  imagePresent: true,
  dependsOn: [],
  declaredReplicas: 1,
  requestedReplicas: 2,
  scaleBlockedBy: null,
  ...change,
});

let number = 0;
const EMPTY: ChangePlan = { project: 'pi', steps: [], notes: [], unchanged: [] };
const setUp = (
  change: Partial<AppView> = {},
  refusals: Record<string, FlotillaError> = {},
  plan: ChangePlan = EMPTY,
) => {
  number += 1;
  const app: AppView = {
    id: `page-${number}`,
    name: 'pi',
    title: 'pi',
    path: '/home/ada/pi',
    origin: 'folder',
    status: 'running',
    services: [service('main', 'main'), service('worker', 'worker')],
    workers: [
      { key: 'worker-1', service: 'worker', index: 1, phase: 'running', ports: [] },
      { key: 'worker-2', service: 'worker', index: 2, phase: 'starting', ports: [] },
    ],
    diagnostics: [],
    dangers: [],
    operations: [],
    builds: [],
    openedAt: 0,
    ...change,
  };
  const calls: [string, Record<string, unknown>][] = [];
  const client = {
    call: (name: string, input: Record<string, unknown>) => {
      if (name === 'builds.changedCode') return Promise.resolve([]);
      calls.push([name, input]);
      const refusal = refusals[name];
      if (refusal) return Promise.reject(refusal);
      const answers: Record<string, unknown> = { 'builds.history': [], 'apps.plan': plan };
      return Promise.resolve(answers[name] ?? app);
    },
    stream: () => ({ close: () => undefined }),
  } as unknown as Client;
  const { rerender } = render(page(client, app));
  return { app, calls, update: (next: Partial<AppView>) => rerender(page(client, { ...app, ...next })) };
};

const page = (client: Client, app: AppView) => (
  <AppPageContext
    value={{
      client,
      subscribe: () => () => undefined,
      app: () => app,
      engineReady: () => true,
      openFolder: () => undefined,
    }}
  >
    <AppPage appId={app.id} />
  </AppPageContext>
);

const names = (calls: [string, unknown][]) => calls.map(([name]) => name);

describe('AppPage', () => {
  it('has its actions, panels and workers under the names others look for', () => {
    setUp();
    for (const name of ['Run', 'Stop', 'Build', 'Remove'])
      expect(screen.getByRole('button', { name })).toBeDefined();
    for (const name of ['Logs', 'Build', 'Problems']) expect(screen.getByRole('tab', { name })).toBeDefined();
    expect(screen.getByRole('spinbutton', { name: 'worker replicas' })).toBeDefined();
    expect(screen.getByRole('slider', { name: 'worker replicas' })).toBeDefined();
    expect(screen.getByRole('listitem', { name: 'worker 1 running' })).toBeDefined();
    expect(screen.getByRole('log', { name: 'Logs' })).toBeDefined();
  });

  it('acts on keys, but not while something is typed', async () => {
    const { calls } = setUp();
    act(() => usePreferences.setState({ askBeforeChanges: false }));
    fireEvent.keyDown(document.body, { key: 'r' });
    fireEvent.keyDown(document.body, { key: 's' });
    fireEvent.keyDown(document.body, { key: '+' });
    expect(names(calls)).toEqual(['apps.up', 'apps.stop', 'apps.scale']);
    expect(calls[2]?.[1]).toMatchObject({ service: 'worker', replicas: 3 });
    fireEvent.keyDown(screen.getByRole('textbox', { name: 'Search logs' }), { key: 'r' });
    fireEvent.keyDown(document.body, { key: 'r', ctrlKey: true });
    expect(calls).toHaveLength(3);
    fireEvent.keyDown(document.body, { key: '7' });
    expect(document.activeElement).toBe(screen.getByRole('spinbutton', { name: 'worker replicas' }));
  });

  it.each([
    ['/', 'Search logs'],
    ['f', 'Filter lines'],
  ])('moves into the log by %s from anywhere: what is typed then runs nothing', async (key, name) => {
    setUp();
    fireEvent.keyDown(document.body, { key });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox', { name })));
  });

  const recreate: PlanStep = {
    id: 'recreate-container worker-1',
    kind: 'recreate-container',
    subject: 'worker-1',
    service: 'worker',
    index: 1,
    reason: 'its command changed',
    needs: [],
  };
  it('shows what Run would replace of an app that runs, and starts it at once when nothing is replaced', async () => {
    const asking = setUp({}, {}, { ...EMPTY, steps: [recreate] });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run' })));
    expect(names(asking.calls)).not.toContain('apps.up');
    expect(screen.getByRole('dialog', { name: 'What will change' }).textContent).toContain(
      'its command changed',
    );
    cleanup();
    const start: PlanStep = { ...recreate, kind: 'start-container' };
    const running = setUp({}, {}, { ...EMPTY, steps: [start] });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run' })));
    expect(names(running.calls)).toEqual(['apps.plan', 'apps.up']);
    cleanup();
    const fresh = setUp({ workers: [], status: 'stopped' }, {}, { ...EMPTY, steps: [recreate] });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run' })));
    expect(names(fresh.calls)).toEqual(['apps.up']);
  });

  it('builds what is there and runs it, where nothing runs', async () => {
    const open = (): HTMLElement => {
      fireEvent.keyDown(screen.getByRole('button', { name: 'More actions' }), { key: 'Enter' });
      return screen.getByRole('menuitem', { name: 'Build and run' });
    };
    setUp();
    expect(open().getAttribute('aria-disabled')).toBe('true');
    cleanup();
    const { app, calls } = setUp({ workers: [], status: 'stopped' });
    const item = open();
    await act(async () => fireEvent.click(item));
    expect(calls).toContainEqual(['apps.up', { appId: app.id, build: 'always', retryFailed: true }]);
    expect(screen.getByRole('tab', { name: 'Build' }).getAttribute('aria-selected')).toBe('true');
  });

  it('offers the changes of an app that runs when its files and containers differ', () => {
    setUp();
    expect(screen.queryByRole('button', { name: 'Changes…' })).toBeNull();
    cleanup();
    setUp({ drift: { services: ['worker'], orphans: [] } });
    fireEvent.click(screen.getByRole('button', { name: 'Changes…' }));
    expect(screen.getByRole('dialog', { name: 'What will change' })).toBeDefined();
    cleanup();
    setUp({ drift: { services: ['worker'], orphans: [] }, workers: [] });
    expect(screen.queryByRole('button', { name: 'Changes…' })).toBeNull();
  });

  const danger = {
    service: 'worker',
    kind: 'privileged',
    file: 'compose.yaml',
    explanation: 'e',
    setting: 's',
    granted: false,
    grantedBefore: false,
  };
  it('starts nothing dangerous before each danger is allowed', async () => {
    const { calls } = setUp({
      dangers: [
        { ...danger, id: 'd1', value: 'true' },
        { ...danger, id: 'd2', value: '/' },
      ],
    });
    fireEvent.click(screen.getByRole('button', { name: 'Run' }));
    expect(calls).toEqual([]);
    const allow = screen.getByRole<HTMLButtonElement>('button', { name: 'Allow and run' });
    expect(allow.disabled).toBe(true);
    for (const box of screen.getAllByRole('checkbox')) fireEvent.click(box);
    expect(allow.disabled).toBe(false);
    await act(async () => fireEvent.click(allow));
    expect(names(calls)).toEqual(['apps.grantDangers', 'apps.plan', 'apps.up']);
    expect(calls[0]?.[1]).toMatchObject({ dangerIds: ['d1', 'd2'] });
  });

  it('shows the consent panel when the privileged side asks for it', async () => {
    const { update } = setUp({}, { 'apps.up': new FlotillaError('consent-required', 'consent') });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run' })));
    update({ dangers: [{ ...danger, id: 'd1', value: 'true' }] });
    expect(screen.getByRole('button', { name: 'Allow and run' })).toBeDefined();
  });

  it('goes on with the build that wanted consent, not with a run', async () => {
    const refused = new FlotillaError('consent-required', 'consent');
    const { update, calls } = setUp({}, { 'apps.build': refused });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Build' })));
    update({ dangers: [{ ...danger, id: 'd1', value: 'true' }] });
    for (const box of screen.getAllByRole('checkbox')) fireEvent.click(box);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Allow and build' })));
    expect(names(calls).filter((name) => name.startsWith('apps.'))).toEqual([
      'apps.build',
      'apps.grantDangers',
      'apps.build',
    ]);
  });

  it('fixes a problem by one click', async () => {
    const { calls } = setUp({
      status: 'unreadable',
      services: [],
      workers: [],
      diagnostics: [
        {
          id: 'd1',
          code: 'missing-space-after-colon',
          severity: 'error',
          file: 'compose.yaml',
          range: { start: 4, end: 11, line: 3, column: 5 },
          message: 'No space after the colon',
          explanation: 'YAML reads one word.',
          excerpt: '    build:.',
          fixes: [{ id: 'f1', title: 'Add the space', edits: [], expect: {} }],
        },
      ],
    });
    expect(screen.getByText('compose.yaml:3')).toBeDefined();
    expect(document.querySelector('mark')?.textContent).toBe('build:.');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Add the space' })));
    expect(calls).toEqual([
      ['apps.applyFix', { appId: expect.any(String), diagnosticId: 'd1', fixId: 'f1' }],
    ]);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run' }).disabled).toBe(true);

    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'compose.yaml:3' })));
    expect(screen.getByRole('tab', { name: 'Dockerfile', selected: true })).toBeDefined();
  });

  it('opens at the problems where errors keep it from running, and says so above', () => {
    const finding = {
      id: 'd1',
      code: 'bad-number',
      severity: 'error' as const,
      file: 'compose.yaml',
      message: 'replicas must be a whole number',
      explanation: '',
      fixes: [],
    };
    const broken = [finding, { ...finding, id: 'd2', severity: 'warning' as const }];
    setUp({ workers: [], status: 'stopped', diagnostics: broken });
    expect(screen.getByRole('tab', { name: /^Problems/, selected: true })).toBeDefined();
    expect(
      screen.getByText('An error in the files keeps it from running. Problems tells which.'),
    ).toBeDefined();
    cleanup();
    // What runs is looked at first.
    setUp({ diagnostics: broken });
    expect(screen.getByRole('tab', { name: 'Logs', selected: true })).toBeDefined();
  });

  it('lets an app found on the engine be stopped and removed, not run or scaled', () => {
    setUp({ origin: 'engine', path: undefined });
    expect(screen.queryByRole('button', { name: 'Run' })).toBeNull();
    expect(screen.queryByRole('slider')).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Stop' }).disabled).toBe(false);
    expect(screen.getByRole('button', { name: 'Open folder…' })).toBeDefined();
  });

  it('shows the last failure with its hint until it is dismissed', () => {
    const { calls } = setUp({ lastError: { code: 'engine-error', message: 'It broke.', hint: 'Mend it.' } });
    expect(screen.getByText('It broke.')).toBeDefined();
    expect(screen.getByText('Mend it.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(names(calls)).toEqual(['apps.dismissError']);
  });

  it('tells of a build that failed in one line, which leads to the build', () => {
    const { app } = setUp({
      lastError: {
        code: 'build-failed',
        message: 'The build of main failed: Dockerfile:1: nothing-like-it is not known.',
        hint: 'Look at the name.',
        detail: { buildId: 'b1', service: 'main', failed: ['main'] },
      },
    });
    expect(screen.getByText('The build of main failed.')).toBeDefined();
    expect(screen.queryByText('Look at the name.')).toBeNull();
    expect(screen.getByRole('tab', { name: 'Logs' }).getAttribute('aria-selected')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Show the build' }));
    expect(screen.getByRole('tab', { name: 'Build' }).getAttribute('aria-selected')).toBe('true');
    expect(sessionStorage.getItem(`flotilla.tab.${app.id}`)).toBe('build');
  });

  it('opens at the panel where it was left before the page was loaded again, if there still is such', () => {
    sessionStorage.setItem(`flotilla.tab.page-${number + 1}`, 'problems');
    setUp();
    expect(screen.getByRole('tab', { name: 'Problems' }).getAttribute('aria-selected')).toBe('true');
    cleanup();
    sessionStorage.setItem(`flotilla.tab.page-${number + 1}`, 'dockerfile');
    setUp({ origin: 'engine', path: undefined });
    expect(screen.getByRole('tab', { name: 'Logs' }).getAttribute('aria-selected')).toBe('true');
  });
});
