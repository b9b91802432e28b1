import { type Bridge, PORT_MESSAGE, type PortMessage, type PortRequest } from '#shared/contract/Bridge.ts';
import type { StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { WindowClient } from './WindowClient.ts';

const CREDIT = 4;

/** The contract over the preload's bridge: calls by invocation, each stream on a MessagePort of its own. */
export function createDesktopClient(bridge: Bridge, scope: Window = window): WindowClient {
  const awaited = new Map<number, (port: MessagePort) => void>();
  let nextId = 1;

  scope.addEventListener('message', (event: MessageEvent<unknown>) => {
    // Only the preload, which shares this window, can post to it with our own window as the source.
    if (event.source !== scope) return;
    const data = event.data as { type?: unknown; id?: unknown } | null;
    const [port] = event.ports;
    if (data?.type !== PORT_MESSAGE || typeof data.id !== 'number' || port === undefined) return;
    awaited.get(data.id)?.(port);
    awaited.delete(data.id);
  });

  return {
    connection: { phase: 'open' },
    onConnection: () => () => undefined,
    reconnect: () => undefined,
    async call(name, input, options) {
      if (options?.signal?.aborted === true) throw new FlotillaError('cancelled', 'Cancelled.');
      const id = nextId++;
      const onAbort = (): void => bridge.cancel(id);
      options?.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        const answer = await bridge.call(id, name, input);
        if (answer.ok) return answer.value as never;
        throw FlotillaError.fromShape(answer.error);
      } finally {
        options?.signal?.removeEventListener('abort', onAbort);
      }
    },
    stream(name, input, consumer) {
      const id = nextId++;
      let closed = false;
      let port: MessagePort | undefined;
      awaited.set(id, (arrived) => {
        port = arrived;
        if (closed) send(arrived, { type: 'cancel' });
        else follow(arrived, consumer, () => closed);
      });
      bridge.openStream(id, name, input);
      return {
        close() {
          closed = true;
          if (port !== undefined) send(port, { type: 'cancel' });
        },
      };
    },
  };
}

function send(port: MessagePort, request: PortRequest): void {
  port.postMessage(request);
}

function follow(port: MessagePort, consumer: StreamConsumer<unknown>, isClosed: () => boolean): void {
  let tail = Promise.resolve();
  port.onmessage = (event: MessageEvent<PortMessage>) => {
    const message = event.data;
    tail = tail
      .then(async () => {
        if (isClosed()) return;
        if (message.type === 'batch') return consumer.onBatch(message.items);
        port.close();
        consumer.onEnd(message.type === 'error' ? FlotillaError.fromShape(message.error) : undefined);
      })
      .catch((error: unknown) => console.error(error))
      // Also for a batch that its consumer failed on: credit that is lost would hold the stream for ever.
      .then(() => {
        if (message.type === 'batch' && !isClosed()) send(port, { type: 'credit', count: 1 });
      });
  };
  send(port, { type: 'credit', count: CREDIT });
}
