import { type KeyboardEvent, type RefObject, useRef, useState, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { LogRow } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import type { MenuEntry } from '../../../ui/MenuEntry.ts';
import { fieldValue } from '../columns/fieldColumns.ts';
import { fieldTest } from '../details/fieldTest.ts';
import type { SearchDraft } from '../toolbar/SearchField.tsx';
import type { RowLook } from '../list/RowLook.ts';
import { type Bookmark, nextBookmark, toggleBookmark } from '../marks/bookmarks.ts';
import { type LogOutput, useLogOutput } from '../output/useLogOutput.ts';
import type { TimeSpan } from '../query/buildLogQuery.ts';
import { ALL_WORKERS, type WorkerChoice } from '../query/WorkerChoice.ts';
import { type LogMemory, useLogMemory } from '../settings/useLogMemory.ts';
import { rowMenu } from './rowMenu.ts';
import { type PanelAction, panelKey } from './panelKeys.ts';
import { useBookmarkRows } from './useBookmarkRows.ts';
import { type LogFilterState, useLogFilter } from './useLogFilter.ts';
import { useLogLook } from './useLogLook.ts';
import { type LogSearchState, useLogSearch } from './useLogSearch.ts';
import { usePaneQueries } from './usePaneQueries.ts';
import { type PaneEntry, type PanesState, usePanes } from './usePanes.ts';

export type LogDialog = 'rules' | 'columns' | 'jump' | 'levels';

/** Everything a log panel holds and does; the panel itself only draws it. */
export interface LogPanelModel {
  filter: LogFilterState;
  memory: LogMemory;
  panes: PanesState;
  found: LogSearchState;
  output: LogOutput;
  look: RowLook;
  /** Of the pane that is read. */
  query: LogQuery;
  queryOf: (choice: WorkerChoice) => LogQuery;
  choiceOf: (pane: PaneEntry) => WorkerChoice;
  bookmarkRows: readonly number[];
  /** Epoch milliseconds of the first line ever seen. */
  zero: number | null;
  dialog: LogDialog | null;
  setDialog: (dialog: LogDialog | null) => void;
  /** The line whose details are open. */
  details: LogRow | null;
  closeDetails: () => void;
  actions: Record<PanelAction, () => void>;
  addPane: () => void;
  toggleFollow: () => void;
  clear: () => void;
  reset: () => void;
  jump: (timeMs: number) => void;
  bookmark: (row: LogRow | null) => void;
  goToBookmark: (bookmark: Bookmark | null) => void;
  focusList: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onRowAction: (action: 'details' | 'field', row: LogRow, field?: string) => void;
  rowMenu: (row: LogRow) => MenuEntry[];
}

export function useLogPanel(options: {
  client: Client;
  appId: string;
  choice: WorkerChoice;
  onChoice: (choice: WorkerChoice) => void;
  /** The time that is shown at first; null: all. */
  span: TimeSpan | null;
  searchField: RefObject<HTMLInputElement | null>;
  filterField: RefObject<HTMLInputElement | null>;
  strip: RefObject<HTMLDivElement | null>;
}): LogPanelModel {
  const { client, appId, choice, onChoice, searchField, filterField, strip } = options;
  const filter = useLogFilter(options.span);
  const memory = useLogMemory(appId);
  const { settings } = memory;
  const [dialog, setDialog] = useState<LogDialog | null>(null);
  const [opened, setOpened] = useState<LogRow | null>(null);
  const pending = useRef<string | null>(null);

  const panes = usePanes(client, appId);
  const { active } = panes;
  const first = panes.panes[0] ?? active;
  const [draft, setDraft] = useState<SearchDraft>({ text: '', regex: false, matchCase: false });
  // A search goes over all that is kept, also what folding hides.
  const queryOf = usePaneQueries(filter, settings.foldTraces && draft.text === '');
  const choiceOf = (pane: PaneEntry) => (pane.key === 0 ? choice : pane.choice);
  const query = queryOf(choiceOf(active));
  usePanelChanges(first, active, opened !== null);

  const search = useLogSearch({ client, appId, query, rows: active.rows, draft });
  const found: LogSearchState = { ...search, draft, setDraft };
  const output = useLogOutput(client, appId);
  const zero = useFirstMs(first.view.state?.firstMs);
  const look = useLogLook({
    timeMode: settings.timeMode,
    wrap: settings.wrap,
    zero,
    term: found.markTerm,
    rules: memory.rules,
    hues: memory.hues,
    fields: settings.columns,
    rows: active.rows,
  });
  const bookmarkRows = useBookmarkRows(active.view, memory.bookmarks);

  const list = () => panes.lists.get(active.key);
  /** The row the cursor is on; without one the row in sight next to where one reads. */
  const cursorRow = (): LogRow | null => {
    const { rows } = active;
    return rows.rowAt(rows.cursor.row ?? (rows.following ? rows.endRow - 1 : rows.place.row)) ?? null;
  };
  const bookmark = (row: LogRow | null) => {
    if (row) memory.changeBookmarks((before) => toggleBookmark(before, row));
  };
  const goToBookmark = (to: Bookmark | null) => {
    if (to) active.rows.reveal({ kind: 'id', id: to.id });
  };
  const addPane = () => panes.split(ALL_WORKERS);
  const togglePause = () => {
    const paused = !active.rows.paused;
    for (const pane of panes.panes) pane.rows.setPaused(paused);
  };

  const actions: Record<PanelAction, () => void> = {
    search: () => {
      searchField.current?.focus();
      searchField.current?.select();
    },
    filter: () => filterField.current?.focus(),
    wrap: () => memory.toggle('wrap'),
    time: memory.nextTimeMode,
    start: () => list()?.scroller.toStart(),
    end: () => active.rows.follow(),
    pause: togglePause,
    bookmark: () => bookmark(cursorRow()),
    previousBookmark: () => goToBookmark(nextBookmark(memory.bookmarks, cursorRow(), -1)),
    nextBookmark: () => goToBookmark(nextBookmark(memory.bookmarks, cursorRow(), 1)),
    nextMatch: () => found.step(1),
    previousMatch: () => found.step(-1),
    levels: () => setDialog('levels'),
    histogram: () => {
      memory.showHistogram();
      requestAnimationFrame(() => strip.current?.focus());
    },
    split: () => (panes.panes.length > 1 ? panes.closeOthers() : addPane()),
    export: () => output.exportRows(query, 'text'),
    jump: () => setDialog('jump'),
    details: () => {
      const row = cursorRow();
      if (!row) return;
      if (active.rows.cursor.row === null) {
        list()?.scroller.hold();
        active.rows.cursor.set(active.rows.numberOf(row.id) ?? 0);
        active.rows.cursorMoved();
      }
      setOpened(row);
    },
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    // What is open above the page bubbles here too, and has its own keys.
    if (target.closest('[data-overlay]')) return;
    if (target.closest('input, select, textarea') && event.key !== 'F3') return;
    const onList = target.getAttribute('role') === 'log';
    if (event.key === 'Escape' && opened && onList) {
      event.preventDefault();
      setOpened(null);
      return;
    }
    const press = panelKey({ key: event.key, shiftKey: event.shiftKey, onList }, pending.current);
    pending.current = press.pending;
    if (press.action === null && press.pending === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (press.action) actions[press.action]();
  };

  // The details go along with the cursor.
  const { cursor } = active.rows;
  const details =
    opened === null ? null : ((cursor.row === null ? undefined : active.rows.rowAt(cursor.row)) ?? opened);

  return {
    filter,
    memory,
    panes,
    found,
    output,
    look,
    query,
    queryOf,
    choiceOf,
    bookmarkRows,
    zero,
    dialog,
    setDialog,
    details,
    closeDetails: () => {
      setOpened(null);
      list()?.focus();
    },
    actions,
    addPane,
    toggleFollow: () => {
      if (active.rows.following) list()?.scroller.hold();
      else active.rows.follow();
    },
    clear: () => {
      const { lastMs } = first.view.state ?? {};
      if (lastMs !== undefined) filter.setClearedMs(Math.floor(lastMs) + 1);
    },
    reset: () => {
      filter.reset();
      onChoice(ALL_WORKERS);
    },
    jump: (timeMs) => {
      active.rows.reveal({ kind: 'time', timeMs: Math.max(0, Math.floor(timeMs)) }, 'top');
      panes.moved(active.key);
    },
    bookmark,
    goToBookmark,
    focusList: () => list()?.focus(),
    onKeyDown,
    rowMenu: (row) =>
      rowMenu(row, {
        isBookmarked: memory.bookmarked.has(row.id),
        details: () => setOpened(row),
        bookmark: () => bookmark(row),
        copy: output.copyText,
        only: (worker) => onChoice({ kind: 'worker', worker }),
        hide: (worker) => filter.setHiddenWorkers([...new Set([...filter.hiddenWorkers, worker])]),
        jump: (timeMs) => {
          for (const pane of panes.panes)
            if (pane !== active) pane.rows.reveal({ kind: 'time', timeMs: Math.floor(timeMs) }, 'top');
        },
        isSplit: panes.panes.length > 1,
      }),
    onRowAction: (action, row, field) => {
      const value = field === undefined ? undefined : fieldValue(row, field);
      if (action === 'details') setOpened(row);
      else if (field !== undefined && value !== undefined) filter.addText(fieldTest(field, '=', value));
    },
  };
}

/**
 * Draws the panel anew when something changed that it shows itself. Its parts listen for themselves: states come many
 * times a second, and the toolbar has nothing to do with most of them.
 */
function usePanelChanges(first: PaneEntry, active: PaneEntry, needsRow: boolean): void {
  useSyncExternalStore(first.view.subscribe, () => first.view.state?.firstMs);
  useSyncExternalStore(active.view.subscribe, () => {
    const { status, epoch, stale, state } = active.view;
    return [status, epoch, stale, (state?.lines ?? 0) > 0, (state?.scanned ?? 0) >= 1].join(' ');
  });
  useSyncExternalStore(active.rows.subscribe, () => {
    const { following, paused, total, cursor } = active.rows;
    // The details show the row of the cursor.
    const row = needsRow && cursor.row !== null ? active.rows.rowAt(cursor.row) : undefined;
    return [following, paused, total > 0, row?.id, row?.continued].join(' ');
  });
}

/** The smallest first time told: a filter that leaves out the first line must not move the zero of times. */
function useFirstMs(told: number | undefined): number | null {
  const [firstMs, setFirstMs] = useState<number | null>(null);
  if (told !== undefined && (firstMs === null || told < firstMs)) setFirstMs(told);
  return firstMs;
}
