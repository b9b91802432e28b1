import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import type { LogQuery, LogTerm } from '#shared/logs/LogQuery.ts';
import type { WorkerChoice } from './WorkerChoice.ts';

/** Epoch milliseconds; `toMs` excluded. */
export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

/** Everything that decides which lines are shown. */
export interface QueryParts {
  choice: WorkerChoice;
  hiddenWorkers: readonly string[];
  /** Of the filter field. */
  filter: LogQuery;
  /** Null: all. */
  levels: readonly LogLevel[] | null;
  /** Lines before it were cleared away, epoch milliseconds. */
  clearedMs: number | null;
  span: TimeSpan | null;
  foldTraces: boolean;
}

/** One query of all parts; what is not restricted is left out, so that equal views have equal queries. */
export function buildLogQuery(parts: QueryParts): LogQuery {
  const { choice, filter, span } = parts;
  const query: LogQuery = { ...filter };
  if (choice.kind === 'service') query.services = both(filter.services, [choice.service]);
  if (choice.kind === 'worker') query.workers = both(filter.workers, [choice.worker]);
  // Who was chosen by name is shown, hidden or not.
  if (parts.hiddenWorkers.length > 0 && choice.kind !== 'worker')
    query.hiddenWorkers = [...new Set([...(filter.hiddenWorkers ?? []), ...parts.hiddenWorkers])];
  if (parts.levels) query.levels = both(filter.levels, [...parts.levels]);
  const from = [filter.fromMs, parts.clearedMs, span?.fromMs].filter(isNumber);
  if (from.length > 0) query.fromMs = Math.max(...from);
  const to = [filter.toMs, span?.toMs].filter(isNumber);
  if (to.length > 0) query.toMs = Math.min(...to);
  if (parts.foldTraces) query.foldTraces = true;
  return query;
}

/** The lines of `query` in which a term is found. */
export function withTerm(query: LogQuery, term: LogTerm): LogQuery {
  return { ...query, include: [...(query.include ?? []), term] };
}

/** Whether anything but the choice of workers leaves lines out. */
export function isFiltered(query: LogQuery): boolean {
  const { workers: _workers, services: _services, foldTraces: _fold, hideNotices: _notices, ...rest } = query;
  return Object.keys(rest).length > 0;
}

/** A level and all above. */
export function levelsFrom(least: LogLevel): LogLevel[] {
  return LOG_LEVELS.slice(LOG_LEVELS.indexOf(least));
}

function both<Item>(left: readonly Item[] | undefined, right: Item[]): Item[] {
  return left === undefined ? right : right.filter((item) => left.includes(item));
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}
