import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { LogAnchor } from '#shared/domain/LogView.ts';
import type { LogQuery, LogTerm } from '#shared/logs/LogQuery.ts';
import { LogSearch } from '../search/LogSearch.ts';
import type { SearchDraft } from '../toolbar/SearchField.tsx';
import type { LogWindow } from '../view/LogWindow.ts';

const TYPING_MS = 200;

export interface LogSearchState {
  search: LogSearch;
  draft: SearchDraft;
  setDraft: (draft: SearchDraft) => void;
  step: (direction: 1 | -1) => void;
  /** To be marked in lines. */
  markTerm: LogTerm | null;
  currentId: string | null;
}

/** The search of a panel: in the lines of `query`, shown in the pane that is read. */
export function useLogSearch(options: {
  client: Client;
  appId: string;
  query: LogQuery;
  rows: LogWindow;
  draft: SearchDraft;
}): Omit<LogSearchState, 'draft' | 'setDraft'> {
  const { client, appId, query, rows, draft } = options;
  const [search] = useState(() => new LogSearch(client, appId));
  // The field counts by itself; here only what rows and keys depend on.
  useSyncExternalStore(search.subscribe, () =>
    JSON.stringify([search.markTerm, search.term, search.currentId, search.count > 0]),
  );
  useEffect(() => () => search.close(), [search]);

  useEffect(() => {
    const term: LogTerm | null =
      draft.text === ''
        ? null
        : {
            text: draft.text,
            ...(draft.regex ? { regex: true } : {}),
            ...(draft.matchCase ? { matchCase: true } : {}),
          };
    const timer = setTimeout(() => search.set(term, query), term === null ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [search, draft, query]);

  // The first match is shown by itself: the one nearest to where the reader is.
  const isSought = search.term !== null && search.count > 0 && search.currentId === null;
  useEffect(() => {
    if (!isSought) return;
    void search.nearest(readerAnchor(rows)).then(
      (row) => row && rows.reveal({ kind: 'id', id: row.id }, 'middle'),
      () => undefined,
    );
  }, [isSought, search, rows]);

  const step = (direction: 1 | -1) => {
    void search.step(direction, readerAnchor(rows)).then(
      (found) => found && rows.reveal({ kind: 'id', id: found.id }, 'middle'),
      // The view is being opened again; the next press finds it.
      () => undefined,
    );
  };

  return { search, step, markTerm: search.markTerm, currentId: search.currentId };
}

function readerAnchor(rows: LogWindow): LogAnchor {
  if (rows.following) return { kind: 'end' };
  const row = rows.rowAt(rows.cursor.row ?? rows.place.row) ?? rows.rowAt(rows.place.row);
  return row ? { kind: 'id', id: row.id } : { kind: 'end' };
}
