import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { LogLevel } from '#shared/domain/LogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { type FilterProblem, parseLogFilter } from '#shared/logs/parseLogFilter.ts';
import type { TimeSpan } from '../query/buildLogQuery.ts';

const TYPING_MS = 200;

/** What the reader leaves out of a log, apart from the choice of workers. */
export interface LogFilterState {
  text: string;
  setText: (text: string) => void;
  /** Adds a test to the field, at once. */
  addText: (part: string) => void;
  problems: readonly FilterProblem[];
  /** Of the text, when it was last free of problems. */
  filter: LogQuery;
  levels: readonly LogLevel[] | null;
  setLevels: (levels: readonly LogLevel[] | null) => void;
  span: TimeSpan | null;
  setSpan: (span: TimeSpan | null) => void;
  /** Epoch milliseconds. */
  clearedMs: number | null;
  setClearedMs: (ms: number | null) => void;
  hiddenWorkers: readonly string[];
  setHiddenWorkers: (workers: readonly string[]) => void;
  /** Takes all of it away. */
  reset: () => void;
}

export function useLogFilter(first: TimeSpan | null): LogFilterState {
  const [text, setText] = useState('');
  const [applied, setApplied] = useState('');
  const [levels, setLevels] = useState<readonly LogLevel[] | null>(null);
  const [span, setSpan] = useState<TimeSpan | null>(first);
  const [clearedMs, setClearedMs] = useState<number | null>(null);
  const [hiddenWorkers, setHiddenWorkers] = useState<readonly string[]>([]);

  useEffect(() => {
    if (text === applied) return undefined;
    // Each change opens a view on the privileged side: not one a key.
    const timer = setTimeout(() => setApplied(text), text === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, applied]);

  const typed = useDeferredValue(text);
  const problems = useMemo(() => parseLogFilter(typed).problems, [typed]);
  const [filter, setFilter] = useState<LogQuery>({});
  useEffect(() => {
    const parsed = parseLogFilter(applied);
    // A half-typed expression leaves the lines that are shown as they are.
    if (parsed.problems.length === 0) setFilter(parsed.query);
  }, [applied]);

  return {
    text,
    setText,
    addText: (part) => {
      if (part === '') return;
      const next = text.trim() === '' ? part : `${text.trim()} ${part}`;
      setText(next);
      setApplied(next);
    },
    problems,
    filter,
    levels,
    setLevels,
    span,
    setSpan,
    clearedMs,
    setClearedMs,
    hiddenWorkers,
    setHiddenWorkers,
    reset: () => {
      setText('');
      setApplied('');
      setLevels(null);
      setSpan(null);
      setClearedMs(null);
      setHiddenWorkers([]);
    },
  };
}
