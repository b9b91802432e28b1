import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { ConnectionState, WindowClient } from '../client/WindowClient.ts';
import { useApps } from './apps.ts';
import { useConnection } from './connection.ts';
import { useEngine } from './engine.ts';
import { usePreferences } from './preferences.ts';
import { startFeeds } from './startFeeds.ts';

const app = (id: string, title = id) =>
  ({ id, title, origin: 'folder', openedAt: 1, workers: [], services: [] }) as unknown as AppView;

interface Opened {
  name: string;
  consumer: StreamConsumer<unknown>;
  closed: boolean;
}

let opened: Opened[];
let tell: (state: ConnectionState) => void;
let stop: () => void;
const live = (name: string) => opened.filter((stream) => stream.name === name && !stream.closed);

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  useApps.setState({ apps: undefined });
  useEngine.setState({ state: undefined });
  useConnection.setState({ connection: { phase: 'connecting' }, info: undefined });
  const client = {
    connection: { phase: 'connecting' },
    onConnection: (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    },
    reconnect: () => undefined,
    call: (name: string) =>
      Promise.resolve(name === 'preferences.get' ? { theme: 'dark' } : { version: '1', sampleNames: [] }),
    stream: (name: string, _input: unknown, consumer: StreamConsumer<unknown>) => {
      const stream: Opened = { name, consumer, closed: false };
      opened.push(stream);
      return { close: () => (stream.closed = true) };
    },
  } as unknown as WindowClient;
  stop = startFeeds(client);
});
afterEach(() => {
  stop();
  delete document.documentElement.dataset['theme'];
  vi.useRealTimers();
});

describe('the feeds', () => {
  it('fill the stores, and put the remembered theme on the page', async () => {
    tell({ phase: 'open' });
    void live('apps')[0]?.consumer.onBatch([{ kind: 'snapshot', apps: [app('a')] }]);
    void live('engineState')[0]?.consumer.onBatch([{ phase: 'searching' }, { phase: 'none' }]);
    await vi.advanceTimersByTimeAsync(1);
    expect([...(useApps.getState().apps?.keys() ?? [])]).toEqual(['a']);
    expect(useEngine.getState().state?.phase).toBe('none');
    expect(useConnection.getState()).toMatchObject({ connection: { phase: 'open' }, info: { version: '1' } });
    expect(usePreferences.getState().theme).toBe('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it('are opened again once after a reconnect, keep on screen what was known, and the objects of what is the same', () => {
    tell({ phase: 'open' });
    void live('apps')[0]?.consumer.onBatch([{ kind: 'snapshot', apps: [app('a'), app('b')] }]);
    const before = useApps.getState().apps?.get('a');
    const lost = new FlotillaError('disconnected', 'Gone.');
    tell({ phase: 'lost', nextRetryAt: 0 });
    for (const stream of opened) stream.consumer.onEnd(lost);
    expect(useApps.getState().apps?.size).toBe(2);
    vi.advanceTimersByTime(10_000);
    expect(opened).toHaveLength(2);
    tell({ phase: 'lost', nextRetryAt: 0 });
    tell({ phase: 'open' });
    expect(live('apps')).toHaveLength(1);
    expect(live('engineState')).toHaveLength(1);
    void live('apps')[0]?.consumer.onBatch([{ kind: 'snapshot', apps: [app('a'), app('b', 'B')] }]);
    expect(useApps.getState().apps?.get('a')).toBe(before);
    expect(useApps.getState().apps?.get('b')?.title).toBe('B');
  });

  it('open a stream again that the other side ended while the connection stands, and no more after the end', () => {
    tell({ phase: 'open' });
    opened[0]?.consumer.onEnd(new FlotillaError('internal', 'Fault.'));
    expect(opened).toHaveLength(2);
    vi.advanceTimersByTime(1_500);
    expect(live('apps')).toHaveLength(1);
    expect(live('engineState')).toHaveLength(1);
    expect(opened.length).toBeGreaterThan(2);
    const count = opened.length;
    stop();
    opened.at(-1)?.consumer.onEnd(new FlotillaError('internal', 'Fault.'));
    vi.advanceTimersByTime(10_000);
    expect(opened).toHaveLength(count);
    expect(opened.every((stream) => stream.closed)).toBe(true);
  });
});
