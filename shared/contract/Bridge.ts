import type { ErrorShape } from './errors.ts';

/**
 * What the desktop's preload shows the page as `window.flotilla`; nothing else crosses. Streams come as MessagePorts, posted to the
 * window as `{ type: 'flotilla:port', id }`; on a port the page sends {@link PortRequest}s and gets {@link PortMessage}s.
 */
export interface Bridge {
  readonly platform: string;
  call(id: number, name: string, input: unknown): Promise<BridgeAnswer>;
  cancel(id: number): void;
  openStream(id: number, name: string, input: unknown): void;
  /** Absolute path of a dropped file or folder; empty for one that has none. */
  pathOfFile(file: unknown): string;
  /** Commands of the application menu, e.g. `open-folder`; and folders given on the command line, as `open:PATH`. */
  onMenu(listener: (command: string) => void): void;
}

export type BridgeAnswer = { ok: true; value: unknown } | { ok: false; error: ErrorShape };

export type PortRequest = { type: 'credit'; count: number } | { type: 'cancel' };

export type PortMessage =
  | { type: 'batch'; items: unknown[] }
  | { type: 'end' }
  | { type: 'error'; error: ErrorShape };

/** Type of the window message that carries a stream's port. */
export const PORT_MESSAGE = 'flotilla:port';
