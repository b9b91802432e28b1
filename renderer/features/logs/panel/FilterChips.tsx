import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatLogTime } from '../time/formatLogTime.ts';
import styles from './FilterChips.module.css';
import type { LogFilterState } from './useLogFilter.ts';

/** What leaves lines out and is not seen in the toolbar: each can be taken away. */
export function FilterChips(props: { filter: LogFilterState; folded: boolean; onUnfold: () => void }) {
  const { filter, folded, onUnfold } = props;
  const { span, clearedMs, hiddenWorkers } = filter;
  if (span === null && clearedMs === null && hiddenWorkers.length === 0 && !folded) return null;
  const time = (ms: number) => formatLogTime(ms, 'local', null).slice(0, 10);
  return (
    <div className={styles.chips} role="group" aria-label="What is left out">
      {span ? (
        <Chip onRemove={() => filter.setSpan(null)} remove="Show all times">
          {time(span.fromMs)} – {time(span.toMs)}
        </Chip>
      ) : null}
      {clearedMs === null ? null : (
        <button type="button" className={styles.restore} onClick={() => filter.setClearedMs(null)}>
          Show earlier lines
        </button>
      )}
      {hiddenWorkers.length > 0 ? (
        <Chip onRemove={() => filter.setHiddenWorkers([])} remove="Show hidden workers">
          {hiddenWorkers.length === 1 ? '1 worker hidden' : `${hiddenWorkers.length} workers hidden`}
        </Chip>
      ) : null}
      {folded ? (
        <Chip onRemove={onUnfold} remove="Show stack traces whole">
          Stack traces folded
        </Chip>
      ) : null}
    </div>
  );
}

function Chip(props: { children: ReactNode; onRemove: () => void; remove: string }) {
  return (
    <span className={styles.chip}>
      {props.children}
      <button type="button" className={styles.remove} aria-label={props.remove} onClick={props.onRemove}>
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}
