import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../ui/Button.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './LeftOutNotice.module.css';
import type { LeftOut } from './useContextPreview.ts';

interface LeftOutNoticeProps {
  leftOut: LeftOut | undefined;
  isBusy: boolean;
  onUndo: () => void;
}

/** News of what was left out last, and the way back. Stands in the dialog: a toast behind it could not be reached. */
export function LeftOutNotice({ leftOut, isBusy, onUndo }: LeftOutNoticeProps) {
  const undo = useRef<HTMLButtonElement>(null);
  // The row that had the press is gone: the keyboard comes here, where a second Enter takes back instead of leaving out one more.
  useEffect(() => {
    if (leftOut !== undefined && !isBusy) undo.current?.focus();
  }, [leftOut, isBusy]);
  return (
    <div className={styles.notice} role="status">
      {leftOut !== undefined && (
        <>
          <Check size={14} className={styles.icon} aria-hidden />
          <span className={styles.text}>
            <span className={styles.path}>{displayName(leftOut.path)}</span>{' '}
            {leftOut.savedBytes > 0
              ? `left out: ${formatBytes(leftOut.savedBytes)} less`
              : `added to ${displayName(leftOut.file)}`}
          </span>
          <Button ref={undo} size="small" variant="ghost" disabled={isBusy} onClick={onUndo}>
            Undo
          </Button>
        </>
      )}
    </div>
  );
}
