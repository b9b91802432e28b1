import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FollowedContainer, FromSpool, SpoolToViews } from '../threads/threadMessages.ts';
import { SpoolService } from '../threads/SpoolService.ts';

/** What no healthy engine does: broken frames, cut answers, silence. The healthy ones are in the engine tests. */
let folder: string;
let socket: string;
let service: SpoolService;
let requests: URLSearchParams[];
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[];
let server: ReturnType<typeof createServer>;
let out: FromSpool[];
let told: SpoolToViews[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-follow-'));
  socket = join(folder, 'engine.sock');
  requests = [];
  answers = [];
  out = [];
  told = [];
  server = createServer((request, response) => {
    requests.push(new URL(request.url ?? '', 'http://engine').searchParams);
    const answer = answers.shift();
    // An engine that has nothing more to say keeps the log open.
    if (answer === undefined) response.writeHead(200).flushHeaders();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  service = new SpoolService({ postMessage: (message) => void out.push(message) });
  service.attachViews({ postMessage: (message) => void told.push(message) });
});
afterEach(async () => {
  service.receive({ type: 'stop', id: 0 });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const container = (changes: Partial<FollowedContainer> = {}): FollowedContainer => ({
  id: 'c1',
  name: 'app-worker-1',
  worker: 'worker-1',
  service: 'worker',
  state: 'running',
  tty: false,
  starts: 0,
  ...changes,
});
const tell = (changes: Partial<FollowedContainer> = {}) =>
  service.receive({ type: 'containers', app: 'a', containers: [container(changes)], isComplete: true });
const start = (changes: Partial<FollowedContainer> = {}) => {
  service.receive({
    type: 'engine',
    place: { address: { kind: 'socket', socketPath: socket }, apiVersion: '1.41' },
  });
  service.receive({
    type: 'open',
    app: 'a',
    folder: join(folder, 'spool'),
    limitBytes: 1024 ** 3,
    backlogLines: 500,
    follow: true,
  });
  tell(changes);
  service.receiveFromViews({ type: 'subscribe', app: 'a' });
};

const line = (second: number, text: string, stream = 1) => {
  const payload = Buffer.from(`2026-11-24T08:00:${String(second).padStart(2, '0')}.000000000Z ${text}`);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
};
const send =
  (...pieces: Buffer[]) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200);
    for (const piece of pieces) response.write(piece);
  };
const state = () => {
  for (const message of [...told].reverse()) {
    if (message.type === 'state' || message.type === 'app') {
      const worker = message.state.workers[0];
      if (worker !== undefined) return worker;
    }
  }
  return undefined;
};
/** Lines kept, told by the index alone. */
const kept = () => {
  let lines = 0;
  for (const message of told)
    if (message.type === 'grown') {
      const { entries } = message.container;
      const last = entries.length - 16;
      lines = (entries[last + 4] as number) + (entries[last + 3] as number);
    }
  return lines;
};

describe('following a container’s log', () => {
  it('is settled once a log that is taken up again has given its first line, not before', async () => {
    answers = [send(line(1, 'one\n'))];
    start();
    await expect.poll(kept).toBe(1);
    service.receive({ type: 'stop', id: 1 });
    let speak = () => {};
    answers = [
      (_, response) => {
        response.writeHead(200).flushHeaders();
        speak = () => void response.write(Buffer.concat([line(1, 'one\n'), line(2, 'two\n')]));
      },
    ];
    start();
    await expect.poll(() => requests.length).toBe(2);
    service.receive({ type: 'settle', id: 2, app: 'a', limitMs: 60_000 });
    const replied = () => out.some((message) => message.type === 'reply' && message.id === 2);
    // Longer than the silence that tells of a log without news.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(replied()).toBe(false);
    speak();
    await expect.poll(replied, { timeout: 5_000 }).toBe(true);
    expect(kept()).toBe(2);
  });

  it('says what is wrong with a stream that is none, tries again, and goes on where it was', async () => {
    answers = [
      send(line(1, 'one\n'), line(2, 'two\n'), Buffer.from([7, 0, 0, 0, 0, 0, 0, 1, 1])),
      send(line(2, 'two\n'), line(3, 'three\n')),
    ];
    start();
    await expect.poll(() => state()?.message).toMatch(/frame type 7 does not exist/);
    await expect.poll(() => state()?.state).toBe('following');
    await expect.poll(kept).toBe(3);
    expect(requests.map((query) => [query.get('since'), query.get('tail')])).toEqual([
      [null, '500'],
      ['1795507202.000000000', '2000'],
    ]);
  });

  it('refuses a frame of 4 GiB', async () => {
    answers = [send(line(1, 'one\n'), Buffer.from([1, 0, 0, 0, 255, 255, 255, 255]))];
    start();
    await expect.poll(() => state()?.message).toMatch(/a frame claims 4294967295 bytes/);
  });

  it('does not count half a line of a broken connection, and reads it again whole', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200);
        response.write(line(1, 'one\n'));
        response.write(line(2, 'half'), () => setTimeout(() => response.destroy(), 50));
      },
      send(line(1, 'one\n'), line(2, 'half'), line(3, ' and whole\n')),
    ];
    start();
    await expect.poll(() => requests.length).toBe(2);
    await expect.poll(kept).toBe(2);
  });

  it('asks for the whole when the last part does not reach back to what is kept', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200);
        response.write(line(1, 'one\n'), () => setTimeout(() => response.destroy(), 50));
      },
      // The newest lines only: those between are missing.
      send(line(5, 'five\n')),
      send(line(1, 'one\n'), line(3, 'three\n'), line(5, 'five\n')),
    ];
    start();
    await expect.poll(kept).toBe(3);
    expect(requests.map((query) => query.get('tail'))).toEqual(['500', '2000', 'all']);
  });

  it('passes on what the engine says of a log that cannot be read, and asks no more until it is started again', async () => {
    const refuse = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'the disk is on fire' }));
    };
    answers = [refuse];
    start();
    await expect.poll(() => state()).toMatchObject({ state: 'unavailable', message: 'the disk is on fire' });
    tell();
    tell();
    expect(requests).toHaveLength(1);
    tell({ starts: 1 });
    await expect.poll(() => state()?.state).toBe('following');
  });

  it('ends with the container, takes what had no newline, and says how it ended', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200);
        response.write(line(1, 'one\n'));
        response.end(line(2, 'last words'));
      },
    ];
    start({
      state: 'exited',
      exitCode: 137,
      oomKilled: true,
      startedAt: 1_795_507_200_000,
      finishedAt: 1_795_507_205_000,
    });
    await expect.poll(() => state()?.state).toBe('ended');
    // started, two lines, exited
    await expect.poll(kept).toBe(4);
    tell({ state: 'exited', exitCode: 137, finishedAt: 1_795_507_205_000 });
    expect(requests).toHaveLength(1);
    expect(out.filter((message) => message.type === 'stream').map((message) => message.isOpen)).toEqual([
      true,
      false,
    ]);
  });

  it('keeps the lines of a container that is removed under it, and closes its stream', async () => {
    answers = [send(line(1, 'one\n'))];
    start();
    await expect.poll(kept).toBe(1);
    service.receive({ type: 'containers', app: 'a', containers: [], isComplete: false });
    expect(state()?.state).not.toBe('kept');
    service.receive({ type: 'containers', app: 'a', containers: [], isComplete: true });
    await expect.poll(() => state()?.state, { timeout: 5_000 }).toBe('kept');
    await expect.poll(kept).toBe(2);
    expect(out.at(-1)).toMatchObject({ type: 'stream', isOpen: false });
  });

  it('waits for an engine that is away and goes on when it is back', async () => {
    answers = [send(line(1, 'one\n'))];
    start();
    await expect.poll(kept).toBe(1);
    service.receive({ type: 'engine', place: null });
    server.closeAllConnections();
    await expect.poll(() => state()?.state).toBe('lost');
    answers = [send(line(1, 'one\n'), line(2, 'two\n'))];
    service.receive({
      type: 'engine',
      place: { address: { kind: 'socket', socketPath: socket }, apiVersion: '1.41' },
    });
    await expect.poll(kept).toBe(2);
    await expect.poll(() => state()?.state).toBe('following');
  });
});
