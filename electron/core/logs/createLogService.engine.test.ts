import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogRow, LogViewState } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { loadBusybox } from '../../../e2e/lab/baseImages.ts';
import { startLabEngine } from '../../../e2e/lab/LabEngine.ts';
import type { LogItem } from '../apps/AppsApi.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
let abort: AbortController;
beforeEach(async () => {
  test = await startTestCore();
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await expect
    .poll(() => test.core.engine.liveStreams.list().filter((stream) => stream.purpose !== 'events'))
    .toEqual([]);
  await test.dispose();
});

const TALK = (extra = '') =>
  `image: busybox:latest\n    init: true\n    stop_grace_period: 1s\n    command: ["sh", "-c", "i=0; while :; do i=$$((i+1)); echo line $$i; sleep 0.05; done"]${extra}`;

/** Reads until `enough` says so. */
async function collect(
  request: Parameters<TestCore['core']['logs']['follow']>[0],
  enough: (items: LogItem[]) => boolean,
): Promise<LogItem[]> {
  const items: LogItem[] = [];
  for await (const batch of test.core.logs.follow(request, abort.signal)) {
    items.push(...batch);
    if (enough(items)) break;
  }
  return items;
}

const linesOf = (items: readonly LogItem[]) =>
  items.flatMap((item) => (item.kind === 'lines' ? item.lines : []));
const noticesOf = (items: readonly LogItem[]) =>
  items.flatMap((item) =>
    item.kind === 'notice'
      ? [`${'worker' in item.notice ? item.notice.worker : ''} ${item.notice.kind}`]
      : [],
  );

describe('the merged log', () => {
  it('has every line of every worker once and in order, also of those that join', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-merge', { 'compose.yaml': `services:\n  worker:\n    ${TALK('\n    scale: 2')}\n` }),
    );
    await apps.up(app.id, {});
    let scaled = false;
    const items = await collect({ appId: app.id, tail: 10_000 }, (all) => {
      const lines = linesOf(all);
      if (!scaled && lines.length > 30) {
        scaled = true;
        void apps.scale(app.id, 'worker', 4);
      }
      return lines.filter((line) => line.worker === 'worker-4').length > 20;
    });
    const lines = linesOf(items);
    expect(lines.map((line) => line.sequence)).toEqual(lines.map((_, at) => at + 1));
    for (const worker of ['worker-1', 'worker-2', 'worker-3', 'worker-4']) {
      const own = lines.filter((line) => line.worker === worker).map((line) => line.text);
      expect(own.slice(0, 20), worker).toEqual(own.slice(0, 20).map((_, at) => `line ${at + 1}`));
      expect(own).toEqual(own.map((_, at) => `line ${at + 1}`));
    }
    expect(noticesOf(items)).toEqual(expect.arrayContaining(['worker-1 joined', 'worker-4 joined']));
  });

  it('goes on after a restart of a container, without a line twice', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-again', { 'compose.yaml': `services:\n  main:\n    ${TALK()}\n` }),
    );
    await apps.up(app.id, {});
    let restarted = false;
    const items = await collect({ appId: app.id, tail: 10_000 }, (all) => {
      const lines = linesOf(all);
      if (!restarted && lines.length > 20) {
        restarted = true;
        docker('restart', '-t', '0', 'logs-again-main-1');
      }
      return restarted && lines.filter((line) => line.text === 'line 10').length === 2;
    });
    const numbers = linesOf(items).map((line) => Number(line.text.slice(5)));
    const second = numbers.lastIndexOf(1);
    expect(numbers.slice(0, second)).toEqual(numbers.slice(0, second).map((_, at) => at + 1));
    expect(numbers.slice(second, second + 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(noticesOf(items)).toContain('main-1 ended');
  });

  it('ends after what is there when not following, newest lines only', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-tail', {
        'compose.yaml':
          'services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "for i in 1 2 3 4 5; do echo out $$i; echo err $$i >&2; done; printf end"]\n  tty:\n    image: busybox:latest\n    tty: true\n    command: [echo, hello]\n',
      }),
    );
    await apps.up(app.id, {});
    await expect.poll(() => apps.get(app.id).workers.every((worker) => worker.phase === 'done')).toBe(true);
    const items = await collect({ appId: app.id, services: ['main'], tail: 3, follow: false }, () => false);
    expect(linesOf(items)).toHaveLength(3);
    expect(linesOf(items).at(-1)?.text).toBe('end');
    const all = linesOf(await collect({ appId: app.id, tail: 100, follow: false }, () => false));
    expect(all.filter((line) => line.stream === 'stderr').map((line) => line.text)).toEqual(
      [1, 2, 3, 4, 5].map((index) => `err ${index}`),
    );
    expect(all.filter((line) => line.worker === 'tty-1').map((line) => [line.stream, line.text])).toEqual([
      ['stdout', 'hello'],
    ]);
    // Docker writes the two streams of a container down by two writers: by some microseconds they may swap.
    const times = all.map((line) => BigInt(line.timestamp));
    const stepsBack = times.slice(1).map((time, at) => Number((times[at] ?? time) - time) / 1e6);
    expect(Math.max(...stepsBack)).toBeLessThan(5);
  });

  it('says when a container is removed under the reader, and lives on', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-gone', { 'compose.yaml': `services:\n  worker:\n    ${TALK('\n    scale: 2')}\n` }),
    );
    await apps.up(app.id, {});
    let removed = false;
    const items = await collect({ appId: app.id }, (all) => {
      if (!removed && linesOf(all).length > 10) {
        removed = true;
        docker('rm', '-f', 'logs-gone-worker-2');
      }
      const at = all.findIndex((item) => item.kind === 'notice' && item.notice.kind === 'ended');
      return at !== -1 && linesOf(all.slice(at)).some((line) => line.worker === 'worker-1');
    });
    expect(noticesOf(items)).toContain('worker-2 ended');
  });

  it('makes a flood wait for a reader that does not read', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-flood', {
        'compose.yaml':
          'services:\n  main:\n    image: busybox:latest\n    init: true\n    stop_grace_period: 1s\n    command: [sh, -c, "yes flood | head -n 3000000; sleep 1000"]\n',
      }),
    );
    await apps.up(app.id, {});
    const reader = test.core.logs.follow({ appId: app.id, tail: 10 }, abort.signal)[Symbol.asyncIterator]();
    await reader.next();
    const before = process.memoryUsage().heapUsed;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 1024 * 1024);
    const { value } = await reader.next();
    expect(linesOf((value ?? []) as LogItem[]).length).toBeLessThanOrEqual(2_000);
    await reader.return?.();
  });
});

/** Lines of a view once `enough` says so. */
async function viewUntil(
  appId: string,
  query: LogQuery,
  enough: (state: LogViewState, viewId: string) => boolean | Promise<boolean>,
): Promise<{ state: LogViewState; rows: LogRow[] }> {
  let viewId = '';
  for await (const items of test.core.logs.openView({ appId, query }, abort.signal)) {
    for (const item of items) {
      if (item.kind === 'opened') viewId = item.viewId;
      else if (await enough(item.state, viewId)) {
        const { rows } = await test.core.logs.rows({
          viewId,
          anchor: { kind: 'row', row: 0 },
          before: 0,
          count: 5_000,
        });
        return { state: item.state, rows };
      }
    }
  }
  throw new Error('The view ended.');
}

const COUNT = (lines: number, extra = '') =>
  `services:\n  worker:\n    image: busybox:latest\n    init: true\n    stop_grace_period: 1s\n    command: ["sh", "-c", "i=0; while [ $$i -lt ${lines} ]; do i=$$((i+1)); echo line $$i; done; sleep 1000"]${extra}\n`;

describe('views of the log', () => {
  it('show lines, levels, starts and ends; find, count over time and open one whole', async () => {
    const { apps, logs } = test.core;
    const app = await apps.open(
      test.project('logs-view', {
        'compose.yaml':
          'services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "echo INFO one; echo ERROR two >&2; printf \'Traceback (most recent call last):\\n  File x\\nValueError: y\\n\'; echo done; exit 3"]\n',
      }),
    );
    await apps.up(app.id, {});
    await expect.poll(() => apps.get(app.id).workers[0]?.phase).toBe('failed');
    const { rows, state } = await viewUntil(
      app.id,
      {},
      (now) => now.total >= 8 && now.workers[0]?.state === 'ended' && now.workers[0].lines >= 8,
    );
    // The engine takes the two streams down each by itself: only within one is there an order.
    expect(
      rows.filter((row) => row.kind !== 'stderr').map((row) => `${row.kind} ${row.level} ${row.text}`),
    ).toEqual([
      'notice none started',
      'stdout info INFO one',
      'stdout error Traceback (most recent call last):',
      'stdout error   File x',
      'stdout error ValueError: y',
      'stdout none done',
      'notice error exited with code 3',
    ]);
    expect(rows.filter((row) => row.kind === 'stderr').map((row) => `${row.level} ${row.text}`)).toEqual([
      'error ERROR two',
    ]);
    const head = rows.find((row) => row.text.startsWith('Traceback'));
    expect(head?.continued).toBe(2);
    expect(state.workers).toEqual([{ worker: 'main-1', service: 'main', state: 'ended', lines: 8 }]);
    const errors = await viewUntil(app.id, { levels: ['error'] }, async (now, viewId) => {
      if (now.total < 4) return false;
      const histogram = await logs.histogram({ viewId, buckets: 10 });
      expect(histogram.buckets.flat().reduce((a, b) => a + b, 0)).toBe(6);
      const found = await logs.next({ viewId, from: { kind: 'end' }, direction: 'previous' });
      expect(['ValueError: y', 'ERROR two']).toContain(found?.row.text);
      const whole = await logs.row({ viewId, id: head?.id ?? '' });
      expect(whole.continued.map((row) => row.text)).toEqual(['  File x', 'ValueError: y']);
      return true;
    });
    expect(errors.rows).toHaveLength(4);
    await expect(logs.rows({ viewId: 'v999', anchor: { kind: 'end' }, before: 0, count: 1 })).rejects.toThrow(
      'closed',
    );
  });

  it('keep the lines of a removed worker, and of all after Flotilla’s restart, each once', async () => {
    await test.dispose();
    test = await startTestCore(undefined, { keepLogs: true });
    const { apps } = test.core;
    const folder = test.project('logs-kept', { 'compose.yaml': COUNT(500, '\n    scale: 2') });
    const app = await apps.open(folder);
    await apps.up(app.id, {});
    await viewUntil(app.id, {}, (state) => state.total === 1_002);
    docker('rm', '-f', 'logs-kept-worker-2');
    const removed = await viewUntil(app.id, { workers: ['worker-2'] }, (state) =>
      state.workers.some((worker) => worker.state === 'kept'),
    );
    expect(removed.rows.at(-1)?.text).toBe('removed; its lines are kept here');
    expect(removed.rows.filter((row) => row.kind === 'stdout').map((row) => row.text)).toEqual(
      Array.from({ length: 500 }, (_, at) => `line ${at + 1}`),
    );
    docker('restart', '-t', '0', 'logs-kept-worker-1');
    await viewUntil(app.id, { workers: ['worker-1'], stream: 'stdout' }, (state) => state.total === 1_000);
    // Another Flotilla on the same data folder goes on where this one ends.
    await test.restart();
    const again = await viewUntil(app.id, { stream: 'stdout' }, (state) => state.total >= 1_500);
    expect(again.rows).toHaveLength(1_500);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { rows } = await viewUntil(app.id, { stream: 'stdout' }, (state) => state.total >= 1_500);
    expect(rows.filter((row) => row.worker === 'worker-1').map((row) => row.text)).toEqual(
      [1, 2].flatMap(() => Array.from({ length: 500 }, (_, at) => `line ${at + 1}`)),
    );
    await test.core.apps.down(app.id, {});
  });

  it('say so where the logging driver keeps nothing', async () => {
    const { apps } = test.core;
    const app = await apps.open(
      test.project('logs-none', { 'compose.yaml': COUNT(3, '\n    logging: { driver: none }') }),
    );
    await apps.up(app.id, {});
    const { state } = await viewUntil(app.id, {}, (now) =>
      now.workers.some((worker) => worker.state === 'unavailable'),
    );
    expect(state.workers[0]?.message).toMatch(/logging driver keeps nothing/);
  });

  it('end a view whose expression hangs, and no other', async () => {
    const { apps, logs } = test.core;
    const app = await apps.open(
      test.project('logs-hang', {
        'compose.yaml': `services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "echo ${'a'.repeat(60)}b; sleep 1000"]\n    stop_grace_period: 1s\n`,
      }),
    );
    await apps.up(app.id, {});
    const other = logs.openView({ appId: app.id, query: {} }, abort.signal)[Symbol.asyncIterator]();
    const [opened] = ((await other.next()).value ?? []) as { kind: string; viewId: string }[];
    const viewId = opened?.viewId ?? '';
    const ask = () => logs.rows({ viewId, anchor: { kind: 'end' }, before: 10, count: 1 });
    await expect.poll(async () => (await ask()).rows.map((row) => row.kind)).toContain('stdout');
    const hanging = { appId: app.id, query: { include: [{ text: '^(a+)+$', regex: true }] } };
    await expect(async () => {
      for await (const _ of logs.openView(hanging, abort.signal));
    }).rejects.toMatchObject({ code: 'timeout' });
    expect((await ask()).rows.some((row) => row.text.endsWith('ab'))).toBe(true);
    await other.return?.();
    // The thread is watched again after nothing was open for a moment.
    await expect(async () => {
      for await (const _ of logs.openView(hanging, abort.signal));
    }).rejects.toMatchObject({ code: 'timeout' });
    await expect(async () => {
      for await (const _ of logs.openView(
        { appId: app.id, query: { include: [{ text: '(', regex: true }] } },
        abort.signal,
      ));
    }).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('export what is shown, with progress, as text and as JSON lines', async () => {
    const { apps, logs } = test.core;
    const app = await apps.open(test.project('logs-export', { 'compose.yaml': COUNT(9_000) }));
    await apps.up(app.id, {});
    await viewUntil(app.id, { stream: 'stdout' }, (state) => state.total === 9_000);
    const read = async (format: 'text' | 'jsonl', query: LogQuery) => {
      let text = '';
      const progress: number[] = [];
      for await (const items of logs.export({ appId: app.id, query, format }, abort.signal))
        for (const item of items) {
          text += item.text;
          progress.push(item.done / item.total);
        }
      expect(progress.at(-1)).toBe(1);
      return text.trimEnd().split('\n');
    };
    const lines = await read('text', {});
    expect(lines).toHaveLength(9_000);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{18}Z worker-1 \| line 1$/);
    const json = await read('jsonl', { include: [{ text: 'line 77' }] });
    expect(json.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(
      Array.from({ length: 9_000 }, (_, at) => `line ${at + 1}`).filter((text) => text.includes('line 77')),
    );
  });
});

describe('an engine that restarts', () => {
  it('costs no line and repeats none, of a container that goes on and of one that is started again', async () => {
    const engine = await startLabEngine({ images: false });
    loadBusybox(engine.host);
    await test.dispose();
    test = await startTestCore(engine.host, { keepLogs: true });
    try {
      const { apps } = test.core;
      const app = await apps.open(
        test.project('logs-engine', {
          'compose.yaml': `services:\n  main:\n    ${TALK('\n    restart: always')}\n`,
        }),
      );
      await apps.up(app.id, {});
      const stdout: LogQuery = { stream: 'stdout' };
      const before = await viewUntil(app.id, stdout, (state) => state.total > 30);
      await engine.kill('SIGKILL');
      await engine.start();
      const { rows } = await viewUntil(app.id, stdout, (state) => state.total > before.rows.length + 60);
      const witness = execFileSync('docker', ['-H', engine.host, 'logs', 'logs-engine-main-1'], {
        encoding: 'utf8',
      }).split('\n');
      expect(rows.map((row) => row.text)).toEqual(witness.slice(0, rows.length));
    } finally {
      await test.dispose();
      await engine.dispose();
      test = await startTestCore();
    }
  });
});
