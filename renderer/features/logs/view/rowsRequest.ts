import type { LogAnchor } from '#shared/domain/LogView.ts';

/** Rows kept on each side of what is in sight. */
export const PREFETCH_ROWS = 200;
/** At the end fewer do: they are fetched often. */
const BEFORE_END_ROWS = 80;
/** A row is drawn up to this many characters; the details show all. */
const SHOWN_CHARACTERS = 4000;

/** Fewer than this many rows before the edge: more are fetched. */
const NEAR_ROWS = 40;
/** At the end so many above what is in sight. */
const NEAR_END_ROWS = 8;

/** Where a window of rows is to be. */
export type Aim =
  | { kind: 'end' }
  /** Where the reader stands. */
  | { kind: 'stand' }
  | { kind: 'reveal'; anchor: LogAnchor; align: 'middle' | 'top'; pick: boolean };

/** What to ask for. Rows are found again by their id, since their numbers change; `row` is for where none is at hand. */
export function rowsRequest(
  aim: Aim,
  standing: { id: string | null; row: number },
  visibleRows: number,
): { anchor: LogAnchor; before: number; count: number; maxChars: number } {
  if (aim.kind === 'end')
    return {
      anchor: { kind: 'end' },
      before: visibleRows + BEFORE_END_ROWS,
      count: 1,
      maxChars: SHOWN_CHARACTERS,
    };
  const here: LogAnchor =
    standing.id === null ? { kind: 'row', row: standing.row } : { kind: 'id', id: standing.id };
  return {
    anchor: aim.kind === 'reveal' ? aim.anchor : here,
    before: PREFETCH_ROWS,
    count: visibleRows + PREFETCH_ROWS,
    maxChars: SHOWN_CHARACTERS,
  };
}

/** What is in sight, and a little more where the reader may go next, is at hand. */
export function coversPlace(
  hand: { firstRow: number; endRow: number; total: number },
  sight: { row: number; rows: number; mayGoUp: boolean; mayGoDown: boolean },
): boolean {
  const from = Math.max(0, sight.row - (sight.mayGoUp ? NEAR_ROWS : 0));
  const to = Math.min(hand.total, sight.row + sight.rows + (sight.mayGoDown ? NEAR_ROWS : 0));
  return to <= from || (from >= hand.firstRow && to <= hand.endRow);
}

/** The same at the end. */
export function coversEnd(rows: number, total: number, visibleRows: number): boolean {
  return rows >= Math.min(total, visibleRows + NEAR_END_ROWS);
}
