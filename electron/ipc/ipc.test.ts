import { describe, expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import { MAX_CALLS_IN_FLIGHT, MAX_OPEN_STREAMS, type ServerMessage } from '#shared/contract/wire.ts';
import { LatestQueue } from './LatestQueue.ts';
import { type CallHandlers, createRouter, type Router, type StreamHandlers } from './Router.ts';
import { serveConnection } from './serveConnection.ts';

const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** A router whose `apps.get` echoes and whose `logs` counts how often it was pulled. */
function counting() {
  const state = { pulled: 0, returned: 0, calls: 0, aborted: 0 };
  const router: Router = createRouter({
    calls: {
      'apps.get': ({ appId }: { appId: string }) => {
        state.calls += 1;
        if (appId === 'nobody')
          throw new FlotillaError('not-found', 'This app is not on the list.', { hint: 'Open it.' });
        if (appId === 'bug') throw new TypeError('x is undefined');
        return { id: appId };
      },
      'apps.reload': (_: unknown, signal: AbortSignal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            state.aborted += 1;
            reject(new FlotillaError('cancelled', 'Cancelled.'));
          }),
        ),
    } as unknown as CallHandlers,
    streams: {
      logs: async function* (_: unknown, signal: AbortSignal) {
        try {
          while (!signal.aborted) {
            state.pulled += 1;
            yield [{ kind: 'lines', lines: [] }];
          }
        } finally {
          state.returned += 1;
        }
      },
      // oxlint-disable-next-line require-yield -- it fails before its first batch
      engineState: async function* () {
        await settle(1);
        throw new FlotillaError('engine-unavailable', 'gone');
      },
    } as unknown as StreamHandlers,
  });
  return { router, state };
}

describe('Router (group 61)', () => {
  const ask = (name: string, input: unknown) =>
    counting().router.call(name, input, new AbortController().signal);

  it.each([
    ['docker.request', {}, 'not-found', 'There is no call “docker.request”.'],
    ['__proto__', {}, 'not-found', 'There is no call “__proto__”.'],
    ['constructor', {}, 'not-found', 'There is no call “constructor”.'],
    ['apps.get', {}, 'invalid-input', 'apps.get was asked with wrong input: appId: '],
    ['apps.get', { appId: 'x', more: 1 }, 'invalid-input', 'Unrecognized key: "more"'],
    ['apps.get', { appId: 'x'.repeat(200) }, 'invalid-input', 'appId: '],
    ['apps.get', null, 'invalid-input', 'input: '],
    ['apps.get', ['x'], 'invalid-input', 'input: '],
  ])('refuses %s %j', async (name, input, code, message) => {
    await expect(ask(name, input)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([-1, 1.5, 1e9, Number.NaN, '8', null, Number.POSITIVE_INFINITY])(
    'refuses %s replicas (group 15)',
    async (replicas) => {
      await expect(ask('apps.scale', { appId: 'x', service: 'w', replicas })).rejects.toMatchObject({
        code: 'invalid-input',
        message: expect.stringContaining('replicas') as string,
      });
    },
  );

  it('survives a cyclic object', async () => {
    const cyclic: Record<string, unknown> = { appId: 'x' };
    cyclic['self'] = cyclic;
    await expect(ask('apps.get', cyclic)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('refuses a stream that is not there', () => {
    expect(() => counting().router.stream('everything', {}, new AbortController().signal)).toThrow(
      'There is no stream “everything”.',
    );
  });
});

describe('serveConnection', () => {
  function connect() {
    const { router, state } = counting();
    const sent: ServerMessage[] = [];
    return { connection: serveConnection(router, (message) => sent.push(message)), sent, state };
  }

  it('answers calls, failures and faults', async () => {
    const { connection, sent } = connect();
    for (const [id, appId] of [
      [1, 'a'],
      [2, 'nobody'],
      [3, 'bug'],
    ] as const)
      connection.receive({ type: 'call', id, name: 'apps.get', input: { appId } });
    await settle();
    expect(sent).toEqual([
      { type: 'result', id: 1, value: { id: 'a' } },
      {
        type: 'error',
        id: 2,
        error: { code: 'not-found', message: 'This app is not on the list.', hint: 'Open it.' },
      },
      {
        type: 'error',
        id: 3,
        error: expect.objectContaining({
          code: 'internal',
          message: 'Unexpected failure: x is undefined',
        }) as object,
      },
    ]);
  });

  it.each([
    undefined,
    null,
    5,
    'text',
    [],
    {},
    { type: 'call' },
    { type: 'call', id: -1, name: 'x', input: {} },
    { type: 'call', id: 1, name: 'x', input: {}, more: 1 },
    { type: 'open', id: 1, name: 'logs', input: {}, credit: 1000 },
    { type: 'eval', id: 1 },
  ])('answers %j with an error and lives on', async (message) => {
    const { connection, sent } = connect();
    connection.receive(message);
    connection.receive({ type: 'call', id: 9, name: 'apps.get', input: { appId: 'a' } });
    await settle();
    expect(sent[0]).toMatchObject({
      type: 'error',
      error: { code: 'invalid-input', message: 'The message does not follow the protocol.' },
    });
    expect(sent[1]).toMatchObject({ type: 'result', id: 9 });
  });

  it('pulls a stream no further than its credit', async () => {
    const { connection, sent, state } = connect();
    connection.receive({ type: 'open', id: 1, name: 'logs', input: { appId: 'a' }, credit: 3 });
    await settle();
    expect(sent.filter((message) => message.type === 'batch')).toHaveLength(3);
    expect(state.pulled).toBe(3);
    connection.receive({ type: 'credit', id: 1, count: 2 });
    await settle();
    expect(sent.filter((message) => message.type === 'batch')).toHaveLength(5);
    connection.receive({ type: 'cancel', id: 1 });
    await settle();
    expect(state.returned).toBe(1);
    expect(sent.at(-1)).toEqual({ type: 'end', id: 1 });
  });

  it('opens nothing at zero credit, and ends with an error where the source fails', async () => {
    const { connection, sent, state } = connect();
    connection.receive({ type: 'open', id: 1, name: 'logs', input: { appId: 'a' }, credit: 0 });
    connection.receive({ type: 'open', id: 2, name: 'engineState', input: {}, credit: 1 });
    await settle(20);
    expect(state.pulled).toBe(0);
    expect(sent).toEqual([{ type: 'error', id: 2, error: { code: 'engine-unavailable', message: 'gone' } }]);
  });

  it('cancels a call, refuses an id twice, and holds 10,000 calls at the limit', async () => {
    const { connection, sent, state } = connect();
    for (let id = 0; id < 10_000; id += 1)
      connection.receive({ type: 'call', id, name: 'apps.reload', input: { appId: 'a' } });
    connection.receive({ type: 'call', id: 0, name: 'apps.reload', input: { appId: 'a' } });
    await settle();
    expect(
      sent.filter((message) => message.type === 'error' && message.error.code === 'conflict'),
    ).toHaveLength(10_000 - MAX_CALLS_IN_FLIGHT + 1);
    connection.receive({ type: 'cancel', id: 5 });
    await settle();
    expect(sent.at(-1)).toMatchObject({ type: 'error', id: 5, error: { code: 'cancelled' } });
    expect(state.aborted).toBe(1);
  });

  it('holds streams at the limit, and ends all when the consumer goes, but no call', async () => {
    const { connection, sent, state } = connect();
    connection.receive({ type: 'call', id: 1_000, name: 'apps.reload', input: { appId: 'a' } });
    for (let id = 0; id <= MAX_OPEN_STREAMS; id += 1)
      connection.receive({ type: 'open', id, name: 'logs', input: { appId: 'a' }, credit: 1 });
    await settle();
    expect(sent.filter((message) => message.type === 'error')).toMatchObject([
      { id: MAX_OPEN_STREAMS, error: { code: 'conflict' } },
    ]);
    connection.close();
    await settle();
    expect(state.returned).toBe(MAX_OPEN_STREAMS);
    expect(state.aborted).toBe(0);
  });
});

describe('LatestQueue', () => {
  it('holds one value a key however slow the reader, the newest last', async () => {
    const queue = new LatestQueue<string>();
    const abort = new AbortController();
    const batches = queue.batches(abort.signal, 0);
    queue.put('a', 'a1');
    queue.put('b', 'b1');
    queue.put('a', 'a2');
    expect((await batches.next()).value).toEqual(['b1', 'a2']);
    const waiting = batches.next();
    await settle();
    queue.put('a', 'a3');
    expect((await waiting).value).toEqual(['a3']);
    const last = batches.next();
    abort.abort();
    expect((await last).done).toBe(true);
  });

  it('sends no two batches within the gap', async () => {
    const queue = new LatestQueue<number>();
    const abort = new AbortController();
    const seen: number[][] = [];
    const reading = (async () => {
      for await (const batch of queue.batches(abort.signal, 30)) seen.push(batch);
    })();
    for (let value = 0; value < 20; value += 1) {
      queue.put('a', value);
      await settle(2);
    }
    abort.abort();
    await reading;
    expect(seen.length).toBeLessThan(8);
    expect(seen.length).toBeGreaterThan(1);
  });
});
