import { useMemo } from 'react';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { buildLogQuery, type QueryParts } from '../query/buildLogQuery.ts';
import { choiceValue, type WorkerChoice } from '../query/WorkerChoice.ts';
import type { LogFilterState } from './useLogFilter.ts';

/** The query of a pane by its choice of workers: the same object while nothing of it changed. */
export function usePaneQueries(
  filter: LogFilterState,
  foldTraces: boolean,
): (choice: WorkerChoice) => LogQuery {
  const { filter: parsed, levels, span, clearedMs, hiddenWorkers } = filter;
  return useMemo(() => {
    const made = new QueriesByChoice({ hiddenWorkers, filter: parsed, levels, clearedMs, span, foldTraces });
    return (choice) => made.of(choice);
  }, [parsed, levels, span, clearedMs, hiddenWorkers, foldTraces]);
}

class QueriesByChoice {
  readonly #parts: Omit<QueryParts, 'choice'>;
  readonly #made = new Map<string, LogQuery>();

  constructor(parts: Omit<QueryParts, 'choice'>) {
    this.#parts = parts;
  }

  of(choice: WorkerChoice): LogQuery {
    const key = choiceValue(choice);
    const query = this.#made.get(key) ?? buildLogQuery({ ...this.#parts, choice });
    this.#made.set(key, query);
    return query;
  }
}
