import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { BuildHistoryEntry, BuildSummary, BuildView } from '#shared/domain/Build.ts';
import { useEditorFiles } from '../dockerfile/editorFiles.ts';
import { BuildPanel } from './BuildPanel.tsx';
import { showSteps } from './state/buildViewStore.ts';

type Item = StreamItem<'build'>;

// A list that shows only what is in sight needs a height, which this document has none of.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300);
  showSteps('list');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

let number = 0;
const entry = (id: string, change: Partial<BuildHistoryEntry> = {}): BuildHistoryEntry => ({
  id,
  service: 'worker',
  tag: 'pi-worker',
  state: 'succeeded',
  startedAt: 1_000,
  begunAt: 2_000,
  endedAt: 5_000,
  noCache: false,
  steps: 4,
  cachedSteps: 3,
  sizeBytes: 12_000_000,
  sizeDeltaBytes: 1_400_000,
  ...change,
});
const view = (id: string, change: Partial<BuildView> = {}): BuildView => ({
  id,
  appId: 'a',
  service: 'worker',
  tag: 'pi-worker',
  state: 'succeeded',
  startedAt: 1_000,
  begunAt: 2_000,
  endedAt: 5_000,
  builder: { kind: 'classic', reason: 'Podman has no BuildKit.' },
  steps: [
    {
      number: 1,
      total: 2,
      instruction: 'FROM busybox',
      state: 'done',
      cached: false,
      startedAt: 2_500,
      endedAt: 2_600,
    },
    {
      number: 2,
      total: 2,
      instruction: 'RUN make',
      state: 'done',
      cached: false,
      startedAt: 2_600,
      endedAt: 4_900,
    },
  ],
  ...change,
});

interface SetUp {
  builds?: BuildSummary[];
  history?: BuildHistoryEntry[] | FlotillaError;
  canBuild?: boolean;
  /** What the stream of a build delivers; absent: nothing yet. */
  stream?: (buildId: string) => Item[] | FlotillaError | undefined;
}

const setUp = ({ builds = [], history = [], canBuild = true, stream }: SetUp = {}) => {
  number += 1;
  const calls: [string, unknown][] = [];
  const consumers = new Map<string, StreamConsumer<Item>>();
  const client = {
    call: (name: string, input: unknown) => {
      calls.push([name, input]);
      if (name === 'builds.history')
        return history instanceof FlotillaError ? Promise.reject(history) : Promise.resolve(history);
      return Promise.reject(new FlotillaError('not-found', 'There is no such build.'));
    },
    stream: (_: string, { buildId }: { buildId: string }, consumer: StreamConsumer<Item>) => {
      consumers.set(buildId, consumer);
      const told = stream?.(buildId);
      queueMicrotask(() => {
        if (told instanceof FlotillaError) consumer.onEnd(told);
        else if (told !== undefined) void consumer.onBatch(told);
      });
      return { close: () => undefined };
    },
  } as unknown as Client;
  const app: AppView = {
    id: `panel-${number}`,
    name: 'pi',
    title: 'pi',
    origin: 'folder',
    status: 'stopped',
    services: ['main', 'worker'].map((name) => ({
      name,
      role: 'worker',
      roleSource: 'declared',
      roleReason: '',
      image: `pi-${name}`,
      buildable: true,
      dependsOn: [],
      declaredReplicas: 1,
      requestedReplicas: 1,
      scaleBlockedBy: null,
    })),
    workers: [],
    diagnostics: [],
    dangers: [],
    operations: [],
    builds,
    openedAt: 0,
  };
  const onBuild = vi.fn();
  const onCancel = vi.fn();
  const element = (shown: AppView) => (
    <BuildPanel client={client} app={shown} canBuild={canBuild} onBuild={onBuild} onCancel={onCancel} />
  );
  const { rerender, unmount } = render(element(app));
  return {
    calls,
    onBuild,
    onCancel,
    consumers,
    unmount,
    again: () => render(element(app)),
    update: (next: Partial<AppView>) => rerender(element({ ...app, ...next })),
  };
};
/** What a menu opens at. */
const press = (button: HTMLElement) => fireEvent.keyDown(button, { key: 'Enter' });
const unique = (name: string) => `${name}-${number + 1}`;
const options = () => screen.getAllByRole('option').map((option) => option.textContent);

describe('BuildPanel', () => {
  it('says what this place is for while there is nothing, and builds from there', async () => {
    const { onBuild } = setUp();
    fireEvent.click(await screen.findByRole('button', { name: 'Build' }));
    expect(onBuild).toHaveBeenCalledWith({});
    expect(screen.getByText('No builds yet')).toBeDefined();
  });

  it('shows what a build sends, before the first one and from a build', async () => {
    const asked = (calls: [string, unknown][]) => calls.filter(([name]) => name === 'builds.context');
    const before = setUp();
    press(await screen.findByRole('button', { name: 'Build context…' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'worker' }));
    await screen.findByText('Build context of worker');
    expect(asked(before.calls)).toEqual([
      ['builds.context', { appId: `panel-${number}`, service: 'worker' }],
    ]);
    before.unmount();

    const done = unique('done');
    const after = setUp({
      history: [entry(done, { service: 'main' })],
      stream: () => [{ kind: 'view', build: view(done, { service: 'main' }) }],
    });
    press(await screen.findByRole('button', { name: 'More of this build' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Context…' }));
    await screen.findByText('Build context of main');
    expect(asked(after.calls)).toHaveLength(1);
  });

  it('says why the history cannot be read, and tries again', async () => {
    const { calls } = setUp({ history: new FlotillaError('disconnected', 'The connection is lost.') });
    await screen.findByText('The builds cannot be read');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(calls.filter(([name]) => name === 'builds.history').length).toBeGreaterThan(1),
    );
  });

  it('lists what waits, goes on and has ended by service, and shows what goes on', async () => {
    const going = unique('going');
    setUp({
      builds: [
        { id: unique('waits'), service: 'worker', state: 'queued', startedAt: 9_000, queuedBehind: 2 },
        {
          id: going,
          service: 'main',
          state: 'building',
          startedAt: 8_000,
          begunAt: 8_000,
          progress: { done: 2, total: 6 },
        },
      ],
      history: [entry(unique('old')), entry(unique('gone'), { service: 'removed', state: 'failed' })],
      stream: (id) => [
        { kind: 'view', build: view(id, { service: 'main', state: 'building', endedAt: undefined }) },
      ],
    });
    await screen.findByText('removed');
    const [first, second, third, fourth] = options();
    expect(first).toContain('Building');
    expect(first).toContain('2/6');
    expect(second).toContain('Queued, 2 before it');
    expect(third).toContain('3/4 cached');
    expect(third).toContain('12.0 MB (+1.40 MB)');
    expect(fourth).toContain('Failed');
    expect(screen.getAllByRole('option')[0]?.getAttribute('aria-selected')).toBe('true');
    await screen.findByRole('button', { name: 'Cancel build' });
  });

  it('chooses by arrows, opens a log in place, and is the same after leaving and coming back', async () => {
    const stream = (id: string): Item[] => [
      { kind: 'view', build: view(id) },
      { kind: 'output', lines: [{ step: 2, text: `output of \u001b[32m${id}\u001b[0m` }], dropped: 0 },
    ];
    const [newer, older] = [unique('newer'), unique('older')];
    const { unmount, again } = setUp({ history: [entry(newer, { startedAt: 2_000 }), entry(older)], stream });
    const list = await screen.findByRole('listbox', { name: 'Builds' });
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    expect(screen.getAllByRole('option')[1]?.getAttribute('aria-selected')).toBe('true');
    const head = await screen.findByRole('button', { name: /RUN make/ });
    expect(screen.queryByRole('log')).toBeNull();
    fireEvent.click(head);
    expect(screen.getByRole('log').textContent).toBe(`output of ${older}`);
    fireEvent.keyDown(list, { key: 'Enter' });
    expect(document.activeElement?.textContent).toContain('FROM busybox');
    fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(head);
    fireEvent.keyDown(head, { key: 'Escape' });
    expect(document.activeElement).toBe(list);
    unmount();
    again();
    await waitFor(() => expect(screen.getByRole('log').textContent).toBe(`output of ${older}`));
  });

  it('shows a failure at its line, and opens it in the editor', async () => {
    const id = unique('failed');
    setUp({
      history: [entry(id, { state: 'failed' })],
      stream: () => [
        {
          kind: 'view',
          build: view(id, {
            state: 'failed',
            error: {
              message: 'The command ended with code 127.',
              file: 'worker/Dockerfile',
              line: 3,
              hint: 'Install make.',
              excerpt: [
                { line: 2, text: 'COPY . .' },
                { line: 3, text: 'RUN make' },
              ],
            },
          }),
        },
      ],
    });
    const alert = await screen.findByRole('alert');
    for (const text of [
      'The command ended with code 127.',
      'worker/Dockerfile:3',
      'Install make.',
      'COPY . .',
    ])
      expect(within(alert).getByText(text)).toBeDefined();
    fireEvent.click(within(alert).getByRole('button', { name: 'Open in editor' }));
    expect(useEditorFiles.getState().target).toMatchObject({ path: 'worker/Dockerfile', line: 3 });
    useEditorFiles.setState({ target: undefined });
  });

  it('rebuilds the service of the chosen build, then shows the new one', async () => {
    const id = unique('done');
    const { onBuild, update } = setUp({
      history: [entry(id), entry(unique('main'), { service: 'main', startedAt: 3_000 })],
      stream: (buildId) => [{ kind: 'view', build: view(buildId) }],
    });
    fireEvent.click((await screen.findAllByRole('option'))[1] as Element);
    fireEvent.click(await screen.findByRole('button', { name: 'Rebuild' }));
    expect(onBuild).toHaveBeenCalledWith({ services: ['worker'] });
    update({ builds: [{ id: unique('new'), service: 'worker', state: 'building', startedAt: 9_000 }] });
    await waitFor(() =>
      expect(screen.getByRole('option', { selected: true }).textContent).toContain('Building'),
    );
  });

  it('cannot rebuild without an engine, and says why a build cannot be read', async () => {
    setUp({
      canBuild: false,
      history: [entry(unique('lost'))],
      stream: () => new FlotillaError('not-found', 'There is no such build.'),
    });
    await screen.findByText('The build cannot be read');
    cleanup();
    setUp({
      canBuild: false,
      history: [entry(unique('there'))],
      stream: (id) => [{ kind: 'view', build: view(id) }],
    });
    expect((await screen.findByRole('button', { name: 'Rebuild' })).hasAttribute('disabled')).toBe(true);
  });

  it('keeps what it knows of a build when the connection is lost, says so, and goes on afterwards', async () => {
    const id = unique('cut');
    const { consumers } = setUp({
      builds: [{ id, service: 'worker', state: 'building', startedAt: 1_000, begunAt: 1_000 }],
      stream: () => [{ kind: 'view', build: view(id, { state: 'building', endedAt: undefined }) }],
    });
    await screen.findByText('RUN make');
    const before = consumers.get(id);
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'],
    });
    act(() => {
      before?.onEnd(new FlotillaError('disconnected', 'The server is gone.'));
      vi.advanceTimersByTime(20);
    });
    expect(screen.getByText('Not up to date')).toBeDefined();
    expect(screen.getByText('RUN make')).toBeDefined();
    await act(() => vi.advanceTimersByTimeAsync(1_100));
    expect(consumers.get(id)).not.toBe(before);
    expect(screen.queryByText('Not up to date')).toBeNull();
    vi.useRealTimers();
  });

  it('draws the steps as a graph that keys lead through', async () => {
    const id = unique('graph');
    showSteps('graph');
    const step = (at: number, instruction: string, stage: string, inputs: number[]) => ({
      number: at,
      total: 4,
      instruction,
      state: 'done' as const,
      cached: at === 2,
      stage,
      inputs,
    });
    setUp({
      history: [entry(id)],
      stream: () => [
        {
          kind: 'view',
          build: view(id, {
            steps: [
              step(1, 'FROM gcc', 'build', []),
              step(2, 'RUN make', 'build', [1]),
              step(3, 'FROM busybox', 'final', []),
              step(4, 'COPY --from=build /a /a', 'final', [3, 2]),
            ],
          }),
        },
        { kind: 'output', lines: [{ step: 4, text: 'copied' }], dropped: 0 },
      ],
    });
    const graph = await screen.findByRole('group', { name: 'Graph of the steps' });
    expect(graph.querySelectorAll('path[data-edge]')).toHaveLength(3);
    const node = (name: RegExp) => within(graph).getByRole('button', { name });
    expect(node(/^Step 2, Done, cached: RUN make/)).toBeDefined();
    act(() => node(/^Step 1/).focus());
    fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowDown' });
    fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowRight' });
    expect(document.activeElement).toBe(node(/^Step 3/));
    fireEvent.click(node(/^Step 4/));
    expect(within(graph).getByRole('log').textContent).toBe('copied');
    fireEvent.keyDown(within(graph).getByRole('log'), { key: 'Escape' });
    expect(within(graph).queryByRole('log')).toBeNull();
    fireEvent.click(node(/^Step 2/));
    expect(within(graph).getByText('Taken from the cache: it wrote nothing.')).toBeDefined();
  });
});
