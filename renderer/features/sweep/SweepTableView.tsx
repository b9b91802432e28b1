import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { SweepJob, SweepJobState } from '#shared/domain/Sweep.ts';
import { cellWords, remarksOf, titleWords } from '#shared/sweep/describeSweep.ts';
import type { TableColumn } from '#shared/sweep/sweepTable.ts';
import { listTarget } from '../../ui/listTarget.ts';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import { formatDuration } from '../app/formatDuration.ts';
import { useNow } from '../build/state/useNow.ts';
import styles from './SweepTableView.module.css';

const ROW_PX = 28;
const OVERSCAN = 10;
/** From so many characters a cell is cut, and tells the rest when it is pointed at. */
const LONG = 24;

const TONES: Record<SweepJobState, Tone> = { ok: 'ok', failed: 'danger', running: 'busy', waiting: 'idle' };

export interface SortOrder {
  /** Key of the column. */
  by: string;
  descending: boolean;
}

interface SweepTableViewProps {
  columns: readonly TableColumn[];
  /** Keys of those that hold words: they are not set as numbers are. */
  texts: ReadonlySet<string>;
  /** In the order they are shown in. */
  jobs: readonly SweepJob[];
  sort: SortOrder;
  onSort: (sort: SortOrder) => void;
  /** Index of the chosen job. */
  chosen: number | undefined;
  onChoose: (index: number) => void;
  /** Enter: on to the job itself. */
  onEnter: () => void;
}

/** The jobs of a sweep, as many as there are: a click on a title sorts, arrows choose, Enter goes into the chosen one. */
export function SweepTableView({
  columns,
  texts,
  jobs,
  sort,
  onSort,
  chosen,
  onChoose,
  onEnter,
}: SweepTableViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useId();
  const now = useNow(jobs.some(({ state }) => state === 'running'));
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised, by hand or by a compiler
  const virtual = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // The head stays on top, and covers so much.
    scrollPaddingStart: ROW_PX,
  });
  const at = jobs.findIndex(({ index }) => index === chosen);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at);
    // Only a choice scrolls, not a job that moves because of its news.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [virtual, chosen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && at !== -1) {
      event.preventDefault();
      onEnter();
      return;
    }
    const visible = (scroller.current?.clientHeight ?? 0) / ROW_PX - 1;
    const next = listTarget(event.key, at, jobs.length, visible);
    const job = next === undefined ? undefined : jobs[next];
    if (job === undefined) return;
    event.preventDefault();
    onChoose(job.index);
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <table
        role="grid"
        className={styles.table}
        aria-label="Jobs of the sweep"
        aria-rowcount={jobs.length + 1}
        aria-activedescendant={at === -1 || chosen === undefined ? undefined : `${ids}-${chosen}`}
        tabIndex={0}
        data-sweep-table
        data-keeps-focus
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <SortTitle
                key={column.key}
                column={column}
                isText={texts.has(column.key)}
                sort={sort}
                onSort={onSort}
              />
            ))}
            <th scope="col">remarks</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
          {items.map((item) => {
            const job = jobs[item.index];
            return job === undefined ? null : (
              <tr
                key={job.index}
                id={`${ids}-${job.index}`}
                aria-rowindex={item.index + 2}
                aria-selected={job.index === chosen}
                data-job={job.index + 1}
                data-state={job.state}
                onClick={() => onChoose(job.index)}
              >
                {columns.map((column) => (
                  <Cell key={column.key} column={column} isText={texts.has(column.key)} job={job} now={now} />
                ))}
                <td>{remarksOf(job).join('; ')}</td>
              </tr>
            );
          })}
          {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
        </tbody>
      </table>
    </div>
  );
}

function SortTitle({
  column,
  isText,
  sort,
  onSort,
}: {
  column: TableColumn;
  isText: boolean;
  sort: SortOrder;
  onSort: (sort: SortOrder) => void;
}) {
  const isSorted = sort.by === column.key;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-kind={isText ? 'text' : undefined}
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ by: column.key, descending: isSorted && !sort.descending })}
      >
        {isSorted ? <Arrow size={12} aria-hidden /> : null}
        {titleWords(column)}
      </button>
    </th>
  );
}

function Cell({
  column,
  isText,
  job,
  now,
}: {
  column: TableColumn;
  isText: boolean;
  job: SweepJob;
  now: number;
}): ReactNode {
  if (column.key === 'state')
    return (
      <td data-kind="text">
        <span className={styles.state}>
          <StatusDot tone={TONES[job.state]} pulse={job.state === 'running'} />
          {job.state}
        </span>
      </td>
    );
  const words =
    column.key === 'time' && job.state === 'running'
      ? job.runningSince === undefined
        ? ''
        : formatDuration(now - job.runningSince)
      : cellWords(column, job);
  if (words === '')
    return <td className={styles.none}>{column.kind === 'value' && job.state === 'ok' ? '–' : ''}</td>;
  const isLong = words.length > LONG;
  return (
    <td
      data-kind={isText ? 'text' : undefined}
      data-long={isLong || undefined}
      title={isLong ? words : undefined}
    >
      {words}
    </td>
  );
}
