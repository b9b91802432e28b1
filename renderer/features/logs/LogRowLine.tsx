import { type CSSProperties, memo } from 'react';
import { displayName } from '../app/displayName.ts';
import { type AnsiSpan, ansiSpans } from './ansiSpans.ts';
import { formatLogTime, type TimeMode } from './formatLogTime.ts';
import { type HighlightedSpan, highlightSpans } from './highlightSpans.ts';
import type { LogRing } from './LogRing.ts';
import styles from './LogRowLine.module.css';
import { workerHue } from './workerHue.ts';

/** Longer lines are cut on screen only; copying gives the whole. */
const SHOWN_CHARACTERS = 4000;

interface LogRowLineProps {
  ring: LogRing;
  /** Stands for the row's content, which never changes: that is what makes the memo hold. */
  address: number;
  timeMode: TimeMode;
  /** Zero of relative times. */
  zero: number | null;
  query: string;
  current: boolean;
  selected: boolean;
}

/** One row of the log: time, worker, text. */
export const LogRowLine = memo(function LogRowLine(props: LogRowLineProps) {
  const { ring, address, timeMode, zero, query, current, selected } = props;
  const row = ring.get(address);
  if (!row) return <div className={styles.row} />;
  const shape = [styles.row, selected ? styles.selected : '', current ? styles.current : '']
    .filter(Boolean)
    .join(' ');

  if (row.kind === 'notice') {
    return (
      <div className={`${shape} ${styles.notice}`} data-address={address} data-notice={row.worker ?? ''}>
        {timeMode === 'off' ? null : <span className={styles.time} />}
        <span className={styles.worker} style={hueOf(row.worker ?? '')}>
          {row.worker ? displayName(row.worker) : ''}
        </span>
        <span className={styles.text}>{highlighted([{ ...PLAIN, text: row.text }], query)}</span>
      </div>
    );
  }

  const cut = row.text.length > SHOWN_CHARACTERS;
  const spans = ansiSpans(cut ? row.text.slice(0, SHOWN_CHARACTERS) : row.text);
  return (
    <div
      className={`${shape} ${row.stderr ? styles.stderr : ''}`}
      data-address={address}
      data-worker={row.worker}
      data-stream={row.stderr ? 'stderr' : 'stdout'}
    >
      {timeMode === 'off' ? null : (
        <span className={styles.time}>{formatLogTime(row.time, timeMode, zero)}</span>
      )}
      <span className={styles.worker} style={hueOf(row.worker)} title={displayName(row.worker)}>
        {displayName(row.worker)}
      </span>
      {row.stderr ? (
        <span className={styles.mark} title="Standard error">
          <span className={styles.hidden}>stderr </span>
        </span>
      ) : null}
      <span className={styles.text}>
        {highlighted(spans, query)}
        {cut || row.truncated ? <span className={styles.cut}> … line cut</span> : null}
      </span>
    </div>
  );
});

const PLAIN: Omit<AnsiSpan, 'text'> = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
};

function hueOf(worker: string): CSSProperties {
  return { '--worker-hue': worker === '' ? 0 : workerHue(worker) };
}

function highlighted(spans: AnsiSpan[], query: string) {
  const runs = highlightSpans(spans, query);
  // Plain text needs no element of its own: nearly every line is one plain run.
  const only = runs[0];
  if (runs.length === 1 && only && !only.match && isPlain(only)) return only.text;
  return runs.map((run, index) => {
    const look = lookOf(run);
    return run.match ? (
      <mark key={index} className={`${styles.match} ${look.className}`}>
        {run.text}
      </mark>
    ) : (
      <span key={index} className={look.className} style={look.style}>
        {run.text}
      </span>
    );
  });
}

function isPlain(span: AnsiSpan): boolean {
  return (
    !span.bold &&
    !span.dim &&
    !span.italic &&
    !span.underline &&
    !span.strike &&
    span.foreground === undefined &&
    span.background === undefined
  );
}

function lookOf(span: HighlightedSpan): { className: string; style?: CSSProperties } {
  const names: (string | undefined)[] = [];
  const style: Record<string, string> = {};
  if (span.bold) names.push(styles.bold);
  if (span.dim) names.push(styles.dim);
  if (span.italic) names.push(styles.italic);
  if (span.underline) names.push(styles.underline);
  if (span.strike) names.push(styles.strike);
  if (span.foreground !== undefined && span.background === undefined) {
    if (/^\d/.test(span.foreground)) {
      names.push(styles.trueColour);
      style['--ansi-colour'] = `rgb(${span.foreground})`;
    } else names.push(styles[camel(`ansi-${span.foreground}`)]);
  }
  if (span.background !== undefined) {
    // On a coloured ground the ink is black or white, whichever reads better: programs choose for their own theme.
    if (/^\d/.test(span.background)) {
      const [red = 0, green = 0, blue = 0] = span.background.split(',').map(Number);
      style.backgroundColor = `rgb(${span.background})`;
      style.color = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 118 ? '#000' : '#fff';
    } else names.push(styles.ground, styles[camel(`ground-${span.background}`)]);
  }
  return { className: names.filter(Boolean).join(' '), style };
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
