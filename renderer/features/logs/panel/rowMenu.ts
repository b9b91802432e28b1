import type { LogRow } from '#shared/domain/LogView.ts';
import { formatLogJson } from '#shared/logs/formatLogLine.ts';
import type { MenuEntry } from '../../../ui/MenuEntry.ts';
import { displayName } from '../../app/displayName.ts';
import { rowsText } from '../output/rowsText.ts';
import { rowTimeMs } from '../view/rowTime.ts';

interface RowMenuActs {
  isBookmarked: boolean;
  isSplit: boolean;
  details: () => void;
  bookmark: () => void;
  copy: (text: string, said: string) => void;
  only: (worker: string) => void;
  hide: (worker: string) => void;
  jump: (timeMs: number) => void;
}

/** What can be done with one row. */
export function rowMenu(row: LogRow, acts: RowMenuActs): MenuEntry[] {
  const name = displayName(row.worker);
  return [
    { label: 'Details', keys: 'enter', onSelect: acts.details },
    {
      label: acts.isBookmarked ? 'Remove the bookmark' : 'Set a bookmark',
      keys: 'm',
      onSelect: acts.bookmark,
    },
    { label: 'Copy line', onSelect: () => acts.copy(rowsText([row]), 'Line copied') },
    { label: 'Copy as JSON', onSelect: () => acts.copy(formatLogJson(row), 'Line copied') },
    ...(row.worker === ''
      ? []
      : ([
          { kind: 'separator' },
          { label: `Only ${name}`, onSelect: () => acts.only(row.worker) },
          { label: `Hide ${name}`, onSelect: () => acts.hide(row.worker) },
        ] satisfies MenuEntry[])),
    ...(acts.isSplit
      ? ([
          { kind: 'separator' },
          { label: 'Same time in the other panes', onSelect: () => acts.jump(rowTimeMs(row)) },
        ] satisfies MenuEntry[])
      : []),
  ];
}
