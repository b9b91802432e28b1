import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doorWords } from '#shared/domain/Door.ts';
import { docker, leftOf, startTestCore, type TestCore, testHost } from '../testCore.ts';
import { testOnSharedNetwork } from '../testSharedNetwork.ts';

const PATIENCE = { timeout: 60_000 };

/** The other engines are in a network of their own, where nothing of this machine can be reached. */
const usualHost = testOnSharedNetwork();

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore(testHost(), { keepDoors: true });
});
afterEach(async () => {
  await test.dispose();
});

const base =
  'image: busybox:latest\n    init: true\n    stop_grace_period: 0s\n    command: [sleep, "1000"]\n';
const compose = (more = 'replicas: { min: 1, max: 4 }', main = ''): string =>
  `services:\n  main:\n    ${base}    x-flotilla: { control: true }\n${main}  worker:\n    ${base}    scale: 2\n    x-flotilla: { role: worker, ${more} }\n  db:\n    ${base}`;
const up = async (name: string, text = compose()) => {
  const { id } = await test.core.apps.open(test.project(name, { 'compose.yaml': text }));
  await test.core.apps.up(id, {});
  return id;
};

interface Call {
  /** Default: what the container was told. */
  url?: string;
  token?: string;
  /** Sent to be scaled. */
  body?: string;
}

/** Shell words that call a door from a container, by `nc`: Debian's static busybox has a `wget` that crashes. */
function words({
  url = '$FLOTILLA_CONTROL_URL',
  token = '$FLOTILLA_CONTROL_TOKEN',
  body,
}: Call = {}): string {
  const head = body === undefined ? 'GET /v1/workers' : 'POST /v1/scale';
  const length =
    body === undefined ? '' : `Content-Type: application/json\\r\\nContent-Length: ${body.length}\\r\\n`;
  return `url="${url}"; at="\${url#http://}"; printf '${head} HTTP/1.1\\r\\nHost: %s\\r\\nAuthorization: Bearer %s\\r\\nConnection: close\\r\\n${length}\\r\\n%s' "$at" "${token}" '${body ?? ''}' | nc -w 10 "\${at%:*}" "\${at##*:}" 2>&1`;
}

/** Calls a door from a container and answers what comes back. */
const call = (container: string, sent: Call = {}): Promise<string> =>
  shell(container, `${words(sent)}; true`);
const look = (app: string): Promise<string> => call(`${app}-main-1`);
const ask = (app: string, body: string): Promise<string> => call(`${app}-main-1`, { body });
/** Not by execFileSync: the door is in this process, and would not answer meanwhile. */
async function shell(container: string, script: string): Promise<string> {
  const args = ['-H', testHost(), 'exec', container, 'timeout', '20', 'sh', '-c', script];
  return promisify(execFile)('docker', args, { timeout: 60_000 }).then(
    ({ stdout }) => stdout,
    (error: { message: string; stdout: string; stderr: string }) =>
      `No answer: ${error.stdout}${error.stderr} ${error.message}`,
  );
}
const told = (container: string) => {
  const env = JSON.parse(docker('inspect', '--format', '{{json .Config.Env}}', container)) as string[];
  const valueOf = (name: string) => env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  return { url: valueOf('FLOTILLA_CONTROL_URL') ?? '', token: valueOf('FLOTILLA_CONTROL_TOKEN') ?? '' };
};
const running = (app: string): number =>
  docker('ps', '-q', '--filter', `name=^${app}-worker-`).split('\n').filter(Boolean).length;
const decisions = (appId: string): string[] =>
  (test.core.apps.get(appId).services.find(({ name }) => name === 'main')?.door?.news ?? []).map(doorWords);
const isOpen = (appId: string): boolean =>
  test.core.apps.get(appId).services.find(({ name }) => name === 'main')?.door?.isOpen ?? false;
/** What comes of connecting from this machine. */
const knock = (url: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), timeout: 5_000 });
    socket.once('error', () => resolve('refused'));
    socket.once('timeout', () => socket.destroy());
    socket.once('data', () => resolve('answered'));
    socket.once('close', () => resolve('hung up'));
    socket.write('GET /v1/workers HTTP/1.0\r\n\r\n');
  });

describe('a control door', () => {
  it('lets a container see its workers and scale them within bounds', async () => {
    const id = await up('door-scale');
    const seen = await look('door-scale');
    expect(seen).toContain('HTTP/1.1 200');
    expect(JSON.parse(seen.slice(seen.indexOf('{"')))).toEqual({
      services: [
        {
          service: 'worker',
          replicas: 2,
          min: 1,
          max: 4,
          workers: [1, 2].map((index) => ({ index, state: 'running', exitCode: null, health: null })),
        },
      ],
    });
    expect(await ask('door-scale', '{"service":"worker","replicas":4}')).toContain(
      '{"service":"worker","from":2,"replicas":4}',
    );
    await expect.poll(() => running('door-scale'), PATIENCE).toBe(4);
    for (const [body, status] of [
      ['{"service":"worker","replicas":5}', 422],
      ['{"service":"worker","replicas":0}', 422],
      ['{"service":"main","replicas":2}', 403],
      ['{"service":"db","replicas":2}', 403],
      ['{"service":"nobody","replicas":2}', 404],
      ['{"service":"worker","replicas":-1}', 400],
    ] as const)
      expect(await ask('door-scale', body)).toContain(`HTTP/1.1 ${status}`);
    expect(decisions(id)).toEqual([
      'refused: a request to scale that was none: neither a service’s name nor a whole number from 0.',
      'refused: “nobody” is no worker service. There is worker.',
      'refused: db is a service, only workers may be scaled. There is worker.',
      'refused: main is a main, only workers may be scaled. There is worker.',
      'refused: worker may have 1 to 4 replicas, not 0.',
      'refused: worker may have 1 to 4 replicas, not 5.',
      'main asked for 4: worker 2 → 4',
      expect.stringMatching(/^open: main calls http:/),
    ]);
    // Of numbers that come at once the last one holds.
    const lines = [1, 4, 2, 3].map((replicas) =>
      words({ body: `{"service":"worker","replicas":${replicas}}` }),
    );
    await shell('door-scale-main-1', lines.join('; '));
    await expect.poll(() => running('door-scale'), PATIENCE).toBe(3);
    expect(test.core.apps.get(id).services.find(({ name }) => name === 'worker')?.requestedReplicas).toBe(3);
    await test.core.apps.down(id, {});
    expect(leftOf('door-scale')).toEqual([]);
  });

  it('answers its own main only, and shows its token nowhere', async () => {
    const id = await up('door-own');
    const other = await up('door-other');
    const { url, token } = told('door-own-main-1');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await call('door-own-main-1')).toContain('HTTP/1.1 200');
    expect(await call('door-own-main-1', { token: told('door-other-main-1').token })).toContain(
      'HTTP/1.1 401',
    );
    expect(await call('door-own-main-1', { token: '' })).toContain('HTTP/1.1 401');
    // A container of another app and this machine itself get no word, token or not.
    expect(await call('door-other-main-1', { url, token })).not.toContain('HTTP/1.1');
    expect(await knock(url)).toMatch(/^(hung up|refused)$/);
    expect(told('door-own-worker-1')).toEqual({ url: '', token: '' });

    const shown = [
      JSON.stringify([test.core.apps.get(id), test.core.apps.get(other), await test.core.apps.plan(id)]),
      docker('inspect', '--format', '{{json .Config.Labels}}', 'door-own-main-1'),
      ...filesBelow(join(test.folder, 'data')).map((file) => readFileSync(file, 'latin1')),
    ];
    expect(shown.filter((text) => text.includes(token))).toEqual([]);
    // Nor is it a setting: with another token there is nothing to do.
    expect((await test.core.apps.plan(id)).steps).toEqual([]);
  });

  it('is there again after Flotilla was restarted, and after main was', async () => {
    const id = await up('door-restart');
    const before = [
      docker('inspect', '--format', '{{.Id}}', 'door-restart-main-1'),
      told('door-restart-main-1'),
    ];
    await test.core.dispose();
    expect(await look('door-restart')).not.toContain('HTTP/1.1');
    await test.restart();
    await expect.poll(() => look('door-restart'), PATIENCE).toContain('HTTP/1.1 200');
    docker('stop', '-t', '0', 'door-restart-main-1');
    await expect.poll(() => decisions(id)[0], PATIENCE).toBe('closed: main does not run');
    docker('start', 'door-restart-main-1');
    // Not by a call from the container: this engine at times runs no command in one that was started again.
    await expect
      .poll(() => decisions(id)[0], PATIENCE)
      .toBe(`open: main calls ${told('door-restart-main-1').url}`);
    await test.core.apps.up(id, {});
    expect([
      docker('inspect', '--format', '{{.Id}}', 'door-restart-main-1'),
      told('door-restart-main-1'),
    ]).toEqual(before);
  });

  it('ends with stop and down: the next main has another token', async () => {
    const id = await up('door-stop');
    const first = told('door-stop-main-1');
    await test.core.apps.stop(id);
    expect(isOpen(id)).toBe(false);
    expect(await knock(first.url)).toBe('refused');
    expect(decisions(id)).toEqual(['closed: the app was stopped', `open: main calls ${first.url}`]);
    const { steps } = await test.core.apps.plan(id);
    expect(steps.find(({ subject }) => subject === 'main-1')).toMatchObject({
      kind: 'recreate-container',
      reason: 'its control door ended with it',
    });
    await test.core.apps.up(id, {});
    const second = told('door-stop-main-1');
    expect(second.token).not.toBe(first.token);
    expect(await look('door-stop')).toContain('HTTP/1.1 200');
    expect(await call('door-stop-main-1', { token: first.token })).toContain('HTTP/1.1 401');
    await test.core.apps.down(id, {});
    expect(await knock(second.url)).toBe('refused');
    expect(isOpen(id)).toBe(false);
  });

  it('leaves a service alone that is scaled by itself, and one without bounds', async () => {
    const id = await up(
      'door-auto',
      compose('autoscale: { min: 1, max: 3, queue: { command: [echo, "2"], per_worker: 1 }, interval: 1h }'),
    );
    test.core.apps.setAutoscale(id, 'worker', true);
    expect(await ask('door-auto', '{"service":"worker","replicas":3}')).toContain('HTTP/1.1 409');
    expect(decisions(id)[0]).toBe('refused: worker is scaled by itself now; Auto is on.');
    test.core.apps.setAutoscale(id, 'worker', false);
    expect(await ask('door-auto', '{"service":"worker","replicas":3}')).toContain('HTTP/1.1 202');
    await expect.poll(() => running('door-auto'), PATIENCE).toBe(3);

    const fixed = await up('door-fixed', compose(''));
    expect(await ask('door-fixed', '{"service":"worker","replicas":3}')).toContain('HTTP/1.1 403');
    expect(decisions(fixed)[0]).toMatch(
      /^refused: worker stays at 2: nothing says how far main may scale it\./,
    );
  });

  it('is there for a main in a study, which sees the run’s workers and cannot change their number', async () => {
    const isThere = `until ${words()} | grep -q '"index":2,"state":"running"'; do i=$((i+1)); test $i -gt 100 && exit 8; sleep 0.2; done`;
    const stays = `${words({ body: '{"service":"worker","replicas":3}' })} | grep -q "HTTP/1.1 409" || exit 9`;
    // The engine notes a start a moment after it, on a busy machine half a second: a main that has ended by then has no time.
    const script = `i=0; ${isThere}; ${stays}; sleep 1`.replaceAll('$', '$$$$');
    const text = compose().replace(
      'command: [sleep, "1000"]',
      // A function: dollars are dollars then.
      () => `command: ${JSON.stringify(['sh', '-c', script])}`,
    );
    const { id } = await test.core.apps.open(test.project('door-study', { 'compose.yaml': text }));
    const record = await test.core.studies.run(
      id,
      { workers: [2], repetitions: 1, cooldownMs: 0, timeoutMs: 60_000 },
      { signal: AbortSignal.timeout(120_000), onNews: () => undefined },
    );
    expect(record.runs.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['ok', undefined],
      ['ok', undefined],
    ]);
    expect(leftOf(record.plan.project)).toEqual([]);
  });

  it('works on an internal network', async () => {
    await up('door-internal', `${compose()}networks: { default: { internal: true } }\n`);
    expect(await look('door-internal')).toContain('HTTP/1.1 200');
  });

  it('is refused where the engine’s networks are not on this machine, and nothing of main is left', async () => {
    const elsewhere = await startTestCore(usualHost(), { keepDoors: true });
    try {
      const folder = elsewhere.project('door-away', { 'compose.yaml': compose() });
      const { id } = await elsewhere.core.apps.open(folder);
      await expect(elsewhere.core.apps.up(id, {})).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(
          'main cannot have a control door: the network door-away_default is not on',
        ) as string,
      });
      expect(elsewhere.core.apps.containers(id).filter(({ service }) => service === 'main')).toEqual([]);
      await elsewhere.core.apps.down(id, {});
    } finally {
      await elsewhere.dispose();
    }
  });

  it('says that it knows nothing while the engine is away', async () => {
    const socketPath = join(test.folder, 'cut.sock');
    const ends = new Set<Socket>();
    const proxy = createServer((socket) => {
      const onward = connect(testHost().replace('unix://', ''));
      for (const [one, another] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        ends.add(one);
        one.on('error', () => another.destroy()).on('close', () => another.destroy());
        one.pipe(another);
      }
    });
    await new Promise<void>((resolve) => proxy.listen(socketPath, resolve));
    const through = await startTestCore(`unix://${socketPath}`, { keepDoors: true });
    try {
      const folder = through.project('door-cut', { 'compose.yaml': compose() });
      const { id } = await through.core.apps.open(folder);
      await through.core.apps.up(id, {});
      expect(await look('door-cut')).toContain('HTTP/1.1 200');
      proxy.close();
      rmSync(socketPath, { force: true });
      for (const end of ends) end.destroy();
      await expect.poll(() => look('door-cut'), PATIENCE).toContain('HTTP/1.1 503');
      expect(await ask('door-cut', '{"service":"worker","replicas":3}')).toContain('HTTP/1.1 503');
      expect(running('door-cut')).toBe(2);
    } finally {
      proxy.close();
      await through.dispose();
    }
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path);
    return found.isDirectory() ? filesBelow(path) : found.isFile() ? [path] : [];
  });
}
