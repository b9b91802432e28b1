import { LOG_LEVELS } from '../domain/LogLine.ts';
import { compileExpression, isAscii } from './compileExpression.ts';
import { compileFieldTest } from './compileFieldTest.ts';
import type { LogQuery, LogTerm } from './LogQuery.ts';
import { fieldOf } from './readFields.ts';
import { withoutColours } from './withoutColours.ts';

/** What a query asks of a line. */
export interface QueriedLine {
  kind: 'stdout' | 'stderr' | 'notice';
  worker: string;
  service: string;
  /** Index into LOG_LEVELS. */
  level: number;
  timeMs: number;
  /** Continues the line before it (stack trace). */
  continuation: boolean;
  /** As the program wrote it; asked for only when all else holds. */
  text: () => string;
}

export interface CompiledLogQuery {
  /** Lines cannot be told by their heads alone: `test` may ask for the text. */
  needsText: boolean;
  /**
   * ASCII text without which no line passes: the longest of the terms. To be looked for in the raw bytes; unless `matchCase`, ASCII letters of both
   * cases are the same. Lines that hold an escape (bytes 1B, or C2 9B) must be tested all the same: colours may stand within the term.
   */
  literal?: { text: string; matchCase: boolean };
  test: (line: QueriedLine) => boolean;
}

/**
 * Prepares a query for testing many lines. An empty list of workers, services or levels lets no line pass. Terms, fields, levels and a
 * stream leave out notices.
 * @throws FlotillaError `invalid-input` for a regular expression that is none
 */
export function compileLogQuery(query: LogQuery): CompiledLogQuery {
  const include = (query.include ?? []).map(compileExpression);
  const exclude = (query.exclude ?? []).map(compileExpression);
  const fields = (query.fields ?? []).map((test) => ({ name: test.field, holds: compileFieldTest(test) }));
  const needsText = include.length + exclude.length + fields.length > 0;
  const literal = longestLiteral(query.include ?? []);
  const { workers, hiddenWorkers, services, levels, stream, fromMs, toMs, foldTraces = false } = query;
  const shown = workers && new Set(workers);
  const hidden = new Set(hiddenWorkers);
  const wantedServices = services && new Set(services);
  const wantedLevels = levels && LOG_LEVELS.map((level) => levels.includes(level));
  const hidesNotices =
    query.hideNotices === true || needsText || levels !== undefined || stream !== undefined;

  return {
    needsText,
    ...(literal === undefined ? {} : { literal }),
    test(line) {
      if (line.kind === 'notice') {
        if (hidesNotices) return false;
      } else if (
        (stream !== undefined && line.kind !== stream) ||
        (wantedLevels !== undefined && wantedLevels[line.level] !== true)
      )
        return false;
      if (foldTraces && line.continuation) return false;
      if (fromMs !== undefined && line.timeMs < fromMs) return false;
      if (toMs !== undefined && line.timeMs >= toMs) return false;
      if (shown !== undefined && !shown.has(line.worker)) return false;
      if (hidden.has(line.worker)) return false;
      if (wantedServices !== undefined && !wantedServices.has(line.service)) return false;
      if (!needsText) return true;
      const text = withoutColours(line.text());
      for (const expression of include) if (!expression.test(text)) return false;
      for (const expression of exclude) if (expression.test(text)) return false;
      for (const { name, holds } of fields) if (!holds(fieldOf(text, name))) return false;
      return true;
    },
  };
}

function longestLiteral(terms: readonly LogTerm[]): CompiledLogQuery['literal'] {
  let longest: LogTerm | undefined;
  for (const term of terms) {
    if (term.regex === true || !isAscii(term.text)) continue;
    if (term.text.length > (longest?.text.length ?? 0)) longest = term;
  }
  return longest && { text: longest.text, matchCase: longest.matchCase ?? false };
}
