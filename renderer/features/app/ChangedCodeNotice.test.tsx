import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ChangedCode } from '#shared/domain/Build.ts';
import { appAbilities } from './appAbilities.ts';
import { ChangedCodeNotice } from './ChangedCodeNotice.tsx';

afterEach(cleanup);

const of = (service: string, change: Partial<ChangedCode> = {}): ChangedCode => ({
  service,
  builtAt: 1,
  changedAt: 2,
  files: 1,
  newest: ['work.py'],
  ...change,
});

async function setUp(change: Partial<AppView> = {}) {
  const app = {
    id: 'pi',
    origin: 'folder',
    services: [{ name: 'worker', buildable: true }],
    workers: [],
    operations: [],
    builds: [],
    ...change,
  } as unknown as AppView;
  let answer: ChangedCode[] | Error | undefined = [of('worker')];
  const asked: unknown[] = [];
  const client = {
    call: (name: string, input: unknown) => {
      asked.push([name, input]);
      if (answer === undefined) return new Promise(() => undefined);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as Client;
  const pressed: unknown[] = [];
  const notice = (next: AppView, engineReady = true) => (
    <ChangedCodeNotice
      app={next}
      client={client}
      can={appAbilities(next, engineReady)}
      onBuildAndRun={() => pressed.push('build and run')}
      onRebuild={(services) => pressed.push(services)}
    />
  );
  const { rerender } = render(notice(app));
  await act(async () => undefined);
  return {
    app,
    asked,
    pressed,
    says: (changed: typeof answer) => (answer = changed),
    focus: () => act(async () => void window.dispatchEvent(new Event('focus'))),
    update: (next: Partial<AppView>, engineReady?: boolean) =>
      act(async () => rerender(notice({ ...app, ...next }, engineReady))),
  };
}
const text = (): string | undefined => screen.queryByRole('status')?.textContent ?? undefined;

it('says which files an image lacks, and builds and runs where nothing runs', async () => {
  const { asked, pressed } = await setUp();
  expect(asked).toEqual([['builds.changedCode', { appId: 'pi' }]]);
  expect(text()).toContain('An image is older than its code');
  expect(text()).toContain(
    'work.py has changed since the image of worker was built. Run alone starts it without',
  );
  fireEvent.click(screen.getByRole('button', { name: 'Build and run' }));
  expect(pressed).toEqual(['build and run']);
});

it('rebuilds and replaces what runs, of all services that lack something', async () => {
  const { pressed, says, focus } = await setUp({
    workers: [{ key: 'worker-1', phase: 'running' }] as unknown as AppView['workers'],
  });
  says([of('worker', { files: 12, newest: ['a.py', 'b.py', 'c.py'] }), of('main')]);
  await focus();
  expect(text()).toContain('2 images are older than their code');
  expect(text()).toContain(
    'a.py and 11 more files have changed since the image of worker was built, and of main. What runs is without the change.',
  );
  fireEvent.click(screen.getByRole('button', { name: 'Rebuild and recreate' }));
  expect(pressed).toEqual([['worker', 'main']]);
});

it('asks again when a person comes back and when a build ends, and not while something is done', async () => {
  const { asked, says, focus, update } = await setUp();
  says([]);
  await focus();
  expect(text()).toBeUndefined();
  const builds = [{ id: 'b', service: 'worker', endedAt: 5 }] as unknown as AppView['builds'];
  await update({ builds });
  expect(asked).toHaveLength(3);
  says([of('worker')]);
  await focus();
  expect(text()).toBeDefined();
  await update({ builds, operations: [{ kind: 'up' }] as unknown as AppView['operations'] });
  expect(text()).toBeUndefined();
  await focus();
  expect(asked).toHaveLength(4);
  // What was so before is not shown again until it is known to be so still.
  says(undefined);
  await update({ builds });
  expect(asked).toHaveLength(5);
  expect(text()).toBeUndefined();
  says([of('worker')]);
  await focus();
  expect(text()).toBeDefined();
  says(new Error('The file has an error.'));
  await focus();
  expect(text()).toBeUndefined();
  await update({ builds }, false);
  await focus();
  expect(asked).toHaveLength(7);
});

it('is silent once it was put away, until another file changes', async () => {
  const { says, focus } = await setUp();
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(text()).toBeUndefined();
  await focus();
  expect(text()).toBeUndefined();
  says([of('worker', { changedAt: 3 })]);
  await focus();
  expect(text()).toBeDefined();
});

it('asks nothing of an app that is not built here', async () => {
  const { asked } = await setUp({ services: [{ name: 'worker', buildable: false }] as AppView['services'] });
  expect(asked).toEqual([]);
  expect(text()).toBeUndefined();
});
