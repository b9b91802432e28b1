import { useMemo } from 'react';
import { type Bookmark, readBookmarks } from '../marks/bookmarks.ts';
import type { HighlightRule } from '../marks/highlightRules.ts';
import { TIME_MODES } from '../time/formatLogTime.ts';
import {
  bookmarksKey,
  huesKey,
  type LogSettings,
  readHues,
  readRules,
  readSettings,
  rulesKey,
  settingsKey,
} from './logSettings.ts';
import { useStored } from './useStored.ts';

type Change<Value> = (change: (before: Value) => Value) => void;

/** What this browser remembers of an app's log: how it is shown, and the marks in it. */
export interface LogMemory {
  settings: LogSettings;
  toggle: (name: 'wrap' | 'histogram' | 'foldTraces') => void;
  showHistogram: () => void;
  nextTimeMode: () => void;
  setColumns: (columns: readonly string[]) => void;
  rules: readonly HighlightRule[];
  changeRules: Change<HighlightRule[]>;
  /** Degrees by worker. */
  hues: Readonly<Record<string, number>>;
  setHue: (worker: string, hue: number | null) => void;
  bookmarks: readonly Bookmark[];
  changeBookmarks: Change<Bookmark[]>;
  /** Row ids of the bookmarks. */
  bookmarked: ReadonlySet<string>;
}

export function useLogMemory(appId: string): LogMemory {
  const [settings, changeSettings] = useStored(settingsKey(appId), readSettings);
  const [rules, changeRules] = useStored(rulesKey(appId), readRules);
  const [hues, changeHues] = useStored(huesKey(appId), readHues);
  const [bookmarks, changeBookmarks] = useStored(bookmarksKey(appId), readBookmarks);
  const bookmarked = useMemo(() => new Set(bookmarks.map((bookmark) => bookmark.id)), [bookmarks]);
  return {
    settings,
    toggle: (name) => changeSettings((before) => ({ ...before, [name]: !before[name] })),
    showHistogram: () => changeSettings((before) => ({ ...before, histogram: true })),
    nextTimeMode: () =>
      changeSettings((before) => ({
        ...before,
        timeMode: TIME_MODES[(TIME_MODES.indexOf(before.timeMode) + 1) % TIME_MODES.length] ?? 'off',
      })),
    setColumns: (columns) => changeSettings((before) => ({ ...before, columns })),
    rules,
    changeRules,
    hues,
    setHue: (worker, hue) =>
      changeHues(({ [worker]: _before, ...others }) =>
        hue === null ? others : { ...others, [worker]: hue },
      ),
    bookmarks,
    changeBookmarks,
    bookmarked,
  };
}
