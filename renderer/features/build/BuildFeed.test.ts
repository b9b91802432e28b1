import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { BuildView } from '#shared/domain/Build.ts';
import { BuildFeed } from './BuildFeed.ts';
import { formatBytes } from './formatBytes.ts';
import { latestBuilds } from './latestBuilds.ts';

type Item = StreamItem<'build'>;

let consumers: StreamConsumer<Item>[] = [];
let closed = 0;
const client = {
  stream: (_name: string, _input: unknown, consumer: StreamConsumer<Item>) => {
    consumers.push(consumer);
    return {
      close: () => {
        closed += 1;
      },
    };
  },
} as unknown as Client;

const view = (state: BuildView['state']): BuildView => ({
  id: 'b',
  appId: 'a',
  service: 'worker',
  tag: 'pi-worker',
  state,
  startedAt: 0,
  steps: [],
});

beforeEach(() => {
  consumers = [];
  closed = 0;
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame'] });
});
afterEach(() => vi.useRealTimers());

describe('BuildFeed', () => {
  it('reads while anyone listens, and shows the same after leaving and coming back', () => {
    const feed = new BuildFeed(client, 'b');
    const leave = feed.subscribe(() => undefined);
    void consumers[0]?.onBatch([
      { kind: 'view', build: view('building') },
      { kind: 'output', lines: [{ step: 1, text: '\u001b]0;evil\u0007one' }], dropped: 0 },
    ]);
    expect(feed.output(1)).toEqual(['one']);
    leave();
    expect(closed).toBe(1);
    feed.subscribe(() => undefined);
    void consumers[1]?.onBatch([
      { kind: 'view', build: view('succeeded') },
      {
        kind: 'output',
        lines: [
          { step: 1, text: 'one' },
          { step: 1, text: 'two' },
        ],
        dropped: 0,
      },
    ]);
    expect(feed.output(1)).toEqual(['one', 'two']);
    expect(feed.view?.state).toBe('succeeded');
  });

  it('does not open an ended build again, and keeps what it said', () => {
    const feed = new BuildFeed(client, 'b');
    const leave = feed.subscribe(() => undefined);
    void consumers[0]?.onBatch([{ kind: 'view', build: view('failed') }]);
    consumers[0]?.onEnd();
    leave();
    feed.subscribe(() => undefined);
    expect(consumers).toHaveLength(1);
    expect(feed.view?.state).toBe('failed');
  });

  it('keeps at most about ten thousand lines, the newest', () => {
    const feed = new BuildFeed(client, 'b');
    feed.subscribe(() => undefined);
    for (let batch = 0; batch < 50; batch += 1) {
      const lines = Array.from({ length: 500 }, (_, at) => ({
        step: batch < 10 ? 1 : 2,
        text: `${batch * 500 + at}`,
      }));
      void consumers[0]?.onBatch([{ kind: 'output', lines, dropped: 0 }]);
    }
    const kept = feed.output(1).length + feed.output(2).length;
    expect(kept).toBeGreaterThanOrEqual(10_000);
    expect(kept).toBeLessThanOrEqual(11_000);
    expect(feed.output(2)[feed.output(2).length - 1]).toBe('24999');
    expect(feed.dropped).toBe(25_000 - kept);
  });
});

describe('latestBuilds', () => {
  it('takes the newest of each service, newest first', () => {
    const build = (id: string, service: string, startedAt: number) => ({
      id,
      service,
      startedAt,
      state: 'failed' as const,
    });
    const latest = latestBuilds([build('1', 'main', 5), build('2', 'worker', 3), build('3', 'worker', 9)]);
    expect(latest.map(({ id }) => id)).toEqual(['3', '1']);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.50 kB'],
    [45_678, '45.7 kB'],
    [999_999, '1.00 MB'],
    [123_456_789, '123 MB'],
  ])('%d is %j', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
