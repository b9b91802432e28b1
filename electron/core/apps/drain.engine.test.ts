import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planDigest } from '#shared/reconcile/planDigest.ts';
import { docker, leftOf, startTestCore, type TestCore } from '../testCore.ts';
import { testOnSharedNetwork } from '../testSharedNetwork.ts';

const PATIENCE = { timeout: 60_000 };

/** In this machine's network: an address of a container is asked from here. */
testOnSharedNetwork();
let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const base = 'image: busybox:latest\n    init: true\n    stop_grace_period: 5s\n    volumes: ["out:/out"]\n';
const up = async (
  name: string,
  extension: string,
  command = `[sh, -c, 'trap "echo term >> /out/log; exit 0" TERM; while :; do sleep 0.1; done']`,
) => {
  const { id } = await test.core.apps.open(
    test.project(name, {
      'compose.yaml': `services:\n  main:\n    ${base}    command: [sleep, "1000"]\n  worker:\n    ${base}    command: ${command}\n    scale: 3\n    x-flotilla: { role: worker, ${extension} }\nvolumes: { out: {} }\n`,
    }),
  );
  await test.core.apps.up(id, {});
  return id;
};
const workers = (app: string): string[] =>
  docker('ps', '--format', '{{.Names}}', '--filter', `name=^${app}-worker-`)
    .split('\n')
    .map((name) => name.slice(app.length + 1))
    .sort();
const logOf = (app: string): string => docker('exec', `${app}-main-1`, 'cat', '/out/log');
const operation = (id: string) => test.core.apps.get(id).operations[0];
const requested = (id: string) =>
  test.core.apps.get(id).services.find(({ name }) => name === 'worker')?.requestedReplicas;

describe('draining', () => {
  const slow = `drain: { command: [sh, -c, 'until [ -f /out/go ]; do sleep 0.1; done; echo drained >> /out/log'] }`;

  it('lets a worker end its work before its stop signal, when it is scaled away and when the app is stopped', async () => {
    const id = await up('drain-wait', slow);
    const scaling = test.core.apps.scale(id, 'worker', 2);
    await expect.poll(() => operation(id)?.step, PATIENCE).toBe('Draining worker-3');
    expect(workers('drain-wait')).toEqual(['worker-1', 'worker-2', 'worker-3']);
    docker('exec', 'drain-wait-main-1', 'touch', '/out/go');
    await scaling;
    expect(workers('drain-wait')).toEqual(['worker-1', 'worker-2']);
    expect(logOf('drain-wait')).toBe('drained\nterm');
    expect(test.core.apps.get(id).lastError).toBeUndefined();
    await test.core.apps.stop(id);
    docker('start', 'drain-wait-main-1');
    expect(
      docker('cp', '-L', 'drain-wait-main-1:/out/log', '-')
        .match(/drained|term/g)
        ?.sort(),
    ).toEqual(['drained', 'drained', 'drained', 'term', 'term', 'term']);
  });

  it('is broken off by Cancel: the worker runs on', async () => {
    const id = await up('drain-cancel', slow);
    const scaling = test.core.apps.scale(id, 'worker', 2).catch((error: unknown) => error);
    await expect.poll(() => operation(id)?.step, PATIENCE).toBe('Draining worker-3');
    test.core.apps.cancel(id, operation(id)?.id ?? '');
    expect(await scaling).toMatchObject({ code: 'cancelled' });
    expect(workers('drain-cancel')).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect(requested(id)).toBe(3);
    expect(test.core.apps.get(id).workers.map(({ phase }) => phase)).toEqual(Array(4).fill('running'));
  });

  it.each(['stop', 'down'] as const)(
    'can be cancelled while the app is to %s: all of it runs on',
    async (word) => {
      const name = `drain-${word}`;
      const id = await up(name, slow);
      const ending = (word === 'stop' ? test.core.apps.stop(id) : test.core.apps.down(id, {})).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => operation(id)?.step, PATIENCE).toMatch(/^Draining worker-\d$/);
      expect(operation(id)).toMatchObject({ kind: word, cancellable: true });
      test.core.apps.cancel(id, operation(id)?.id ?? '');
      expect(await ending).toMatchObject({ code: 'cancelled', hint: expect.stringContaining('runs on') });
      expect(workers(name)).toEqual(['worker-1', 'worker-2', 'worker-3']);
      const { operations, lastError, status } = test.core.apps.get(id);
      expect({ operations, lastError, status }).toEqual({
        operations: [],
        lastError: undefined,
        status: 'running',
      });
      // What was broken off is taken up: the hook runs again, and then the app ends.
      docker('exec', `${name}-main-1`, 'touch', '/out/go');
      await test.core.apps.down(id, { volumes: true });
      expect(leftOf(name)).toEqual([]);
    },
  );

  it.each([
    ['fail', `command: [sh, -c, 'echo no queue >&2; exit 3']`, /ended with exit code 3: no queue\.$/],
    ['missing', 'command: [nowhere]', /nowhere/],
    ['late', 'command: [sleep, "1000"], timeout: 300ms', /it was not done after 0\.3 s\.$/],
    [
      'http',
      'http: { port: 8099, path: /drain }',
      /http:\/\/[\d.]+:8099\/drain cannot be asked: .*ECONNREFUSED/,
    ],
  ])('that goes wrong (%s) is told and stops nothing', async (name, hook, reason) => {
    const id = await up(`drain-${name}`, `drain: { ${hook} }`);
    await test.core.apps.scale(id, 'worker', 2);
    expect(workers(`drain-${name}`)).toEqual(['worker-1', 'worker-2']);
    const { lastError } = test.core.apps.get(id);
    expect(lastError?.message).toMatch(/^worker-3 was ended although its drain failed: /);
    expect(lastError?.message).toMatch(reason);
  });
});

describe('scaling down by load', () => {
  const set = (app: string, index: number, load: string): void =>
    void docker(
      'exec',
      `${app}-worker-${index}`,
      'sh',
      '-c',
      `mkdir -p /www/cgi-bin; echo ${load} > /www/load`,
    );

  it.each([
    ['command', '[sleep, "1000"]', 'command: [cat, /www/load]'],
    ['http', '[sh, -c, "mkdir -p /www; httpd -f -p 8080 -h /www"]', 'http: { port: 8080, path: /load }'],
  ])(
    'takes the idle first, then those with least to do, and gives their numbers again (%s)',
    async (name, command, hook) => {
      const app = `load-${name}`;
      const id = await up(app, `load: { ${hook} }`, command);
      set(app, 1, '0 jobs');
      set(app, 2, '5');
      // worker-3 tells nothing, and might be busy.
      await test.core.apps.scale(id, 'worker', 2);
      expect(workers(app)).toEqual(['worker-2', 'worker-3']);
      await test.core.apps.scale(id, 'worker', 3);
      expect(workers(app)).toEqual(['worker-1', 'worker-2', 'worker-3']);
      set(app, 1, '7');
      set(app, 3, '0.5');
      await test.core.apps.scale(id, 'worker', 1);
      expect(workers(app)).toEqual(['worker-1']);
      expect(docker('inspect', '--format', '{{json .Config.Env}}', `${app}-worker-1`)).toContain(
        'WORKER_INDEX=1',
      );
    },
  );

  it('takes the idle first also when it is up that brings a lower number about', async () => {
    const id = await up('load-up', 'load: { command: [cat, /www/load] }', '[sleep, "1000"]');
    set('load-up', 1, '0');
    set('load-up', 2, '4');
    set('load-up', 3, '4');
    const file = join(test.folder, 'load-up/compose.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('scale: 3', 'scale: 2'));
    const plan = await test.core.apps.plan(id);
    expect(plan.steps.map(({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`)).toEqual([
      'remove-container worker-1: the number is 2 and three run; those with least to do go first',
    ]);
    // Who agreed to that has agreed to the idle one, whichever it is by now.
    set('load-up', 1, '9');
    set('load-up', 2, '0');
    await test.core.apps.up(id, { expected: planDigest(plan) });
    expect(workers('load-up')).toEqual(['worker-1', 'worker-3']);
    expect((await test.core.apps.plan(id)).steps).toEqual([]);
  });

  it('takes what does not run before what is idle', async () => {
    const id = await up('load-ended', 'load: { command: [cat, /www/load] }', '[sleep, "1000"]');
    set('load-ended', 1, '3');
    set('load-ended', 2, '0');
    set('load-ended', 3, '0');
    docker('kill', 'load-ended-worker-1');
    await expect
      .poll(() => test.core.apps.get(id).workers.find(({ key }) => key === 'worker-1')?.phase, PATIENCE)
      .not.toBe('running');
    await test.core.apps.scale(id, 'worker', 2);
    expect(workers('load-ended')).toEqual(['worker-2', 'worker-3']);
    // Of those that are equally idle the newest goes.
    await test.core.apps.scale(id, 'worker', 1);
    expect(workers('load-ended')).toEqual(['worker-2']);
  });
});
