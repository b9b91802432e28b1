import { Bookmark as BookmarkIcon, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Popover } from '../../../ui/Popover.tsx';
import { displayName } from '../../app/displayName.ts';
import type { Bookmark } from '../marks/bookmarks.ts';
import { formatFullTime } from '../time/formatLogTime.ts';
import styles from './BookmarkList.module.css';

interface BookmarkListProps {
  bookmarks: readonly Bookmark[];
  onGoTo: (bookmark: Bookmark) => void;
  onRemove: (bookmark: Bookmark) => void;
}

/** The rows marked to come back to. */
export function BookmarkList({ bookmarks, onGoTo, onRemove }: BookmarkListProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Bookmarks"
      open={open}
      onOpenChange={setOpen}
      className={styles.popover}
      trigger={<IconButton label="Bookmarks" icon={<BookmarkIcon size={15} />} />}
    >
      {bookmarks.length === 0 ? (
        <p className={styles.none}>No bookmarks. Press M on a line to set one.</p>
      ) : (
        <ul>
          {bookmarks.map((bookmark) => (
            <li key={bookmark.id} className={styles.row}>
              <button
                type="button"
                className={styles.go}
                onClick={() => {
                  setOpen(false);
                  onGoTo(bookmark);
                }}
              >
                <span className={styles.about}>
                  {formatFullTime(Number(bookmark.timestamp) / 1e6)} · {displayName(bookmark.worker)}
                </span>
                <span className={styles.text}>{displayName(bookmark.excerpt)}</span>
              </button>
              <IconButton
                size="small"
                label="Remove this bookmark"
                icon={<Trash2 size={13} />}
                onClick={() => onRemove(bookmark)}
              />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
