import { beforeEach, describe, expect, it } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { LogLine } from '#shared/domain/LogLine.ts';
import { type FeedClock, LogFeed } from './LogFeed.ts';
import { LogView } from './LogView.ts';

type Item = StreamItem<'logs'>;

let consumers: StreamConsumer<Item>[] = [];
let closed = 0;
let frames: (() => void)[] = [];
let timers: (() => void)[] = [];
let hidden = false;

const client = {
  call: () => Promise.reject(new Error('no calls here')),
  stream: (_name: string, _input: unknown, consumer: StreamConsumer<Item>) => {
    consumers.push(consumer);
    return {
      close: () => {
        closed += 1;
      },
    };
  },
} as unknown as Client;

const clock: FeedClock = {
  requestFrame: (callback) => frames.push(callback),
  cancelFrame: () => {
    frames = [];
  },
  isHidden: () => hidden,
  setTimer: (callback) => timers.push(callback),
  clearTimer: () => {
    timers = [];
  },
};

const frame = () => {
  const due = frames;
  frames = [];
  for (const callback of due) callback();
};

const line = (text: string, nanoseconds: number, worker = 'worker-1'): LogLine => ({
  sequence: nanoseconds,
  worker,
  stream: 'stdout',
  timestamp: String(1_700_000_000_000_000_000n + BigInt(nanoseconds)),
  text,
});

const lines = (...all: LogLine[]): Item[] => [{ kind: 'lines', lines: all }];

const isPending = async (promise: void | Promise<void>) => {
  let settled = false;
  void Promise.resolve(promise).then(() => {
    settled = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  return !settled;
};

beforeEach(() => {
  consumers = [];
  closed = 0;
  frames = [];
  timers = [];
  hidden = false;
});

describe('LogFeed', () => {
  it('tells its listeners once per frame, however many batches came', () => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    frame();
    let told = 0;
    feed.subscribe(() => {
      told += 1;
    });
    for (let at = 0; at < 50; at += 1) void consumers[0]?.onBatch(lines(line(`l${at}`, at)));
    expect(told).toBe(0);
    frame();
    expect(told).toBe(1);
    expect(feed.ring.size).toBe(50);
  });

  it('holds the credit back while it lags, and while paused', async () => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    const many = Array.from({ length: 5000 }, (_, at) => line(`l${at}`, at));
    const lagging = consumers[0]?.onBatch(lines(...many));
    expect(await isPending(lagging)).toBe(true);
    frame();
    expect(await isPending(lagging)).toBe(false);
    feed.setPaused(true);
    const paused = consumers[0]?.onBatch(lines(line('x', 9000)));
    frame();
    expect(await isPending(paused)).toBe(true);
    feed.setPaused(false);
    expect(await isPending(paused)).toBe(false);
  });

  it('keeps the ring but draws nothing while the document is hidden', async () => {
    hidden = true;
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    let told = 0;
    feed.subscribe(() => {
      told += 1;
    });
    const many = Array.from({ length: 9000 }, (_, at) => line(`l${at}`, at));
    expect(await isPending(consumers[0]?.onBatch(lines(...many)))).toBe(false);
    expect(frames).toHaveLength(0);
    expect(told).toBe(0);
    hidden = false;
    feed.visibilityChanged();
    expect(told).toBe(1);
    expect(feed.ring.size).toBe(9000);
  });

  it('does not leave the producer waiting for a frame when the document becomes hidden', async () => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    const lagging = consumers[0]?.onBatch(lines(...Array.from({ length: 5000 }, (_, at) => line('l', at))));
    hidden = true;
    feed.visibilityChanged();
    expect(await isPending(lagging)).toBe(false);
  });

  it('reopens after a loss without taking lines twice', () => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    void consumers[0]?.onBatch(lines(line('one', 1), line('two', 2)));
    consumers[0]?.onEnd(new FlotillaError('disconnected', 'gone'));
    expect(feed.status).toBe('lost');
    expect(timers).toHaveLength(1);
    timers[0]?.();
    void consumers[1]?.onBatch(
      lines(line('one', 1), line('two', 2), line('three', 3), line('new', 1, 'worker-2')),
    );
    expect(Array.from({ length: feed.ring.size }, (_, row) => feed.ring.textAt(row))).toEqual([
      'one',
      'two',
      'three',
      'new',
    ]);
    expect(feed.status).toBe('live');
  });

  it('does not retry what will not change, and ignores batches after closing', () => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock });
    feed.open();
    consumers[0]?.onEnd(new FlotillaError('not-found', 'no such app'));
    expect(feed.status).toBe('refused');
    expect(timers).toHaveLength(0);
    feed.retry();
    feed.close();
    expect(closed).toBe(1);
    void consumers[1]?.onBatch(lines(line('late', 1)));
    expect(feed.ring.size).toBe(0);
  });
});

describe('LogView', () => {
  const filled = (capacity?: number) => {
    const feed = new LogFeed(client, { appId: 'a', tail: 10, clock, ...(capacity ? { capacity } : {}) });
    const view = new LogView(feed);
    feed.open();
    const push = (...all: LogLine[]) => {
      void consumers[consumers.length - 1]?.onBatch(lines(...all));
      frame();
    };
    return { feed, view, push };
  };

  it('filters by worker and service, also for names that start alike', () => {
    const { view, push } = filled();
    push(
      line('a', 1, 'worker-1'),
      line('b', 2, 'worker-2'),
      line('c', 3, 'worker-gpu-1'),
      line('d', 4, 'main-1'),
    );
    view.setFilter({ kind: 'service', service: 'worker' });
    expect(view.textBetween(0, 9)).toBe('worker-1  a\nworker-2  b');
    view.setFilter({ kind: 'worker', worker: 'worker-2' });
    push(line('e', 5, 'worker-2'), line('f', 6, 'worker-1'));
    expect(view.textBetween(0, 9)).toBe('worker-2  b\nworker-2  e');
    view.setFilter({ kind: 'all' });
    expect(view.size).toBe(6);
  });

  it('says how many shown rows fell out, filtered or not', () => {
    const { view, push } = filled(10);
    push(...Array.from({ length: 10 }, (_, at) => line(`l${at}`, at, `worker-${(at % 2) + 1}`)));
    view.takeDroppedRows();
    push(line('x', 100), line('y', 101), line('z', 102));
    expect(view.takeDroppedRows()).toBe(3);
    view.setFilter({ kind: 'worker', worker: 'worker-1' });
    view.takeDroppedRows();
    push(line('x', 200, 'worker-2'), line('y', 201, 'worker-2'), line('z', 202, 'worker-2'));
    expect(view.takeDroppedRows()).toBe(1);
  });

  it('finds, counts and steps through matches around the ends, ignoring colours and case', () => {
    const { view, push } = filled();
    push(line('\u001b[31mPI\u001b[0m = 3', 1), line('none', 2), line('p\u001b[1mi\u001b[0m again', 3));
    view.setQuery('pi');
    expect([view.matchCount, view.matchNumber]).toEqual([2, 2]);
    expect(view.step(1)).toBe(0);
    expect(view.matchNumber).toBe(1);
    expect(view.step(-1)).toBe(2);
    push(line('pi pi', 4));
    expect(view.matchCount).toBe(3);
    expect(view.follow.following).toBe(false);
    view.setQuery('absent');
    expect([view.matchCount, view.matchNumber, view.step(1)]).toEqual([0, 0, null]);
  });

  it('counts what was missed in the filter only', () => {
    const { view, push } = filled();
    push(line('a', 1));
    view.setFilter({ kind: 'worker', worker: 'worker-1' });
    view.dispatch({ type: 'moved-away' });
    push(line('b', 2), line('c', 3, 'worker-2'));
    expect(view.follow).toEqual({ following: false, missed: 1 });
  });
});
