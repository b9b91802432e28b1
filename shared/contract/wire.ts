import type { ErrorShape } from './errors.ts';

/**
 * Messages between a consumer and the privileged side, the same in every transport. In the web shell they are
 * JSON texts on one WebSocket; on the desktop calls ride `ipcRenderer.invoke` and each stream its own MessagePort.
 * `id`s are chosen by the consumer and unique per connection.
 */
export type ClientMessage =
  | { type: 'call'; id: number; name: string; input: unknown }
  | { type: 'open'; id: number; name: string; input: unknown; credit: number }
  /** Grants `count` more batches to stream `id`. */
  | { type: 'credit'; id: number; count: number }
  /** Cancels a call or closes a stream. */
  | { type: 'cancel'; id: number };

export type ServerMessage =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: ErrorShape }
  | { type: 'batch'; id: number; items: unknown[] }
  | { type: 'end'; id: number };

/** Largest client message accepted, in bytes (or UTF-16 units where a transport has no bytes). */
export const MAX_CLIENT_MESSAGE_BYTES = 1024 * 1024;
/** Most calls under way at once per connection; further ones are refused with `conflict`. */
export const MAX_CALLS_IN_FLIGHT = 1000;
/** Most streams open at once per connection. */
export const MAX_OPEN_STREAMS = 100;
/** Largest credit a stream may hold. */
export const MAX_STREAM_CREDIT = 64;
