import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { METRICS, type MetricsHistory, type MetricsRow } from '#shared/domain/Metrics.ts';
import { chartKey } from './chartKeys.ts';
import { incrementsOf, timeLabel, topFor } from './chartScale.ts';
import { CursorStore } from './CursorStore.ts';
import { heatColour, heatPixels } from './heatColours.ts';
import { MetricsFeed } from './MetricsFeed.ts';
import { cellAt, panned, spanOf, valueAt, zoomed } from './timeSpans.ts';

const history: MetricsHistory = { fromMs: 100_000, stepMs: 1_000, cells: 60, workers: [] };

describe('stretches of time', () => {
  it('are zoomed around a moment that stays where it is, never shorter than five seconds', () => {
    expect(zoomed({ fromMs: 0, toMs: 100_000 }, 25_000, 0.5)).toEqual({ fromMs: 12_500, toMs: 62_500 });
    expect(zoomed({ fromMs: 10_000, toMs: 16_000 }, 13_000, 0.5)).toEqual({ fromMs: 10_500, toMs: 15_500 });
    expect(zoomed({ fromMs: 0, toMs: 100_000 }, 0, 2)).toEqual({ fromMs: 0, toMs: 200_000 });
    expect(panned({ fromMs: 10_000, toMs: 50_000 }, -0.5)).toEqual({ fromMs: 0, toMs: 40_000 });
  });

  it('have cells, and values in them', () => {
    expect(spanOf(history)).toEqual({ fromMs: 100_000, toMs: 160_000 });
    expect([cellAt(history, 99_999), cellAt(history, 100_000), cellAt(history, 160_000)]).toEqual([
      null,
      0,
      null,
    ]);
    const values = [1, 2, null, ...Array.from({ length: 57 }, () => 3)];
    expect(valueAt(history, values, 101_500)).toBe(2);
    expect(valueAt(history, values, 102_500)).toBeNull();
    expect(valueAt(history, values, null)).toBe(3);
    expect(valueAt(history, [5, null, null, null, null, null, null], null)).toBeNull();
    expect(valueAt(history, undefined, null)).toBeNull();
  });
});

describe('the keys of a chart', () => {
  const press = (key: string, shiftKey = false) => ({
    key,
    shiftKey,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
  });

  it('move the cursor, zoom around it and go back', () => {
    const cursor = new CursorStore();
    const onZoom = vi.fn();
    const send = (key: string, shift?: boolean) => chartKey(press(key, shift), history, cursor, onZoom);
    expect(send('ArrowLeft')).toBe(true);
    expect(cursor.get()).toBe(159_500);
    send('ArrowLeft', true);
    expect(cursor.get()).toBe(149_500);
    send('ArrowRight');
    expect(cursor.get()).toBe(150_500);
    send('End');
    send('ArrowRight');
    expect(cursor.get()).toBe(159_500);
    send('Home');
    send('+');
    expect(onZoom).toHaveBeenLastCalledWith({ fromMs: 100_250, toMs: 130_250 });
    send('PageUp');
    expect(onZoom).toHaveBeenLastCalledWith({ fromMs: 70_000, toMs: 130_000 });
    const calls = onZoom.mock.calls.length;
    send('Escape');
    expect([cursor.get(), onZoom.mock.calls.length]).toEqual([null, calls]);
    send('Escape');
    expect(onZoom).toHaveBeenLastCalledWith(null);
    expect(send('x')).toBe(false);
    expect(chartKey({ ...press('+'), ctrlKey: true }, history, cursor, onZoom)).toBe(false);
  });
});

describe('scales', () => {
  it('step by powers of two for bytes and whole numbers for what is counted, and end above the highest', () => {
    expect(incrementsOf('bytes').slice(0, 3)).toEqual([1, 2, 4]);
    expect(incrementsOf('count').every(Number.isInteger)).toBe(true);
    expect(incrementsOf('cores')[0]).toBeCloseTo(0.01);
    expect([topFor(null, 'cores'), topFor(2, 'cores'), topFor(0.3, 'share'), topFor(0, 'bytes')]).toEqual([
      0.1, 2.16, 1, 1_024,
    ]);
    const noon = new Date(2026, 2, 1, 12, 30, 15).getTime();
    expect([timeLabel(noon, 15), timeLabel(noon, 300)]).toEqual(['12:30:15', '12:30']);
  });
});

describe('heat', () => {
  it('gets stronger with the value in both themes, and is nothing where nothing is known', () => {
    for (const isDark of [false, true]) {
      const lightness = [0, 0.25, 0.5, 0.75, 1].map((share) =>
        heatColour(share, isDark).reduce((sum, channel) => sum + channel, 0),
      );
      const sorted = [...lightness].sort((a, b) => (isDark ? a - b : b - a));
      expect(lightness).toEqual(sorted);
    }
    expect([...heatPixels([[0, null], undefined, [2, 9]], 2, 2, false)]).toEqual([
      ...heatColour(0, false),
      255,
      ...[0, 0, 0, 0],
      ...Array.from({ length: 8 }, () => 0),
      ...heatColour(1, false),
      255,
      ...heatColour(1, false),
      255,
    ]);
  });
});

describe('the feed', () => {
  const START = 1_800_000_000_000;
  let consumer: StreamConsumer<StreamItem<'metrics'>> | undefined;
  let answers: MetricsHistory;
  const call = vi.fn(
    (name: string): Promise<unknown> => Promise.resolve(name === 'metrics.history' ? answers : null),
  );
  const client = {
    call,
    stream: (_: string, __: object, given: StreamConsumer<StreamItem<'metrics'>>) => {
      consumer = given;
      return { close: () => (consumer = undefined) };
    },
  } as unknown as Client;
  const row = (worker: string, atMs: number, cores: number): MetricsRow => ({
    worker,
    atMs,
    spanMs: 1_000,
    values: METRICS.map((metric) => (metric === 'cores' ? cores : null)),
  });
  let end: () => void;
  let feed: MetricsFeed;
  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    answers = { fromMs: START - 10_000, stepMs: 1_000, cells: 0, workers: [] };
    call.mockClear();
    feed = new MetricsFeed(client, 'a');
    end = feed.start();
  });
  afterEach(() => {
    end();
    vi.useRealTimers();
  });
  const tell = (...items: StreamItem<'metrics'>[]): void => void consumer?.onBatch(items);
  const cores = (worker: string) =>
    feed.frame().history.workers.find((one) => one.worker === worker)?.means.cores;

  it('puts what comes beside what was there before, and adds up services of one moment', async () => {
    answers = {
      fromMs: START - 3_000,
      stepMs: 1_000,
      cells: 2,
      workers: [{ worker: 'w-2', service: 'w', means: { cores: [0.5, 0.5] }, peaks: {} }],
    };
    tell({ kind: 'opened', viewId: 'v' });
    tell({ kind: 'rows', rows: [row('w-2', START, 1), row('w-10', START, 2)] });
    await vi.advanceTimersByTimeAsync(0);
    // The second of two comes in the next batch: until then the time before it is the newest.
    tell({ kind: 'rows', rows: [row('w-2', START + 1_000, 1)] });
    expect(feed.frame().history.workers.map(({ worker }) => worker)).toEqual(['w-2', 'w-10']);
    expect(cores('w-2')?.slice(-3)).toEqual([0.5, 0.5, 1]);
    expect(feed.frame().totals).toHaveLength(1);
    expect(feed.frame().totals[0]?.values.cores?.slice(-3)).toEqual([0.5, 0.5, 3]);
    tell({ kind: 'rows', rows: [row('w-10', START + 1_000, 2)] });
    expect(feed.frame().totals[0]?.values.cores?.slice(-1)).toEqual([3]);
  });

  it('asks for less while the window is hidden, and for those in sight only', async () => {
    tell({ kind: 'opened', viewId: 'v' });
    feed.setInSight(['w-1']);
    expect(call).toHaveBeenLastCalledWith('metrics.attend', { viewId: 'v', pace: 'live', inSight: ['w-1'] });
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(call).toHaveBeenLastCalledWith('metrics.attend', {
      viewId: 'v',
      pace: 'hidden',
      inSight: ['w-1'],
    });
    hidden.mockRestore();
  });

  it('fetches what is older than it keeps, and again from time to time', async () => {
    tell({ kind: 'opened', viewId: 'v' });
    await vi.advanceTimersByTimeAsync(0);
    call.mockClear();
    feed.show('1h', null);
    expect(feed.frame().isLoading).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.frame().isLoading).toBe(false);
    const asked = () => call.mock.calls.filter(([name]) => name === 'metrics.history');
    expect(asked()).toEqual([
      ['metrics.history', { appId: 'a', points: 360, lastMs: 3_600_000 }],
    ] as unknown[]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(asked()).toHaveLength(2);
    feed.show('1h', { fromMs: 1_000, toMs: 2_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked().slice(2)).toEqual([
      ['metrics.history', { appId: 'a', points: 360, fromMs: 1_000, toMs: 2_000 }],
    ] as unknown[]);
  });
});
