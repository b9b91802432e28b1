import { X } from 'lucide-react';
import type { Ref } from 'react';
import { displayName } from '../../app/displayName.ts';
import type { RowLook } from '../list/RowLook.ts';
import styles from './ColumnHeads.module.css';

/** Names of the field columns, placed as the rows place them. */
export function ColumnHeads(props: {
  look: RowLook;
  onRemove: (field: string) => void;
  ref: Ref<HTMLDivElement>;
}) {
  const { look, onRemove, ref } = props;
  return (
    <div ref={ref} className={styles.heads} role="group" aria-label="Columns">
      <span className={styles.gutter} />
      {look.timeMode === 'off' ? null : <span className={styles.time}>Time</span>}
      <span className={styles.worker}>Worker</span>
      {look.columns.map((column) => (
        <button
          key={column.field}
          type="button"
          className={column.numeric ? styles.number : styles.field}
          style={{ width: `calc(${column.width}ch + 2ch)` }}
          aria-label={`Remove the column ${displayName(column.field)}`}
          data-tooltip={`Remove the column ${displayName(column.field)}`}
          onClick={() => onRemove(column.field)}
        >
          <span className={styles.name}>{displayName(column.field)}</span>
          <X size={11} aria-hidden className={styles.remove} />
        </button>
      ))}
      <span className={styles.text}>Text</span>
    </div>
  );
}
