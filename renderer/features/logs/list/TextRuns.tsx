import type { CSSProperties } from 'react';
import type { AnsiSpan } from '../ansiSpans.ts';
import { type HighlightedSpan, highlightSpans, type MarkedRange } from '../highlightSpans.ts';
import { MATCH } from '../marks/highlightRules.ts';
import styles from './TextRuns.module.css';

/** A line's text in its colours, with what is found in it marked. */
export function TextRuns(props: { spans: AnsiSpan[]; ranges: readonly MarkedRange[]; current?: boolean }) {
  const runs = highlightSpans(props.spans, props.ranges);
  // Plain text needs no element of its own: nearly every line is one plain run.
  const only = runs[0];
  if (runs.length === 1 && only && only.mark === undefined && isPlain(only)) return only.text;
  return runs.map((run, index) => {
    const look = lookOf(run);
    if (run.mark === undefined) {
      return (
        <span key={index} className={look.className} style={look.style}>
          {run.text}
        </span>
      );
    }
    const mark = run.mark === MATCH ? (props.current ? styles.currentMatch : styles.match) : styles.ruleMatch;
    return (
      <mark
        key={index}
        className={`${mark} ${look.className}`}
        data-mark={run.mark === MATCH ? undefined : run.mark}
      >
        {run.text}
      </mark>
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
