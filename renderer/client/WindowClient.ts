import type { Client } from '#shared/contract/Client.ts';

/** How the transport to the privileged side stands. */
export type ConnectionState =
  | { phase: 'connecting' }
  | { phase: 'open' }
  | { phase: 'lost'; nextRetryAt: number }
  | { phase: 'refused' };

/** A client that tells how its transport stands. */
export interface WindowClient extends Client {
  readonly connection: ConnectionState;
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Tries again now instead of at `nextRetryAt`. */
  reconnect(): void;
}
