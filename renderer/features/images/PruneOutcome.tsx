import type { PrunePreview, PruneResult } from '#shared/domain/Image.ts';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './dialogs.module.css';
import { shortId } from './imageRows.ts';
import { nameOfGoing } from './nameOfGoing.ts';

/** What pruning has freed, and what stayed, each with the reason. */
export function PruneOutcome({ outcome, preview }: { outcome: PruneResult; preview: PrunePreview | null }) {
  const { removed, freedBytes, kept } = outcome;
  const names = new Map(preview?.images.map((image) => [image.id, nameOfGoing(image)]));
  return (
    <>
      <p role="status">
        <span className={styles.total}>{formatBytes(freedBytes)}</span>
        <span className={styles.muted}> freed; {removed} removed.</span>
      </p>
      {kept.length > 0 && (
        <ul className={styles.list} aria-label="What stayed">
          {kept.map(({ id, reason }) => (
            <li key={id} className={styles.item}>
              <span className={styles.name}>{displayName(names.get(id) ?? shortId(id))}</span>
              <span className={styles.note}>{displayName(reason)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
