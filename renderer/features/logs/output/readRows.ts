import type { LogRow } from '#shared/domain/LogView.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';

const PAGE_ROWS = 2000;
/** More is for the export. */
export const MOST_COPIED_ROWS = 100_000;

/** Rows of a view by their numbers, both included, in pieces; as many as there are, at most MOST_COPIED_ROWS. */
export async function readRows(
  view: Pick<LogViewClient, 'rows'>,
  range: { from: number; to: number },
  options: { onProgress?: (done: number, of: number) => void; signal?: AbortSignal } = {},
): Promise<LogRow[]> {
  const end = Math.min(range.to + 1, range.from + MOST_COPIED_ROWS);
  const rows: LogRow[] = [];
  while (range.from + rows.length < end) {
    options.signal?.throwIfAborted();
    const next = range.from + rows.length;
    const answer = await view.rows({
      anchor: { kind: 'row', row: next },
      before: 0,
      count: Math.min(PAGE_ROWS, end - next),
      maxChars: 65_536,
    });
    const fresh = answer.rows.slice(Math.max(0, next - answer.firstRow));
    if (fresh.length === 0) break;
    rows.push(...fresh);
    options.onProgress?.(Math.min(rows.length, end - range.from), end - range.from);
  }
  return rows;
}
