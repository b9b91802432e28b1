import type { LogRow } from '#shared/domain/LogView.ts';
import { formatLogTime } from '../time/formatLogTime.ts';
import { rowTimeMs } from '../view/rowTime.ts';
import { rowText } from './rowText.ts';
import type { RowLook } from './RowLook.ts';

/** Widths of LogRowLine.module.css: edge, space after the worker, space after the text; then what a time adds. */
const FIXED_PX = 16 + 10 + 16;
const TIME_PX = 12;
const TIME_CHARACTERS = 12;
/** Room for a worker's name. */
export const WORKER_CHARACTERS = 14;
const COLUMN_GAP_CHARACTERS = 2;
/** The words after a line that was cut. */
const CUT_CHARACTERS = 26;
const TAB_CHARACTERS = 8;
/** Widths come in steps: not every longer line is another width. */
const STEP = 8;
/** Latin, Greek, Cyrillic, arrows, boxes and blocks: what monospaced fonts have. */
const NARROW = /^[\u0020-\u007e\u00a0-\u02ff\u0370-\u052f\u2010-\u2027\u2190-\u25ff]$/;

/** Room a text takes, in widths of a digit. Other scripts, ideographs and pictures count two: never too little. */
export function textColumns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    if (character === '\t') columns += TAB_CHARACTERS - (columns % TAB_CHARACTERS);
    else columns += NARROW.test(character) ? 1 : 2;
  }
  return columns;
}

/**
 * CSS width for rows that do not wrap, by the longest line: text in a monospaced font needs no layout to be measured.
 * It only grows while look and lines stay the same: long lines that leave must not make the list narrower under the
 * reader.
 */
export class LineWidth {
  #widest = 0;
  #look: RowLook | null = null;
  #query: unknown = null;

  of(rows: Iterable<LogRow>, look: RowLook, query: unknown): string {
    const isSame =
      this.#query === query &&
      this.#look?.columns === look.columns &&
      this.#look.timeMode === look.timeMode &&
      this.#look.wrap === look.wrap;
    if (!isSame) this.#widest = 0;
    this.#look = look;
    this.#query = query;
    for (const row of rows) this.#widest = Math.max(this.#widest, charactersOf(row, look));
    const characters = Math.ceil(this.#widest / STEP) * STEP;
    return `max(100%, calc(${characters}ch + ${FIXED_PX + (look.timeMode === 'off' ? 0 : TIME_PX)}px))`;
  }
}

function charactersOf(row: LogRow, look: RowLook): number {
  let characters = WORKER_CHARACTERS + textColumns(rowText(row).plain);
  // Only relative times have no fixed length.
  if (look.timeMode === 'relative')
    characters += Math.max(TIME_CHARACTERS, formatLogTime(rowTimeMs(row), 'relative', look.zero).length);
  else if (look.timeMode !== 'off') characters += TIME_CHARACTERS + 1;
  for (const column of look.columns) characters += column.width + COLUMN_GAP_CHARACTERS;
  if (row.continued !== undefined && row.continued > 0) characters += 4 + String(row.continued).length;
  if (row.truncated === true || row.fullLength !== undefined) characters += CUT_CHARACTERS;
  return characters;
}
