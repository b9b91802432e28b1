import { X } from 'lucide-react';
import { type MouseEvent, type Ref, useRef, useSyncExternalStore } from 'react';
import type { LogRow } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { ContextMenu } from '../../../ui/ContextMenu.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import type { MenuEntry } from '../../../ui/MenuEntry.ts';
import { Select } from '../../../ui/Select.tsx';
import { LogList, type LogListHandle, type LogListProps } from '../list/LogList.tsx';
import { choiceOptions, choiceValue, readChoiceValue, type WorkerChoice } from '../query/WorkerChoice.ts';
import { type Pane, useOpenPane } from '../view/usePane.ts';
import { ColumnHeads } from './ColumnHeads.tsx';
import { EndPill, LineCount } from './EndPill.tsx';
import styles from './LogPane.module.css';
import { NothingToShow } from './NothingToShow.tsx';

interface LogPaneProps extends Pick<LogListProps, 'look' | 'bookmarks' | 'bookmarkRows' | 'currentId'> {
  pane: Pane;
  query: LogQuery;
  label: string;
  choice: WorkerChoice;
  workers: readonly string[];
  services: readonly string[];
  /** Stands beside others: has its own choice of workers, and can be closed unless it is the first. */
  split: boolean;
  active: boolean;
  onActivate: () => void;
  onChoice: (choice: WorkerChoice) => void;
  onClose: (() => void) | undefined;
  onRowAction: (action: 'details' | 'field', row: LogRow, field?: string) => void;
  /** What can be done with a row. */
  rowMenu: (row: LogRow) => MenuEntry[];
  onCopy: (from: number, to: number) => void;
  onMoved: () => void;
  onRemoveColumn: (field: string) => void;
  onReset: () => void;
  listRef: Ref<LogListHandle>;
}

/** One view of the log with its rows: the only one, or one of those side by side. */
export function LogPane(props: LogPaneProps) {
  const { pane, query, label, choice, workers, services, split, active, look } = props;
  useOpenPane(pane, query);
  const { rows, view } = pane;
  const atTop = () => !rows.following && rows.place.row === 0 && rows.firstRow === 0;
  useSyncExternalStore(view.subscribe, () => (atTop() ? view.state?.evictedLines : 0));
  // The list and what stands beside it listen to the rows by themselves.
  useSyncExternalStore(rows.subscribe, () =>
    [rows.rows.length === 0, rows.total === 0, rows.loading, atTop()].join(' '),
  );
  const heads = useRef<HTMLDivElement>(null);
  const pointed = useRef<LogRow | undefined>(undefined);
  const onContextMenu = (event: MouseEvent) => {
    const number = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
    // By key the menu is about the row of the cursor.
    pointed.current = rows.rowAt(
      number === null || number === undefined ? (rows.cursor.row ?? -1) : Number(number),
    );
  };
  const isRefused = useSyncExternalStore(
    view.subscribe,
    () => view.status === 'refused' && (view.state?.total ?? 0) === 0,
  );
  const isEmpty = rows.rows.length === 0 || isRefused || (rows.total === 0 && !rows.loading);
  const evicted = view.state?.evictedLines ?? 0;
  const showsTop = !isEmpty && atTop();

  return (
    <div
      className={styles.pane}
      data-active={(split && active) || undefined}
      onFocusCapture={props.onActivate}
      onPointerDownCapture={props.onActivate}
    >
      {split ? (
        <div className={styles.head}>
          <Select
            label={`Workers of ${label}`}
            hideLabel
            className={styles.choice}
            value={choiceValue(choice)}
            onChange={(value) => props.onChoice(readChoiceValue(value))}
            options={choiceOptions(workers, services, choice)}
          />
          <LineCount rows={rows} />
          {props.onClose ? (
            <IconButton size="small" label="Close this pane" icon={<X size={14} />} onClick={props.onClose} />
          ) : null}
        </div>
      ) : null}
      {look.columns.length > 0 ? (
        <ColumnHeads ref={heads} look={look} onRemove={props.onRemoveColumn} />
      ) : null}
      {showsTop && evicted > 0 ? (
        <p className={styles.evicted}>{evicted.toLocaleString('en')} older lines are not kept any more</p>
      ) : null}
      <div className={styles.body}>
        <ContextMenu items={() => (pointed.current ? props.rowMenu(pointed.current) : [])}>
          <div className={styles.list} onContextMenuCapture={onContextMenu}>
            <LogList
              ref={props.listRef}
              rows={rows}
              label={label}
              look={look}
              bookmarks={props.bookmarks}
              bookmarkRows={props.bookmarkRows}
              currentId={props.currentId}
              onRowAction={props.onRowAction}
              onCopy={props.onCopy}
              onMoved={props.onMoved}
              onSideways={(px) => {
                if (heads.current) heads.current.scrollLeft = px;
              }}
            />
          </div>
        </ContextMenu>
        {isEmpty ? (
          <div className={styles.overlay}>
            <NothingToShow
              pane={pane}
              query={query}
              choice={choice}
              workerCount={workers.length}
              onReset={props.onReset}
            />
          </div>
        ) : null}
        <EndPill rows={rows} />
      </div>
    </div>
  );
}
