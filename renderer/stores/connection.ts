import { create } from 'zustand';
import type { CallOutput } from '#shared/contract/calls.ts';
import type { ConnectionState } from '../client/WindowClient.ts';

export interface ConnectionStore {
  connection: ConnectionState;
  /** Undefined until the first answer. */
  info: CallOutput<'app.info'> | undefined;
}

/** How the transport stands, and who is at its other end. */
export const useConnection = create<ConnectionStore>(() => ({
  connection: { phase: 'connecting' },
  info: undefined,
}));
