import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { RunSummary } from '#shared/domain/Run.ts';
import { useNow } from '../build/state/useNow.ts';
import styles from '../build/list/BuildList.module.css';
import { listTarget } from '../../ui/listTarget.ts';
import { RunRow } from './RunRow.tsx';

const ROW_PX = 46;
const OVERSCAN = 6;
/** So near to the end of what is there more is asked for. */
const NEAR_END = 30;

interface RunListProps {
  runs: readonly RunSummary[];
  shown: string | undefined;
  onChoose: (runId: string) => void;
  /** Enter: on to the run itself. */
  onEnter: () => void;
  onNearEnd: () => void;
}

/** The runs, newest first, as many as there are; arrows choose, Enter goes into the chosen one. */
export function RunList({ runs, shown, onChoose, onEnter, onNearEnd }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useId();
  const now = useNow(runs.some(({ outcome }) => outcome === undefined));
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised, by hand or by a compiler
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => runs[index]?.id ?? index,
    overscan: OVERSCAN,
  });
  const at = runs.findIndex(({ id }) => id === shown);
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at);
  }, [virtual, at]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= runs.length - NEAR_END) onNearEnd();
  }, [last, runs.length, onNearEnd]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === 'ArrowRight') {
      event.preventDefault();
      onEnter();
      return;
    }
    const next = listTarget(event.key, at, runs.length, (scroller.current?.clientHeight ?? 0) / ROW_PX);
    const run = next === undefined ? undefined : runs[next];
    if (run === undefined) return;
    event.preventDefault();
    onChoose(run.id);
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label="Runs"
      tabIndex={0}
      data-run-list
      aria-activedescendant={at === -1 ? undefined : `${ids}-${shown ?? ''}`}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className={styles.extent} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const run = runs[item.index];
          return run === undefined ? null : (
            <RunRow
              key={item.key}
              id={`${ids}-${run.id}`}
              run={run}
              now={now}
              selected={run.id === shown}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onChoose={onChoose}
            />
          );
        })}
      </div>
    </div>
  );
}
