import type { Client } from '#shared/contract/Client.ts';
import type { StreamInput, StreamItem, StreamName } from '#shared/contract/streams.ts';

/** Wait before a stream that the other side ended is opened again. */
const REOPEN_MS = 1_000;

/** Keeps a stream open until the answered function is called: one that ends by itself is opened again. */
export function followStream<Name extends StreamName>(
  client: Client,
  name: Name,
  input: StreamInput<Name>,
  onBatch: (items: StreamItem<Name>[]) => void,
): () => void {
  let stream: { close(): void } | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const open = (): void => {
    stream = client.stream(name, input, {
      onBatch,
      onEnd: () => {
        if (!isStopped) reopening = setTimeout(open, REOPEN_MS);
      },
    });
  };
  open();
  return () => {
    isStopped = true;
    clearTimeout(reopening);
    stream?.close();
  };
}
