import { type CSSProperties, memo } from 'react';
import type { LogRow } from '#shared/domain/LogView.ts';
import { displayName } from '../../app/displayName.ts';
import { ansiSpans } from '../ansiSpans.ts';
import { fieldValue } from '../columns/fieldColumns.ts';
import { markLine } from '../marks/highlightRules.ts';
import { formatFullTime, formatLogTime } from '../time/formatLogTime.ts';
import { rowTimeMs } from '../view/rowTime.ts';
import { workerHue } from '../workerHue.ts';
import { textColumns, WORKER_CHARACTERS } from './lineWidth.ts';
import styles from './LogRowLine.module.css';
import type { RowLook } from './RowLook.ts';
import { rowText } from './rowText.ts';
import { TextRuns } from './TextRuns.tsx';

interface LogRowLineProps {
  row: LogRow;
  /** Row number; only to find the row a pointer is on. */
  number: number;
  look: RowLook;
  /** The match stood on. */
  current: boolean;
  selected: boolean;
  cursor: boolean;
  bookmarked: boolean;
}

/**
 * One row of the log: level, time, worker, fields, text. Everything in it is text. What can be pressed in it is named
 * by `data-action` and handled by the list, where Enter does the same.
 */
export const LogRowLine = memo(function LogRowLine(props: LogRowLineProps) {
  const { row, number, look, current, selected, cursor, bookmarked } = props;
  const isLine = row.kind === 'stdout' || row.kind === 'stderr';
  const text = rowText(row);
  const name = displayName(row.worker);
  const marks = markLine(text.plain, look.term, isLine ? look.rules : []);
  const shape = [
    styles.row,
    isLine ? '' : styles.quiet,
    row.kind === 'stderr' ? styles.stderr : '',
    look.wrap ? styles.wrap : '',
    marks.line === null ? '' : styles.ruled,
    selected ? styles.selected : '',
    current ? styles.current : '',
    cursor ? styles.cursor : '',
  ]
    .filter(Boolean)
    .join(' ');
  const about = isLine
    ? { 'data-worker': row.worker, 'data-stream': row.kind }
    : { 'data-notice': row.worker, 'data-kind': row.kind };
  const cut = row.fullLength !== undefined && row.fullLength > row.text.length;

  return (
    <div className={shape} data-row={number} data-mark={marks.line ?? undefined} {...about}>
      <span
        className={styles.gutter}
        data-level={row.level}
        data-bookmarked={bookmarked || undefined}
        data-joined={row.continuation === true || undefined}
      >
        {row.level === 'fatal' || row.level === 'error' || row.level === 'warn' ? (
          <span className={styles.hidden}>{row.level} </span>
        ) : null}
      </span>
      {look.timeMode === 'off' ? null : (
        <span className={styles.time} title={formatFullTime(rowTimeMs(row))}>
          {formatLogTime(rowTimeMs(row), look.timeMode, look.zero)}
        </span>
      )}
      <span
        className={styles.worker}
        style={hueOf(row.worker, look.hues)}
        title={name}
        data-long={textColumns(name) > WORKER_CHARACTERS || undefined}
      >
        {name}
      </span>
      {row.kind === 'stderr' ? (
        <span className={styles.mark} title="Standard error">
          <span className={styles.hidden}>stderr </span>
        </span>
      ) : null}
      {look.columns.map((column) => {
        const value = isLine ? fieldValue(row, column.field) : undefined;
        return (
          <span
            key={column.field}
            className={column.numeric ? styles.number : styles.field}
            style={{ width: `${column.width}ch` }}
            title={value === undefined ? undefined : displayName(`${column.field}=${value}`)}
            data-action={value === undefined ? undefined : 'field'}
            data-field={column.field}
          >
            {value === undefined ? '' : displayName(value)}
          </span>
        );
      })}
      <span className={styles.text}>
        <TextRuns spans={ansiSpans(text.shown)} ranges={marks.ranges} current={current} />
        {row.continued === undefined || row.continued === 0 ? null : (
          <span
            className={styles.badge}
            data-action="details"
            title={`${row.continued} more lines belong to it`}
          >
            +{row.continued}
          </span>
        )}
        {cut ? (
          <span className={styles.cut} data-action="details">
            {' '}
            … line cut, show all
          </span>
        ) : row.truncated === true ? (
          <span className={styles.cut}> … line cut</span>
        ) : null}
      </span>
    </div>
  );
});

export function hueOf(worker: string, hues: Readonly<Record<string, number>>): CSSProperties {
  return { '--worker-hue': worker === '' ? 0 : (hues[worker] ?? workerHue(worker)) };
}
