import { memo } from 'react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { Badge } from '../../ui/Badge.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import { formatAgo } from '../welcome/formatAgo.ts';
import styles from './ImageList.module.css';
import { builtForText, isNamedById, nameOfImage, shortId } from './imageRows.ts';

interface ImageRowProps {
  id: string;
  image: ImageSummary;
  now: number;
  /** 0-based. */
  at: number;
  total: number;
  /** Pixels from the top of the list. */
  top: number;
  chosen: boolean;
  isCursor: boolean;
}

/** One image. */
export const ImageRow = memo(function ImageRow(props: ImageRowProps) {
  const { id, image, now, at, total, top, chosen, isCursor } = props;
  const { tags, usedBy, createdAt } = image;
  const name = displayName(nameOfImage(image));
  const builtFor = displayName(builtForText(image));
  return (
    <div
      id={id}
      role="option"
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-selected={chosen}
      aria-setsize={total}
      aria-posinset={at + 1}
      data-image={image.id}
      data-cursor={isCursor || undefined}
    >
      <span className={styles.nameCell} title={tags.join('\n') || image.id}>
        <span className={tags.length === 0 ? styles.nameless : styles.name}>{name}</span>
        {tags.length > 1 && <Badge title={displayName(tags.join('\n'))}>+{tags.length - 1}</Badge>}
        {tags.length === 0 && <Badge tone="warn">untagged</Badge>}
        {!isNamedById(image) && <code className={styles.id}>{shortId(image.id)}</code>}
      </span>
      <span className={styles.size}>{formatBytes(image.sizeBytes)}</span>
      <span className={styles.cell} data-column="created">
        {createdAt === 0 ? '—' : formatAgo(createdAt, now)}
      </span>
      <span className={styles.cell} data-column="usedBy" title={usedBy.map(displayName).join('\n')}>
        {usedBy.length === 0
          ? '—'
          : `${displayName(usedBy[0] ?? '')}${usedBy.length > 1 ? ` +${usedBy.length - 1}` : ''}`}
      </span>
      <span className={styles.cell} data-column="builtFor" title={builtFor}>
        {builtFor === '' ? '—' : builtFor}
      </span>
    </div>
  );
});
