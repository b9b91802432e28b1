import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const SLEEP = 'image: busybox:latest, command: [sleep, "1000"], stop_grace_period: 0s';
/** Nothing starts before `/ready` is in the gate. */
const compose = `services:
  gate: { ${SLEEP}, healthcheck: { test: [CMD, test, -f, /ready], interval: 100ms, timeout: 5s, retries: 10000 } }
  main: { ${SLEEP}, depends_on: { gate: { condition: service_healthy } } }
  worker: { ${SLEEP}, depends_on: [main], scale: 2 }
`;
/** States by name. */
const states = (project: string): Record<string, string> =>
  Object.fromEntries(
    docker('ps', '-a', '--format', '{{.Names}} {{.State}}', '--filter', `name=^${project}-`)
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(project.length + 1).split(' ') as [string, string]),
  );
const HELD = { 'gate-1': 'running', 'main-1': 'created', 'worker-1': 'created', 'worker-2': 'created' };

describe('what waits for others while an app starts', () => {
  it('is made meanwhile, and started when they are there; a number asked for meanwhile is kept for then', async () => {
    const { id } = await test.core.apps.open(test.project('held', { 'compose.yaml': compose }));
    const up = test.core.apps.up(id, {});
    await expect.poll(() => states('held')).toEqual(HELD);
    const made = docker('inspect', '--format', '{{.Id}}', 'held-main-1', 'held-worker-2');
    await test.core.apps.scale(id, 'worker', 3);
    expect(states('held')).toEqual(HELD);
    docker('exec', 'held-gate-1', 'touch', '/ready');
    await up;
    expect(states('held')).toEqual({
      'gate-1': 'running',
      'main-1': 'running',
      'worker-1': 'running',
      'worker-2': 'running',
      'worker-3': 'running',
    });
    expect(docker('inspect', '--format', '{{.Id}}', 'held-main-1', 'held-worker-2')).toBe(made);
    const [main, worker] = docker(
      'inspect',
      '--format',
      '{{.State.StartedAt}}',
      'held-main-1',
      'held-worker-1',
    ).split('\n');
    expect(new Date(worker ?? '').getTime()).toBeGreaterThanOrEqual(new Date(main ?? '').getTime());
  });

  it('is removed again when the start is cancelled, or what it waits for fails', async () => {
    const { id } = await test.core.apps.open(test.project('unheld', { 'compose.yaml': compose }));
    const cancel = new AbortController();
    const up = test.core.apps.up(id, { signal: cancel.signal });
    await expect.poll(() => states('unheld')).toEqual({ ...HELD });
    cancel.abort();
    await expect(up).rejects.toMatchObject({ code: 'cancelled' });
    expect(states('unheld')).toEqual({ 'gate-1': 'running' });

    const again = test.core.apps.up(id, {});
    await expect.poll(() => states('unheld')).toEqual({ ...HELD });
    docker('kill', 'unheld-gate-1');
    await expect(again).rejects.toThrow(
      'main waits for gate to be healthy, but unheld-gate-1 ended with code 137',
    );
    expect(states('unheld')).toEqual({ 'gate-1': 'exited' });
  });
});
