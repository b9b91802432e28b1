import { useEffect } from 'react';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import type { LogViewClient } from './LogViewClient.ts';
import type { LogWindow } from './LogWindow.ts';

/** A view and the rows of it that are at hand. */
export interface Pane {
  view: LogViewClient;
  rows: LogWindow;
}

/** Keeps a pane's view open, on this query, while the component is mounted. */
export function useOpenPane(pane: Pane, query: LogQuery): void {
  useEffect(() => {
    const onVisibility = () => pane.rows.visibilityChanged();
    pane.view.open();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      pane.view.close();
    };
  }, [pane]);
  useEffect(() => pane.view.setQuery(query), [pane, query]);
}
