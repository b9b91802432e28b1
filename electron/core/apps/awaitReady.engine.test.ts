import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlotillaError } from '#shared/contract/errors.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const base = 'image: busybox:latest\n    init: true\n    stop_grace_period: 0s\n    ';
const check = (retries: number): string =>
  `healthcheck: { test: [CMD, test, -f, /ready], interval: 200ms, retries: ${retries} }\n    `;
const sleeping = `${base}command: [sleep, "1000"]\n`;
const open = async (name: string, services: string) =>
  (await test.core.apps.open(test.project(name, { 'compose.yaml': `services:\n${services}` }))).id;
const failure = (promise: Promise<unknown>): Promise<FlotillaError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: FlotillaError) => error,
  );
const stepOf = (appId: string): string => test.core.apps.get(appId).operations[0]?.step ?? '';

describe('apps.up that waits', () => {
  it('answers when what has a health check is healthy, and takes what ended with 0 for done', async () => {
    const id = await open(
      'wait-healthy',
      `  main:\n    ${check(1000)}${sleeping}  once:\n    ${base}command: ["true"]\n  worker:\n    scale: 2\n    ${sleeping}`,
    );
    let isUp = false;
    const up = test.core.apps.up(id, { wait: {} }).then(() => (isUp = true));
    await expect.poll(() => stepOf(id), { timeout: 60_000 }).toBe('Waiting: main-1 is not healthy yet');
    expect(isUp).toBe(false);
    expect(test.core.apps.get(id).status).toBe('starting');
    docker('exec', 'wait-healthy-main-1', 'touch', '/ready');
    await up;
    const phases = test.core.apps
      .get(id)
      .workers.map(({ key, phase, health }) => `${key} ${phase} ${health}`);
    expect(phases).toEqual([
      'main-1 running healthy',
      'once-1 done undefined',
      'worker-1 running undefined',
      'worker-2 running undefined',
    ]);
  });

  it('names the one that failed, its exit code and its last lines', async () => {
    const id = await open(
      'wait-failed',
      `  main:\n    ${check(1000)}${sleeping}  worker:\n    scale: 2\n    ${base}command: [sh, -c, 'for i in $$(seq 30); do echo line $$i; done; printf "\\033[31mno licence\\033[0m\\n"; exit 3']\n`,
    );
    const error = await failure(test.core.apps.up(id, { wait: {} }));
    expect(error.code).toBe('engine-error');
    expect(error.message).toMatch(/^worker-[12] ended with code 3\.$/);
    expect(error.detail).toMatchObject({ service: 'worker', exitCode: 3 });
    const log = error.detail?.['log'] as string[];
    expect(log).toHaveLength(10);
    expect(log.at(-1)).toBe('no licence');
    expect(log[0]).toBe('line 22');
    expect(test.core.apps.get(id).lastError?.message).toBe(error.message);
  });

  it('takes nothing for up that fails in its first moments, though it ran', async () => {
    const id = await open('wait-brief', `  main:\n    ${base}command: [sh, -c, 'sleep 0.2; exit 7']\n`);
    const error = await failure(test.core.apps.up(id, { wait: {} }));
    expect(error.message).toBe('main-1 ended with code 7.');
  });

  it('lets the engine start again what it is to start again', async () => {
    const id = await open(
      'wait-again',
      `  worker:\n    restart: on-failure:5\n    ${check(1000)}${base}command: [sh, -c, 'test -f /once && touch /ready && exec sleep 1000; touch /once; exit 1']\n`,
    );
    await test.core.apps.up(id, { wait: {} });
    expect(docker('inspect', '--format', '{{.RestartCount}} {{.State.Status}}', 'wait-again-worker-1')).toBe(
      '1 running',
    );
  });

  it('fails for one that is unhealthy, and when its time is up', async () => {
    const id = await open('wait-sick', `  main:\n    ${check(2)}${sleeping}`);
    expect(await failure(test.core.apps.up(id, { wait: {} }))).toMatchObject({
      code: 'engine-error',
      message: 'main-1 is unhealthy.',
      detail: { service: 'main', log: [] },
    });
    const other = await open('wait-late', `  main:\n    ${check(1000)}${sleeping}`);
    expect(await failure(test.core.apps.up(other, { wait: { timeoutMs: 1_500 } }))).toMatchObject({
      code: 'timeout',
      message: 'After 1.5 s main-1 is not healthy yet.',
    });
    expect(docker('inspect', '--format', '{{.State.Status}}', 'wait-late-main-1')).toBe('running');
  });

  it('ends at once when it is cancelled', async () => {
    const id = await open('wait-cancel', `  main:\n    ${check(1000)}${sleeping}`);
    const up = failure(test.core.apps.up(id, { wait: {} }));
    await expect.poll(() => stepOf(id), { timeout: 60_000 }).toMatch(/^Waiting/);
    test.core.apps.cancel(id, test.core.apps.get(id).operations[0]?.id ?? '');
    expect(await up).toMatchObject({ code: 'cancelled' });
    expect(docker('inspect', '--format', '{{.State.Status}}', 'wait-cancel-main-1')).toBe('running');
  });
});
