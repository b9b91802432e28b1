import { LOG_LEVELS, type LogLevel } from '../domain/LogLine.ts';
import { FilterParser, type FilterProblem } from './FilterParser.ts';
import type { LogFieldTest, LogQuery, LogTerm } from './LogQuery.ts';

export type { FilterProblem } from './FilterParser.ts';

/**
 * Reads a filter as it is typed, tokens between blanks that must all hold:
 *
 *     word "two words" "Case"c       the text is there; c: case matters
 *     /expression/ /expression/c     the regular expression is found
 *     -word -"two words" -/expr/     none of these
 *     rank=3 loss<0.1 msg~"out of"   fields: = != < <= > >= ~ (contains)
 *     level:warn,error level>=warn   levels; -level:debug for all others
 *     worker:solver-1,solver-2       workers; -worker:solver-3 hides it
 *     service:solver stream:stderr
 *
 * Never throws: `problems` tells what is not understood; such tokens are left out of the query, what is unclosed is taken as text.
 */
export function parseLogFilter(text: string): { query: LogQuery; problems: FilterProblem[] } {
  const { query, problems } = new FilterParser(text);
  return { query, problems };
}

/**
 * Writes a query so that {@link parseLogFilter} reads the same. Left out is what the language has no words for: times, folding, notices, empty
 * lists, and fields whose names are no identifiers.
 */
export function formatLogFilter(query: LogQuery): string {
  const tokens = [
    formatList('worker:', query.workers),
    formatList('-worker:', query.hiddenWorkers),
    formatList('service:', query.services),
    formatLevels(query.levels),
    query.stream === undefined ? '' : `stream:${query.stream}`,
    ...(query.fields ?? []).map(formatField),
    ...(query.include ?? []).map(formatTerm),
    ...(query.exclude ?? []).map((term) => `-${formatTerm(term)}`),
  ];
  return tokens.filter((token) => token !== '').join(' ');
}

function formatList(key: string, names: readonly string[] = []): string {
  if (names.length === 0) return '';
  return key + names.map((name) => (/^[^\s",][^\s,]*$/.test(name) ? name : quoted(name))).join(',');
}

function formatLevels(levels: readonly LogLevel[] = []): string {
  const named = LOG_LEVELS.filter((level) => levels.includes(level));
  const [lowest] = named;
  if (lowest === undefined) return '';
  const isOpenAbove = named.length > 1 && named.length === LOG_LEVELS.length - LOG_LEVELS.indexOf(lowest);
  return isOpenAbove ? `level:>=${lowest}` : `level:${named.join(',')}`;
}

function formatField({ field, operator, value }: LogFieldTest): string {
  for (const token of [`${field}${operator}${value}`, `${field}${operator}${quoted(value)}`]) {
    const { query, problems } = parseLogFilter(token);
    const [read] = query.fields ?? [];
    const isSame = read?.field === field && read.operator === operator && read.value === value;
    if (isSame && problems.length === 0 && Object.keys(query).length === 1 && query.fields?.length === 1)
      return token;
  }
  return '';
}

function formatTerm({ text, regex: isRegex, matchCase }: LogTerm): string {
  const suffix = matchCase === true ? 'c' : '';
  if (isRegex === true)
    return `/${text.replace(/\\[^]|\//g, (part) => (part === '/' ? '\\/' : part))}/${suffix}`;
  return suffix === '' && isPlain(text) ? text : quoted(text) + suffix;
}

/** The text is read as itself without quotes. */
function isPlain(text: string): boolean {
  const { query, problems } = parseLogFilter(text);
  const isOne = query.include?.length === 1 && Object.keys(query).length === 1;
  return isOne && problems.length === 0 && query.include?.[0]?.text === text && !/^["/]/.test(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
