import type { WindowClient } from '../client/WindowClient.ts';
import { applyAppItems } from './apps.ts';
import { useConnection } from './connection.ts';
import { useEngine } from './engine.ts';
import { applyTheme, usePreferences } from './preferences.ts';

/** Feeds the stores from the client, again after every reconnect; returns the way to stop. */
export function startFeeds(client: WindowClient): () => void {
  let stopStreams = (): void => undefined;
  let stopped = false;

  const open = (): void => {
    stopStreams();
    const engine = client.stream(
      'engineState',
      {},
      {
        onBatch: (states) => {
          const state = states.at(-1);
          if (state !== undefined) useEngine.setState({ state });
        },
        onEnd: () => undefined,
      },
    );
    const apps = client.stream('apps', {}, { onBatch: applyAppItems, onEnd: () => undefined });
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
    if (connection.phase === 'open' && wasLost) open();
    wasLost = connection.phase !== 'open' && (wasLost || connection.phase === 'lost');
    if (connection.phase === 'open') wasLost = false;
  });
  useConnection.setState({ connection: client.connection });
  open();
  return () => {
    stopped = true;
    forget();
    stopStreams();
  };
}
