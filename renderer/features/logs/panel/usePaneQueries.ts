import { useMemo } from 'react';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { buildLogQuery } from '../query/buildLogQuery.ts';
import { choiceValue, type WorkerChoice } from '../query/WorkerChoice.ts';
import type { LogFilterState } from './useLogFilter.ts';

/** The query of a pane by its choice of workers: the same object while nothing of it changed. */
export function usePaneQueries(
  filter: LogFilterState,
  foldTraces: boolean,
): (choice: WorkerChoice) => LogQuery {
  const { filter: parsed, levels, span, clearedMs, hiddenWorkers } = filter;
  return useMemo(() => {
    const made = new Map<string, LogQuery>();
    return (choice) => {
      const key = choiceValue(choice);
      const query =
        made.get(key) ??
        buildLogQuery({ choice, hiddenWorkers, filter: parsed, levels, clearedMs, span, foldTraces });
      made.set(key, query);
      return query;
    };
  }, [parsed, levels, span, clearedMs, hiddenWorkers, foldTraces]);
}
