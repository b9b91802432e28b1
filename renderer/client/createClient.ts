import type { Bridge } from '#shared/contract/Bridge.ts';
import { createDesktopClient } from './createDesktopClient.ts';
import { createWebClient } from './createWebClient.ts';
import type { WindowClient } from './WindowClient.ts';

/** The preload's bridge; undefined in a browser. */
export function desktopBridge(): Bridge | undefined {
  return (globalThis as { flotilla?: Bridge }).flotilla;
}

/** The client that fits where the page runs. */
export function createClient(): WindowClient {
  const bridge = desktopBridge();
  if (bridge !== undefined) return createDesktopClient(bridge);
  const { host, protocol } = globalThis.location;
  return createWebClient(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`, async () => {
    try {
      return (await fetch('/', { method: 'HEAD' })).status === 401;
    } catch {
      return false;
    }
  });
}
