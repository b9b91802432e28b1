import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { ContextMenu } from '../../ui/ContextMenu.tsx';
import type { MenuEntry } from '../../ui/MenuEntry.ts';
import styles from './ImageList.module.css';
import { ImageRow } from './ImageRow.tsx';
import type { SortKey, Sorting } from './imageRows.ts';
import { chooseOne, extendTo, type ImageSelection, rowAfterKey, toggleRow } from './imageSelection.ts';

const ROW_PX = 34;
const COLUMNS: { key: SortKey; title: string }[] = [
  { key: 'name', title: 'Image' },
  { key: 'size', title: 'Size' },
  { key: 'created', title: 'Created' },
  { key: 'usedBy', title: 'Used by' },
  { key: 'builtFor', title: 'Built for' },
];

export interface ImageListHandle {
  /** Gives it the keyboard, with the cursor's row in sight; without a cursor the first row is chosen. */
  focus(): void;
}

interface ImageListProps {
  images: readonly ImageSummary[];
  /** Epoch milliseconds, for ages. */
  now: number;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  selection: ImageSelection;
  onSelect: (selection: ImageSelection) => void;
  onOpen: (id: string) => void;
  onRemove: () => void;
  /** Entries for the rows that are chosen when the menu opens. */
  menu: () => readonly MenuEntry[];
  ref?: Ref<ImageListHandle>;
}

/** The images as a table of which only the rows in sight are drawn. Click and keys choose as in a file manager. */
export function ImageList(props: ImageListProps) {
  const { images, now, sorting, onSort, selection, onSelect, onOpen, onRemove, menu, ref } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const cursorAt = images.findIndex((image) => image.id === selection.cursor);
  const rows = useVirtualizer({
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    // The cursor's row is named to assistive technology, so it is drawn wherever it stands.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return cursorAt === -1 || drawn.includes(cursorAt) ? drawn : [...drawn, cursorAt].sort((a, b) => a - b);
    },
  });
  useImperativeHandle(
    ref,
    () => ({
      focus: () => {
        scroller.current?.focus();
        const [first] = images;
        // The window may have become smaller meanwhile.
        if (cursorAt !== -1) rows.scrollToIndex(cursorAt, { align: 'auto' });
        else if (first !== undefined) onSelect(chooseOne(first.id));
      },
    }),
    [rows, cursorAt, images, onSelect],
  );

  const ids = (): string[] => images.map((image) => image.id);
  useEffect(() => {
    if (cursorAt !== -1) rows.scrollToIndex(cursorAt, { align: 'auto' });
    // Rows that come and go must not scroll by themselves: only the cursor's own moves do.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selection.cursor]);

  const rowOf = (event: MouseEvent): string | undefined =>
    (event.target as Element).closest('[data-image]')?.getAttribute('data-image') ?? undefined;

  const onClick = (event: MouseEvent): void => {
    const row = rowOf(event);
    if (row === undefined) return;
    if (event.shiftKey) onSelect(extendTo(selection, ids(), row));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleRow(selection, row));
    else {
      onSelect(chooseOne(row));
      onOpen(row);
    }
  };
  const onContextMenu = (event: MouseEvent): void => {
    const row = rowOf(event);
    if (row !== undefined && !selection.chosen.has(row)) onSelect(chooseOne(row));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.target !== scroller.current) return;
    const mod = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX) / ROW_PX) - 1);
    const next = mod ? undefined : rowAfterKey(event.key, selection, ids(), page);
    if (next !== undefined) onSelect(event.shiftKey ? extendTo(selection, ids(), next) : chooseOne(next));
    else if (mod && event.key.toLowerCase() === 'a')
      onSelect({ ...selection, chosen: new Set(ids()), anchor: selection.anchor ?? ids()[0] ?? null });
    else if (mod) return;
    else if (event.key === ' ' && selection.cursor !== null) onSelect(toggleRow(selection, selection.cursor));
    else if (event.key === 'Enter' && selection.cursor !== null) onOpen(selection.cursor);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && selection.chosen.size > 0) onRemove();
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.table}>
      <div className={styles.heads} role="group" aria-label="Sort by">
        {COLUMNS.map(({ key, title }) => {
          const isSorted = sorting.key === key;
          const Arrow = sorting.descending ? ArrowDown : ArrowUp;
          return (
            <button
              key={key}
              type="button"
              className={styles.head}
              data-column={key}
              aria-pressed={isSorted}
              aria-label={`${title}${isSorted ? (sorting.descending ? ', descending' : ', ascending') : ''}`}
              onClick={() =>
                onSort({
                  key,
                  descending: isSorted ? !sorting.descending : key !== 'name' && key !== 'builtFor',
                })
              }
            >
              {title}
              {isSorted && <Arrow size={12} aria-hidden />}
            </button>
          );
        })}
      </div>
      <ContextMenu items={menu}>
        <div
          ref={scroller}
          className={styles.scroller}
          role="listbox"
          aria-label="Images"
          aria-multiselectable
          tabIndex={0}
          aria-activedescendant={cursorAt === -1 ? undefined : `${id}-${cursorAt}`}
          onClick={onClick}
          onContextMenu={onContextMenu}
          onKeyDown={onKeyDown}
        >
          <div className={styles.space} role="presentation" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((item) => {
              const image = images[item.index];
              return (
                image && (
                  <ImageRow
                    key={image.id}
                    id={`${id}-${item.index}`}
                    image={image}
                    now={now}
                    at={item.index}
                    total={images.length}
                    top={item.start}
                    chosen={selection.chosen.has(image.id)}
                    isCursor={image.id === selection.cursor}
                  />
                )
              );
            })}
          </div>
        </div>
      </ContextMenu>
    </div>
  );
}
