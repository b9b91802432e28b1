import { Search, Trash2 } from 'lucide-react';
import type { Ref } from 'react';
import type { ImageSummary } from '#shared/domain/Image.ts';
import { Button } from '../../ui/Button.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { formatBytes } from '../build/formatBytes.ts';
import type { ImageKind } from './imageRows.ts';
import styles from './ImagesToolbar.module.css';

const KINDS: { value: ImageKind; label: string }[] = [
  { value: 'all', label: 'All images' },
  { value: 'used', label: 'Used by containers' },
  { value: 'unused', label: 'Not used' },
  { value: 'dangling', label: 'Untagged' },
];

interface ImagesToolbarProps {
  search: Ref<HTMLInputElement>;
  filter: string;
  onFilter: (filter: string) => void;
  /** From the filter to the list. */
  onLeave: () => void;
  kind: ImageKind;
  onKind: (kind: ImageKind) => void;
  shown: number;
  chosen: readonly ImageSummary[];
  canAct: boolean;
  onRemove: () => void;
}

/** Filter, kind, and what is chosen. */
export function ImagesToolbar(props: ImagesToolbarProps) {
  const { search, filter, onFilter, onLeave, kind, onKind, shown, chosen, canAct, onRemove } = props;
  return (
    <div className={styles.bar}>
      <TextField
        ref={search}
        className={styles.search}
        label="Filter images"
        hideLabel
        placeholder="Filter by name, id, container, project"
        value={filter}
        onChange={onFilter}
        icon={<Search size={13} />}
        trailing={filter === '' ? <Kbd keys="/" /> : undefined}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && filter !== '') {
            event.stopPropagation();
            onFilter('');
          } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      <Select className={styles.kind} label="Kind" hideLabel value={kind} onChange={onKind} options={KINDS} />
      <span className={styles.count} role="status">
        {chosen.length > 1
          ? `${chosen.length} chosen, ${formatBytes(chosen.reduce((sum, image) => sum + image.sizeBytes, 0))} with what they share`
          : filter === '' && kind === 'all'
            ? ''
            : `${shown} shown`}
      </span>
      {chosen.length > 1 && (
        <Button size="small" icon={<Trash2 size={13} />} disabled={!canAct} onClick={onRemove}>
          Remove {chosen.length}…
        </Button>
      )}
    </div>
  );
}
