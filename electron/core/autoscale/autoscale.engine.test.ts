import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AutoscaleNews } from '#shared/domain/Autoscale.ts';
import { docker, leftOf, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
let stop: AbortController;
beforeEach(async () => {
  test = await startTestCore();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await test.dispose();
});

const PATIENCE = { timeout: 60_000 };
const BASE = 'image: busybox:latest\n    init: true\n    stop_grace_period: 1s';

/** An app that runs, with its worker scaled by itself. */
async function start(name: string, autoscale: string, { command = '[sleep, "1000"]', more = '' } = {}) {
  const { apps } = test.core;
  const compose = `services:
  main:
    ${BASE}
    command: [sh, -c, "echo 0 > /queue; sleep 1000"]
  worker:
    ${BASE}
    command: ${command}
    ${more}
    x-flotilla: { role: worker, autoscale: ${autoscale} }
`;
  const app = await apps.open(test.project(name, { 'compose.yaml': compose }));
  await apps.up(app.id, {});
  const news: AutoscaleNews[] = [];
  const ended = apps.autoscale(app.id, { signal: stop.signal, onNews: (one) => void news.push(one) });
  ended.catch(() => undefined);
  return {
    id: app.id,
    news,
    ended,
    running: (): number =>
      docker(
        'ps',
        '-q',
        '--filter',
        `label=com.docker.compose.project=${name}`,
        '--filter',
        'label=com.docker.compose.service=worker',
      )
        .split('\n')
        .filter(Boolean).length,
    changes: (): string[] =>
      news.flatMap((one) => (one.kind === 'scale' ? [`${one.from} → ${one.wanted}: ${one.reason}`] : [])),
  };
}

describe('scaling by itself on a real engine', () => {
  it('follows a queue that a command counts, up at once and down after looks that agree; ends when asked', async () => {
    const app = await start(
      'auto-queue',
      '{ min: 1, max: 4, interval: 1s, down_after: 2, queue: { command: [cat, /queue], service: main, per_worker: 10 } }',
    );
    const put = (jobs: string) => docker('exec', 'auto-queue-main-1', 'sh', '-c', `echo ${jobs} > /queue`);
    put('31');
    await expect.poll(app.running, PATIENCE).toBe(4);
    put('0');
    await expect.poll(app.running, PATIENCE).toBe(1);
    expect(app.changes()).toEqual([
      '1 → 4: 31 jobs wait, 10 for each worker',
      '4 → 1: 0 jobs wait, 10 for each worker; 0 would be fewer than 1 to 4 allows',
    ]);
    // What is no number is told once, and again a number is followed again.
    put('many');
    await expect.poll(() => app.news.filter(({ kind }) => kind === 'problem').length, PATIENCE).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    put('20');
    await expect.poll(app.running, PATIENCE).toBe(2);
    expect(app.news.flatMap((one) => (one.kind === 'problem' ? [one.reason] : []))).toEqual([
      '`cat /queue` in main answers “many”, no number of jobs.',
    ]);
    stop.abort();
    await app.ended;
    put('40');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(app.running()).toBe(2);
    expect(
      test.core.engine.liveStreams.list().filter(({ purpose }) => purpose.startsWith('command')),
    ).toEqual([]);
    await test.core.apps.down(app.id, {});
    expect(leftOf('auto-queue')).toEqual([]);
  });

  it('follows the use of the CPUs that a worker may have', async () => {
    const app = await start('auto-cpu', '{ min: 1, max: 3, interval: 1s, cpu: 50% }', {
      command: '[sh, -c, "while :; do :; done"]',
      // So little is to be had on a busy machine, too.
      more: 'cpus: 0.05',
    });
    await expect.poll(app.running, { timeout: 90_000 }).toBe(3);
    expect(app.changes()[0]).toMatch(/^1 → [23]: CPU at (?:[5-9]\d|1[0-3]\d) %, 50 % wanted/);
    stop.abort();
    await app.ended;
    await test.core.apps.down(app.id, {});
  });

  it('asks an address, and says what is wrong with its answer', async () => {
    let answer: [status: number, text: string] = [200, '25\n'];
    const server: Server = createServer((_request, response) =>
      response.writeHead(answer[0]).end(answer[1]),
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/queue`;
      const app = await start(
        'auto-http',
        `{ min: 1, max: 9, interval: 1s, queue: { url: "${url}", per_worker: 10 } }`,
      );
      await expect.poll(app.running, PATIENCE).toBe(3);
      const problems = () => app.news.flatMap((one) => (one.kind === 'problem' ? [one.reason] : []));
      for (const [next, message] of [
        [[200, '{"jobs": 3}'], `${url} answers “{"jobs": 3}”, no number of jobs.`],
        [[200, '-1'], `${url} answers “-1”, no number of jobs.`],
        [[200, ''], `${url} answers nothing, no number of jobs.`],
        [[503, 'busy'], `${url} answers 503 Service Unavailable.`],
      ] as const) {
        answer = [...next];
        await expect.poll(() => problems().at(-1), PATIENCE).toBe(message);
      }
      server.closeAllConnections();
      server.close();
      await expect.poll(() => problems().at(-1), PATIENCE).toMatch(/cannot be asked: .*ECONNREFUSED/);
      expect(app.running()).toBe(3);
    } finally {
      server.close();
    }
  });

  it('is switched on and off in the app, which keeps the decisions; a number set by hand, and a stop, take it back', async () => {
    const { apps } = test.core;
    const rule =
      '{ min: 2, max: 4, interval: 1s, queue: { command: [cat, /queue], service: main, per_worker: 10 } }';
    const compose = `services:\n  main:\n    ${BASE}\n    command: [sh, -c, "echo 40 > /queue; sleep 1000"]\n  worker:\n    ${BASE}\n    command: [sleep, "1000"]\n    x-flotilla: { role: worker, autoscale: ${rule} }\n`;
    const { id } = await apps.open(test.project('auto-app', { 'compose.yaml': compose }));
    const view = () => apps.get(id).services.find(({ name }) => name === 'worker')?.autoscale;
    expect(view()).toMatchObject({ on: false, min: 2, max: 4, by: ['10 waiting jobs for each'], news: [] });
    // What does not run cannot be scaled: said, and off again.
    apps.setAutoscale(id, 'worker', true);
    await expect.poll(() => view()?.news[0]).toMatchObject({ kind: 'off', reason: 'auto-app does not run.' });
    await apps.up(id, {});
    apps.setAutoscale(id, 'worker', true);
    await expect
      .poll(() => apps.get(id).workers.filter(({ service }) => service === 'worker').length, {
        ...PATIENCE,
      })
      .toBe(4);
    expect(view()).toMatchObject({ on: true });
    expect(view()?.news.slice(0, 2)).toMatchObject([
      { kind: 'scale', from: 1, wanted: 4, reason: '1 is outside of 2 to 4' },
      { kind: 'on' },
    ]);
    await expect.poll(() => view()?.last, PATIENCE).toMatchObject({ kind: 'look', from: 4, wanted: 4 });
    await apps.scale(id, 'worker', 3);
    expect(view()).toMatchObject({
      on: false,
      news: [{ kind: 'off', reason: 'set to 3 by hand' }, {}, {}, {}, {}],
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(apps.get(id).workers.filter(({ service }) => service === 'worker')).toHaveLength(3);
    apps.setAutoscale(id, 'worker', true);
    await apps.stop(id);
    expect(view()?.on).toBe(false);
    expect(view()?.news[0]).toMatchObject({ kind: 'off', reason: 'the app was stopped' });
    expect(() => apps.setAutoscale(id, 'main', true)).toThrow(/Nothing says how main/);
    await apps.down(id, {});
    expect(leftOf('auto-app')).toEqual([]);
  });

  it('refuses what cannot be followed', async () => {
    const { apps } = test.core;
    const compose = (more: string) =>
      `services:\n  worker:\n    ${BASE}\n    command: [sleep, "1000"]\n    ${more}\n`;
    const ask = async (name: string, more: string, options: object = {}) => {
      const app = await apps.open(test.project(name, { 'compose.yaml': compose(more) }));
      return apps.autoscale(app.id, { onNews: () => undefined, signal: stop.signal, ...options });
    };
    await expect(ask('auto-none', 'scale: 2')).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Nothing in auto-none says how to scale by itself.',
    });
    await expect(
      ask('auto-half', 'scale: 2', { services: ['worker'], change: { max: 3 } }),
    ).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const both = { services: ['worker'], change: { min: 4, max: 3, cpuTarget: 0.5 } };
    await expect(ask('auto-bounds', 'scale: 2', both)).rejects.toMatchObject({ code: 'invalid-input' });
    const good = { services: ['worker'], change: { max: 3, cpuTarget: 0.5 } };
    await expect(ask('auto-off', 'scale: 2', good)).rejects.toMatchObject({
      code: 'conflict',
      message: 'auto-off does not run.',
    });
    await expect(ask('auto-port', 'ports: ["18999:80"]', good)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/Host port 18999/),
    });
  });
});
