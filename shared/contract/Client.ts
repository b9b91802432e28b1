import type { CallInput, CallName, CallOutput } from './calls.ts';
import type { FlotillaError } from './errors.ts';
import type { StreamInput, StreamItem, StreamName } from './streams.ts';

/** The contract's caller, over any transport. */
export interface Client {
  /** Rejects with a FlotillaError; `disconnected` when the transport is gone. */
  call<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    options?: { signal?: AbortSignal },
  ): Promise<CallOutput<Name>>;
  /**
   * `onBatch` may return a promise: the next credit is granted once it resolves.
   * Exactly one of `onEnd` (with or without error) follows unless the consumer closed the stream itself.
   */
  stream<Name extends StreamName>(
    name: Name,
    input: StreamInput<Name>,
    consumer: StreamConsumer<StreamItem<Name>>,
  ): { close(): void };
}

export interface StreamConsumer<Item> {
  onBatch(items: Item[]): void | Promise<void>;
  onEnd(error?: FlotillaError): void;
}
