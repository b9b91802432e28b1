import type { WindowClient } from '../client/WindowClient.ts';
import { applyAppItems } from './apps.ts';
import { useConnection } from './connection.ts';
import { useEngine } from './engine.ts';
import { applyTheme, usePreferences } from './preferences.ts';

/** Wait before a stream that the other side ended is opened again. */
const REOPEN_MS = 1_000;

/** Feeds the stores from the client, again after every reconnect; returns the way to stop. */
export function startFeeds(client: WindowClient): () => void {
  let stopStreams = (): void => undefined;
  let stopped = false;
  let isOpen = client.connection.phase === 'open';
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const open = (): void => {
    clearTimeout(reopening);
    stopStreams();
    // A stream that breaks with the connection is opened again with it; one that ends by itself must not leave the window stale.
    const onEnd = (): void => {
      clearTimeout(reopening);
      if (!stopped && isOpen) reopening = setTimeout(open, REOPEN_MS);
    };
    const engine = client.stream(
      'engineState',
      {},
      {
        onBatch: (states) => {
          const state = states.at(-1);
          if (state !== undefined) useEngine.setState({ state });
        },
        onEnd,
      },
    );
    const apps = client.stream('apps', {}, { onBatch: applyAppItems, onEnd });
    stopStreams = () => {
      engine.close();
      apps.close();
    };
    client.call('app.info', {}).then(
      (info) => useConnection.setState({ info }),
      () => undefined,
    );
    client.call('preferences.get', {}).then(
      (preferences) => {
        usePreferences.setState(preferences);
        applyTheme(preferences.theme);
      },
      () => undefined,
    );
  };

  let wasLost = false;
  const forget = client.onConnection((connection) => {
    useConnection.setState({ connection });
    if (stopped) return;
    isOpen = connection.phase === 'open';
    if (!isOpen) clearTimeout(reopening);
    if (isOpen && wasLost) open();
    wasLost = !isOpen && (wasLost || connection.phase === 'lost');
  });
  useConnection.setState({ connection: client.connection });
  open();
  return () => {
    stopped = true;
    clearTimeout(reopening);
    forget();
    stopStreams();
  };
}
