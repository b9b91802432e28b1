import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogAnchor, LogHistogram, LogRow, LogRows } from '#shared/domain/LogView.ts';
import type { LogQuery, LogTerm } from '#shared/logs/LogQuery.ts';

/** Rows by number; an array, or made up as they are asked for. */
export interface RowSource {
  length: number;
  at(row: number): LogRow | undefined;
}

export function isShown(row: LogRow, query: LogQuery): boolean {
  const service = row.worker.replace(/-\d+$/, '');
  const has = (term: LogTerm) =>
    new RegExp(
      term.regex ? term.text : term.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
      term.matchCase ? 'u' : 'iu',
    ).test(row.text);
  return (
    (!query.workers || query.workers.includes(row.worker)) &&
    (!query.services || query.services.includes(service)) &&
    !(query.hiddenWorkers ?? []).includes(row.worker) &&
    (!query.levels || query.levels.includes(row.level)) &&
    (query.fromMs === undefined || timeMs(row) >= query.fromMs) &&
    (query.toMs === undefined || timeMs(row) < query.toMs) &&
    (query.include ?? []).every(has) &&
    !(query.exclude ?? []).some(has) &&
    (query.fields ?? []).every((test) => row.text.includes(`${test.field}=${test.value}`)) &&
    !(query.foldTraces && row.continuation)
  );
}

export function rowsOf(
  shown: RowSource,
  input: { anchor: LogAnchor; before: number; count: number; maxChars?: number },
): LogRows {
  const total = shown.length;
  if (total === 0) return { rows: [], firstRow: 0, anchorRow: 0, total: 0 };
  const anchorRow = anchorOf(shown, input.anchor);
  const firstRow = Math.max(0, anchorRow - input.before);
  const rows: LogRow[] = [];
  for (let row = firstRow; row < Math.min(total, anchorRow + input.count); row += 1) {
    const found = shown.at(row);
    if (!found) continue;
    const cut = input.maxChars ?? 4096;
    // As over a wire: never the same object.
    rows.push(
      found.text.length > cut
        ? { ...found, text: found.text.slice(0, cut), fullLength: found.text.length }
        : { ...found },
    );
  }
  return { rows, firstRow, anchorRow, total };
}

export function nextOf(shown: RowSource, input: { from: LogAnchor; direction: 'next' | 'previous' }) {
  const at = anchorOf(shown, input.from) + (input.direction === 'next' ? 1 : -1);
  const row = at < 0 ? undefined : shown.at(at);
  return row ? { row, rowNumber: at } : null;
}

function anchorOf(shown: RowSource, anchor: LogAnchor): number {
  const last = Math.max(0, shown.length - 1);
  if (anchor.kind === 'end') return last;
  if (anchor.kind === 'row') return Math.min(last, anchor.row);
  if (anchor.kind === 'id') {
    const found = findId(shown, anchor.id);
    if (found >= 0) return found;
    const line = Number(anchor.id.split(':')[1]);
    for (let row = 0; row <= last; row += 1) if (Number(shown.at(row)?.id.split(':')[1]) >= line) return row;
    return last;
  }
  for (let row = 0; row <= last; row += 1) {
    const found = shown.at(row);
    if (found && timeMs(found) >= anchor.timeMs) return row;
  }
  return last;
}

export function findId(shown: RowSource, id: string): number {
  if (Array.isArray(shown)) return shown.findIndex((row) => row.id === id);
  const line = Number(id.split(':')[1]);
  return shown.at(line)?.id === id ? line : -1;
}

export function histogramOf(rows: RowSource, count: number): LogHistogram {
  const first = rows.at(0);
  const last = rows.length > 0 ? rows.at(rows.length - 1) : undefined;
  if (!first || !last) return { fromMs: 0, toMs: 0, buckets: [] };
  const fromMs = timeMs(first);
  const toMs = timeMs(last) + 1;
  const buckets = Array.from({ length: count }, () => LOG_LEVELS.map(() => 0));
  for (let at = 0; at < Math.min(rows.length, 100_000); at += 1) {
    const row = rows.at(at);
    if (!row) continue;
    const bucket =
      buckets[Math.min(count - 1, Math.floor(((timeMs(row) - fromMs) / (toMs - fromMs)) * count))];
    const level = LOG_LEVELS.indexOf(row.level);
    if (bucket) bucket[level] = (bucket[level] ?? 0) + 1;
  }
  return { fromMs, toMs, buckets };
}

export function timeMs(row: LogRow): number {
  return Number(row.timestamp) / 1e6;
}
