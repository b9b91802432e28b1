import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import type { ClientMessage, ServerMessage } from '#shared/contract/wire.ts';
import { createWebClient } from './createWebClient.ts';

let server: WebSocketServer;
let sockets: ServerSocket[];
let received: ClientMessage[];
let client: ReturnType<typeof createWebClient>;
let refused: boolean;

async function listen(port = 0): Promise<number> {
  server = new WebSocketServer({ host: '127.0.0.1', port });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()) as ClientMessage));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const reply = (message: ServerMessage) => sockets.at(-1)?.send(JSON.stringify(message));
const close = () => {
  for (const socket of sockets) socket.terminate();
  return new Promise((resolve) => server.close(resolve));
};

let port: number;
beforeEach(async () => {
  sockets = [];
  received = [];
  refused = false;
  port = await listen();
  client = createWebClient(`ws://127.0.0.1:${port}/ws`, () => Promise.resolve(refused));
});
afterEach(async () => {
  client.dispose();
  await close();
});

describe('the web client', () => {
  it('sends what was asked before the socket was open, and gives answers to whom they belong', async () => {
    const one = client.call('apps.get', { appId: 'a' });
    const two = client.call('apps.get', { appId: 'b' });
    await expect.poll(() => received.length).toBe(2);
    const [first, second] = received;
    reply({ type: 'result', id: second?.id ?? 0, value: 'B' });
    reply({
      type: 'error',
      id: first?.id ?? 0,
      error: { code: 'not-found', message: 'No.', hint: 'Open it.' },
    });
    expect(await two).toBe('B');
    await expect(one).rejects.toMatchObject({ code: 'not-found', message: 'No.', hint: 'Open it.' });
  });

  it('tells the other side of a cancelled call', async () => {
    const abort = new AbortController();
    const call = client.call('apps.up', { appId: 'a' }, { signal: abort.signal });
    await expect.poll(() => received.length).toBe(1);
    abort.abort();
    await expect.poll(() => received.at(-1)).toEqual({ type: 'cancel', id: received[0]?.id });
    reply({ type: 'error', id: received[0]?.id ?? 0, error: { code: 'cancelled', message: 'Cancelled.' } });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('grants credit only when a batch was taken, and hands over all before the end', async () => {
    const taken: unknown[] = [];
    let release = (): void => undefined;
    let ended = 0;
    client.stream(
      'apps',
      {},
      {
        onBatch: (items) => {
          taken.push(...items);
          return new Promise<void>((resolve) => (release = resolve));
        },
        onEnd: () => (ended += 1),
      },
    );
    await expect.poll(() => received.length).toBe(1);
    const id = received[0]?.id ?? 0;
    expect(received[0]).toMatchObject({ type: 'open', name: 'apps', credit: 4 });
    reply({ type: 'batch', id, items: [1] });
    reply({ type: 'batch', id, items: [2] });
    reply({ type: 'end', id });
    await expect.poll(() => taken).toEqual([1]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(received).toHaveLength(1);
    expect(ended).toBe(0);
    release();
    await expect.poll(() => taken).toEqual([1, 2]);
    release();
    await expect.poll(() => ended).toBe(1);
  });

  it('hears nothing more of a stream that it closed', async () => {
    const taken: unknown[] = [];
    let ended = 0;
    const stream = client.stream(
      'apps',
      {},
      { onBatch: (items) => void taken.push(...items), onEnd: () => (ended += 1) },
    );
    await expect.poll(() => received.length).toBe(1);
    stream.close();
    reply({ type: 'batch', id: received[0]?.id ?? 0, items: [1] });
    await expect.poll(() => received.at(-1)?.type).toBe('cancel');
    expect(taken).toEqual([]);
    expect(ended).toBe(0);
  });

  it('ends everything with “disconnected” when the socket breaks, refuses meanwhile, and comes back by itself', async () => {
    const phases: string[] = [];
    client.onConnection((state) => phases.push(state.phase));
    const call = client.call('apps.get', { appId: 'a' });
    let end: unknown;
    client.stream('apps', {}, { onBatch: () => undefined, onEnd: (error) => (end = error?.code) });
    await expect.poll(() => received.length).toBe(2);
    await close();
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    expect(end).toBe('disconnected');
    await expect(client.call('apps.get', { appId: 'b' })).rejects.toMatchObject({ code: 'disconnected' });
    await listen(port);
    await expect.poll(() => client.connection.phase, { timeout: 5_000 }).toBe('open');
    expect(phases[0]).toBe('open');
    expect(phases).toContain('lost');
    const again = client.call('apps.get', { appId: 'c' });
    await expect.poll(() => received.length).toBe(3);
    reply({ type: 'result', id: received[2]?.id ?? 0, value: 'C' });
    expect(await again).toBe('C');
  });

  it('keeps one socket when a retry is asked for while another attempt is under way', async () => {
    await expect.poll(() => client.connection.phase).toBe('open');
    await close();
    await expect.poll(() => client.connection.phase).toBe('lost');
    sockets = [];
    received = [];
    await listen(port);
    client.reconnect();
    client.reconnect();
    client.reconnect();
    await expect.poll(() => client.connection.phase).toBe('open');
    const call = client.call('apps.get', { appId: 'a' });
    await expect.poll(() => received.length).toBe(1);
    reply({ type: 'result', id: received[0]?.id ?? 0, value: 'A' });
    expect(await call).toBe('A');
    await expect.poll(() => sockets.filter((socket) => socket.readyState === socket.OPEN).length).toBe(1);
  });

  it('leaves nobody waiting who called while the server was asked whether it knows this browser', async () => {
    let answer = (_refused: boolean): void => undefined;
    await close();
    client.dispose();
    client = createWebClient(
      `ws://127.0.0.1:${port}/ws`,
      () => new Promise<boolean>((resolve) => (answer = resolve)),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const call = client.call('apps.get', { appId: 'a' });
    let end: unknown;
    client.stream('apps', {}, { onBatch: () => undefined, onEnd: (error) => (end = error?.code) });
    answer(true);
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    expect(end).toBe('disconnected');
    expect(client.connection.phase).toBe('refused');
    await listen(port);
  });

  it('stops trying where the server does not know this browser any more', async () => {
    await expect.poll(() => client.connection.phase).toBe('open');
    refused = true;
    await close();
    await expect.poll(() => client.connection.phase, { timeout: 5_000 }).toBe('refused');
    await listen(port);
  });
});
