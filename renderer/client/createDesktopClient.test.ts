import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bridge, type BridgeAnswer, PORT_MESSAGE, type PortRequest } from '#shared/contract/Bridge.ts';
import { createDesktopClient } from './createDesktopClient.ts';

let answers: Map<number, (answer: BridgeAnswer) => void>;
let cancelled: number[];
let opened: number[];
let ports: MessagePort[];
let scope: Window;
let client: ReturnType<typeof createDesktopClient>;

/** What the preload does: it posts the page's end of the channel to the window. */
function deliver(id: number, source: unknown = scope): { port: MessagePort; requests: PortRequest[] } {
  const { port1, port2 } = new MessageChannel();
  const requests: PortRequest[] = [];
  port1.onmessage = (event: MessageEvent<PortRequest>) => void requests.push(event.data);
  ports.push(port1, port2);
  const event = Object.assign(new Event('message'), {
    data: { type: PORT_MESSAGE, id },
    ports: [port2],
    source,
  });
  scope.dispatchEvent(event);
  return { port: port1, requests };
}

beforeEach(() => {
  answers = new Map();
  cancelled = [];
  opened = [];
  ports = [];
  scope = new EventTarget() as unknown as Window;
  const bridge: Bridge = {
    platform: 'linux',
    call: (id) => new Promise((resolve) => answers.set(id, resolve)),
    cancel: (id) => void cancelled.push(id),
    openStream: (id) => void opened.push(id),
    pathOfFile: () => '',
    onMenu: () => undefined,
  };
  client = createDesktopClient(bridge, scope);
});
afterEach(() => {
  for (const port of ports) port.close();
});

const first = <Item>(items: Iterable<Item>): Item => [...items][0] as Item;
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the desktop client', () => {
  it('gives the answer, or the error with its hint', async () => {
    const good = client.call('apps.get', { appId: 'a' });
    const bad = client.call('apps.get', { appId: 'b' });
    const [one, two] = [...answers.values()];
    two?.({ ok: false, error: { code: 'not-found', message: 'No.', hint: 'Open it.' } });
    one?.({ ok: true, value: 'A' });
    expect(await good).toBe('A');
    await expect(bad).rejects.toMatchObject({ code: 'not-found', message: 'No.', hint: 'Open it.' });
  });

  it('cancels a call by its own id, and sends none that was cancelled before', async () => {
    const abort = new AbortController();
    const call = client.call('apps.up', { appId: 'a' }, { signal: abort.signal });
    const id = first(answers.keys());
    abort.abort();
    expect(cancelled).toEqual([id]);
    answers.get(id)?.({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    const late = client.call('apps.up', { appId: 'a' }, { signal: abort.signal });
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
    expect(answers.size).toBe(1);
  });

  it('grants four batches ahead, one more for each that was taken, and ends after the last', async () => {
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
    const { port, requests } = deliver(first(opened));
    await expect.poll(() => requests).toEqual([{ type: 'credit', count: 4 }]);
    port.postMessage({ type: 'batch', items: [1] });
    port.postMessage({ type: 'batch', items: [2] });
    port.postMessage({ type: 'end' });
    await expect.poll(() => taken).toEqual([1]);
    await settle();
    expect(requests).toHaveLength(1);
    release();
    await expect.poll(() => taken).toEqual([1, 2]);
    await expect.poll(() => requests.at(-1)).toEqual({ type: 'credit', count: 1 });
    expect(ended).toBe(0);
    release();
    await expect.poll(() => ended).toBe(1);
  });

  it('goes on after a consumer that failed on a batch', async () => {
    const taken: unknown[] = [];
    const printed = console.error;
    console.error = () => undefined;
    try {
      client.stream(
        'apps',
        {},
        {
          onBatch: (items) => {
            taken.push(...items);
            if (taken.length === 1) throw new Error('once');
          },
          onEnd: () => undefined,
        },
      );
      const { port, requests } = deliver(first(opened));
      port.postMessage({ type: 'batch', items: [1] });
      port.postMessage({ type: 'batch', items: [2] });
      await expect.poll(() => taken).toEqual([1, 2]);
      // Each batch gives its credit back: five such failures must not hold the stream for ever.
      await expect.poll(() => requests).toHaveLength(3);
    } finally {
      console.error = printed;
    }
  });

  it('tells the other side of a closed stream, also of one closed before its port came, and hears nothing more', async () => {
    const taken: unknown[] = [];
    let ended = 0;
    const consumer = { onBatch: (items: unknown[]) => void taken.push(...items), onEnd: () => (ended += 1) };
    const early = client.stream('apps', {}, consumer);
    early.close();
    const one = deliver(first(opened));
    await expect.poll(() => one.requests).toEqual([{ type: 'cancel' }]);
    const late = client.stream('apps', {}, consumer);
    const two = deliver(opened[1] ?? -1);
    late.close();
    two.port.postMessage({ type: 'batch', items: [1] });
    two.port.postMessage({ type: 'end' });
    await expect.poll(() => two.requests.at(-1)).toEqual({ type: 'cancel' });
    await settle();
    expect(taken).toEqual([]);
    expect(ended).toBe(0);
  });

  it('takes no port from another window', async () => {
    client.stream('apps', {}, { onBatch: () => undefined, onEnd: () => undefined });
    const { requests } = deliver(first(opened), {});
    await settle();
    expect(requests).toEqual([]);
  });
});
