import type { LogRow } from '#shared/domain/LogView.ts';
import { cleanTerminalText, withoutColours } from '../cleanTerminalText.ts';

/** Rows as text for the clipboard: the worker in front, without colours and control characters. */
export function rowsText(rows: readonly LogRow[]): string {
  return rows
    .map((row) => {
      const text = withoutColours(cleanTerminalText(row.text));
      if (row.kind === 'stdout' || row.kind === 'stderr') return `${row.worker}  ${text}`;
      return row.worker === '' ? `— ${text}` : `— ${row.worker} ${text}`;
    })
    .join('\n');
}
