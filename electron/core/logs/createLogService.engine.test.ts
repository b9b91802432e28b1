import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    expect(all.map((line) => line.timestamp)).toEqual(all.map((line) => line.timestamp).sort());
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
