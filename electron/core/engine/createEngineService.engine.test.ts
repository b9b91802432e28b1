import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineState } from '#shared/domain/Engine.ts';
import { createFileStore } from '../store/FileStore.ts';
import { docker, testHost } from '../testCore.ts';
import { createEngineService } from './createEngineService.ts';
import type { EngineService } from './EngineApi.ts';

/** A door before the real engine that can be shut, opened and stuffed. */
class Door {
  readonly path: string;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  isDeaf = false;

  constructor(path: string) {
    this.path = path;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      if (this.isDeaf) return;
      const engine = connect(testHost().slice('unix://'.length));
      this.#sockets.add(engine);
      socket.on('error', () => engine.destroy());
      engine.on('error', () => socket.destroy());
      socket.pipe(engine).pipe(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }
}

const LABEL = 'com.docker.compose.project=engine-test';
let folder: string;
let door: Door;
let engine: EngineService;
let states: EngineState['phase'][];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-engine-'));
  door = new Door(join(folder, 'door.sock'));
  states = [];
});
afterEach(async () => {
  await engine.dispose();
  expect(engine.liveStreams.count).toBe(0);
  await door.shut();
  const left = docker('ps', '-aq', '--filter', `label=${LABEL}`);
  if (left !== '') docker('rm', '-f', ...left.split('\n'));
  rmSync(folder, { recursive: true, force: true });
});

function start(): void {
  engine = createEngineService({
    dataFolder: join(folder, 'data'),
    env: {},
    homeDirectory: folder,
    store: createFileStore(join(folder, 'data')),
    onlyHost: `unix://${door.path}`,
  });
  engine.onState((state) => states.push(state.phase));
  engine.start();
}

const run = (name: string, ...command: string[]) =>
  docker(
    'run',
    '-d',
    '--init',
    '--label',
    LABEL,
    '--label',
    'com.docker.compose.service=a',
    '--label',
    'com.docker.compose.container-number=1',
    '--name',
    `engine-test-${name}`,
    'busybox:latest',
    ...command,
  );
const seen = () =>
  [...engine.snapshot.containers.values()]
    .filter((record) => record.project === 'engine-test')
    .map((record) => `${record.name} ${record.state}`)
    .sort();

describe('the engine connection', () => {
  it('finds nothing, says why, and notices by itself when an engine comes', async () => {
    start();
    await expect.poll(() => engine.state.phase).toBe('none');
    expect(engine.state).toMatchObject({
      probes: [{ answered: false, reason: { code: 'engine-unavailable' } }],
    });
    expect(() => engine.client()).toThrow(
      /^No container engine answers\. Given with --host: There is no engine socket at/,
    );
    await door.open();
    await expect.poll(() => engine.state.phase, { timeout: 10_000 }).toBe('ready');
    expect(engine.state).toMatchObject({
      info: { product: 'Docker', apiVersion: expect.stringMatching(/^1\.\d+$/) as string },
    });
  });

  it('follows containers by events: made, started, ended, gone', async () => {
    await door.open();
    start();
    await engine.whenReady(10_000);
    const changes: string[] = [];
    engine.onSnapshot((change) => change.kind === 'container' && changes.push(change.action));
    run('one', 'sleep', '1000');
    await expect.poll(seen).toEqual(['engine-test-one running']);
    docker('kill', 'engine-test-one');
    await expect.poll(seen).toEqual(['engine-test-one exited']);
    await expect
      .poll(() =>
        [...engine.snapshot.containers.values()].find((record) => record.name === 'engine-test-one'),
      )
      .toMatchObject({ exitCode: 137, oomKilled: false, tty: false, service: 'a', index: 1 });
    docker('rm', 'engine-test-one');
    await expect.poll(seen).toEqual([]);
    expect(changes).toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']));
    expect(engine.liveStreams.list()).toMatchObject([{ purpose: 'events' }]);
  });

  it('loses and finds it again by itself: the last list stays, what changed meanwhile is learned, one event stream', async () => {
    await door.open();
    start();
    await engine.whenReady(10_000);
    run('one', 'sleep', '1000');
    run('two', 'sleep', '1000');
    await expect.poll(seen).toEqual(['engine-test-one running', 'engine-test-two running']);
    await door.shut();
    await expect.poll(() => engine.state.phase, { timeout: 2_000 }).toBe('lost');
    expect(engine.state).toMatchObject({
      reason: { code: 'engine-unavailable' },
      nextRetryAt: expect.any(Number) as number,
    });
    expect(seen()).toHaveLength(2);
    expect(engine.snapshot.fresh).toBe(false);
    expect(engine.liveStreams.count).toBe(0);
    expect(() => engine.client()).toThrow(/^The connection to the engine is lost/);
    docker('rm', '-f', 'engine-test-one');
    run('three', 'sleep', '1000');
    await door.open();
    await expect.poll(() => engine.state.phase, { timeout: 10_000 }).toBe('ready');
    expect(seen()).toEqual(['engine-test-three running', 'engine-test-two running']);
    expect(engine.liveStreams.list()).toMatchObject([{ purpose: 'events' }]);
    expect(states.filter((phase) => phase === 'ready')).toHaveLength(2);
  });

  it('is lost when the engine hangs, and retries at once when asked', async () => {
    await door.open();
    start();
    await engine.whenReady(10_000);
    await door.shut();
    door.isDeaf = true;
    await door.open();
    await expect.poll(() => engine.state.phase).toBe('lost');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(engine.state.phase).toBe('lost');
    await door.shut();
    door.isDeaf = false;
    await door.open();
    expect((await engine.retry()).phase).toBe('ready');
  });

  it('rejects waiting callers with the reason, in time', async () => {
    start();
    await expect(engine.whenReady(300)).rejects.toMatchObject({ code: 'engine-unavailable' });
    await expect(engine.connect('nonsense')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('keeps up with a burst of events', async () => {
    await door.open();
    start();
    await engine.whenReady(10_000);
    run('burst', 'sleep', '1000');
    for (let round = 0; round < 15; round += 1) {
      docker('pause', 'engine-test-burst');
      docker('unpause', 'engine-test-burst');
    }
    docker('rm', '-f', 'engine-test-burst');
    await expect.poll(seen).toEqual([]);
  });
});
