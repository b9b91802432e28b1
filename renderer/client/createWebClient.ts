import type { StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { ClientMessage, ServerMessage } from '#shared/contract/wire.ts';
import type { ConnectionState, WindowClient } from './WindowClient.ts';

/** Batches granted ahead: enough to hide the way there and back, few enough to hold the source soon. */
const CREDIT = 4;
const FIRST_RETRY_MS = 250;
const RETRY_GROWTH = 1.6;
const LONGEST_RETRY_MS = 5_000;

interface PendingCall {
  resolve(value: never): void;
  reject(error: FlotillaError): void;
}

interface OpenStream {
  consumer: StreamConsumer<unknown>;
  /** Batches are handed over one after the other, also when the consumer takes its time. */
  tail: Promise<void>;
}

/**
 * The contract over one WebSocket. When it breaks, calls under way and streams end with `disconnected`, and the socket is opened again by
 * itself; what was streamed is opened again by whoever needs it.
 *
 * @param url of the socket, `ws://host/ws`
 * @param isRefused asks whether the server still knows this browser, once a connection could not be made
 */
export function createWebClient(
  url: string,
  isRefused: () => Promise<boolean>,
): WindowClient & { dispose(): void } {
  const calls = new Map<number, PendingCall>();
  const streams = new Map<number, OpenStream>();
  const listeners = new Set<(state: ConnectionState) => void>();
  const waiting: ClientMessage[] = [];
  let state: ConnectionState = { phase: 'connecting' };
  let socket: WebSocket | undefined;
  let nextId = 1;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  const tell = (next: ConnectionState): void => {
    state = next;
    for (const listener of [...listeners]) listener(next);
  };
  const send = (message: ClientMessage): void => {
    if (state.phase === 'open') socket?.send(JSON.stringify(message));
    else waiting.push(message);
  };
  const disconnected = (): FlotillaError =>
    new FlotillaError('disconnected', 'The connection to Flotilla’s server is lost.', {
      hint: 'It is made again by itself; check that flotilla serve runs and the ssh tunnel stands.',
    });

  const connect = (): void => {
    clearTimeout(timer);
    if (disposed) return;
    const former = socket;
    const current = new WebSocket(url);
    socket = current;
    // An attempt still under way is given up for this one: two open sockets would each serve half.
    former?.close();
    current.onopen = () => {
      if (socket !== current) return;
      attempt = 0;
      tell({ phase: 'open' });
      for (const message of waiting.splice(0)) send(message);
    };
    current.onmessage = (event) => receive(JSON.parse(String(event.data)) as ServerMessage);
    current.onclose = () => void lose(current);
  };

  const lose = async (closed: WebSocket): Promise<void> => {
    if (socket !== closed) return;
    socket = undefined;
    // Whoever calls while the server is asked goes the way of those that were under way before.
    const refused = state.phase !== 'open' && (await isRefused());
    if (disposed || socket !== undefined) return;
    waiting.length = 0;
    const error = disconnected();
    const lostCalls = [...calls.values()];
    const lostStreams = [...streams.values()];
    calls.clear();
    streams.clear();
    if (refused) tell({ phase: 'refused' });
    else {
      const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * RETRY_GROWTH ** attempt);
      attempt += 1;
      timer = setTimeout(connect, delay);
      tell({ phase: 'lost', nextRetryAt: Date.now() + delay });
    }
    for (const call of lostCalls) call.reject(error);
    for (const stream of lostStreams) stream.consumer.onEnd(error);
  };

  const receive = (message: ServerMessage): void => {
    if (message.type === 'batch') {
      const stream = streams.get(message.id);
      if (stream === undefined) return;
      stream.tail = stream.tail
        .then(() => (streams.get(message.id) === stream ? stream.consumer.onBatch(message.items) : undefined))
        .catch((error: unknown) => console.error(error))
        .then(() => {
          if (streams.get(message.id) === stream) send({ type: 'credit', id: message.id, count: 1 });
        });
      return;
    }
    const call = calls.get(message.id);
    if (call !== undefined) {
      calls.delete(message.id);
      if (message.type === 'result') call.resolve(message.value as never);
      else if (message.type === 'error') call.reject(FlotillaError.fromShape(message.error));
      return;
    }
    const stream = streams.get(message.id);
    if (stream === undefined || message.type === 'result') return;
    const error = message.type === 'error' ? FlotillaError.fromShape(message.error) : undefined;
    // What came before the end is handed over before it.
    stream.tail = stream.tail.then(() => {
      if (!streams.delete(message.id)) return;
      stream.consumer.onEnd(error);
    });
  };

  connect();
  return {
    get connection() {
      return state;
    },
    onConnection(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reconnect() {
      if (state.phase !== 'lost') return;
      connect();
    },
    call(name, input, options) {
      const signal = options?.signal;
      if (state.phase === 'lost' || state.phase === 'refused') return Promise.reject(disconnected());
      if (signal?.aborted === true) return Promise.reject(new FlotillaError('cancelled', 'Cancelled.'));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const onAbort = (): void => send({ type: 'cancel', id });
        signal?.addEventListener('abort', onAbort, { once: true });
        calls.set(id, {
          resolve: (value) => {
            signal?.removeEventListener('abort', onAbort);
            resolve(value);
          },
          reject: (error) => {
            signal?.removeEventListener('abort', onAbort);
            reject(error);
          },
        });
        send({ type: 'call', id, name, input });
      });
    },
    stream(name, input, consumer) {
      const id = nextId++;
      if (state.phase === 'lost' || state.phase === 'refused') {
        queueMicrotask(() => consumer.onEnd(disconnected()));
        return { close: () => undefined };
      }
      streams.set(id, { consumer: consumer, tail: Promise.resolve() });
      send({ type: 'open', id, name, input, credit: CREDIT });
      return {
        close() {
          if (streams.delete(id)) send({ type: 'cancel', id });
        },
      };
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
