import { useMemo } from 'react';
import type { PrunePreview } from '#shared/domain/Image.ts';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import { formatAgo } from '../welcome/formatAgo.ts';
import { cacheRecordFacts } from './cacheRecordWords.ts';
import styles from './dialogs.module.css';
import { shortId } from './imageRows.ts';
import { nameOfGoing } from './nameOfGoing.ts';

/** So many are drawn; the others are counted. */
const MOST_SHOWN = 300;

/** What pruning would take away, with how much that frees. */
export function PruneList({ preview }: { preview: PrunePreview }) {
  const { images, scope, reclaimableBytes } = preview;
  const now = useMemo(() => (images.length === 0 ? 0 : Date.now()), [images]);
  const names = useMemo(() => new Map(images.map((image) => [image.id, nameOfGoing(image)])), [images]);
  if (images.length === 0) return <p>There is nothing to prune.</p>;
  const unit = scope === 'build-cache' ? 'record' : 'image';
  return (
    <>
      <p>
        <span className={styles.total}>{formatBytes(reclaimableBytes)}</span>
        <span className={styles.muted}>
          {' '}
          would become free by {images.length} {unit}
          {images.length === 1 ? '' : 's'};{' '}
          {scope === 'build-cache' ? 'what images share is not counted.' : 'shared layers count once.'}
        </span>
      </p>
      <ul className={styles.list} aria-label="What would go">
        {images.slice(0, MOST_SHOWN).map((image) => {
          const { id, createdAt = 0, under } = image;
          const facts = [
            ...cacheRecordFacts(image, (time) => formatAgo(time, now)),
            ...(image.cache === undefined && image.tags.length === 0 ? ['untagged'] : []),
            ...(createdAt === 0 ? [] : [`made ${formatAgo(createdAt, now)}`]),
            ...(under === undefined ? [] : [`goes with ${names.get(under) ?? shortId(under)}, built on it`]),
          ];
          return (
            <li key={id} className={styles.item}>
              <span className={styles.name} title={displayName(image.description ?? id)}>
                {displayName(names.get(id) ?? shortId(id))}
              </span>
              <span className={styles.size}>{formatBytes(image.sizeBytes)}</span>
              {facts.length > 0 && <span className={styles.note}>{displayName(facts.join(' · '))}</span>}
            </li>
          );
        })}
        {images.length > MOST_SHOWN && <li className={styles.item}>and {images.length - MOST_SHOWN} more</li>}
      </ul>
    </>
  );
}
