import { useMemo } from 'react';
import { diffLines } from '#shared/text/diffLines.ts';
import styles from './FilePane.module.css';

const SIGNS = { same: ' ', added: '+', removed: '−' };
const WORDS = { same: undefined, added: 'added', removed: 'removed' };

/** What writing a text changes in the file that stands there. */
export function DiffView({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  const changed = lines.filter((line) => line.kind !== 'same').length;
  if (changed === 0) return <p className={styles.noNotes}>Nothing changes.</p>;
  return (
    // Scrolled by keys: it must be reachable.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.diff} role="region" aria-label="Changes" tabIndex={0}>
      {lines.map((line) => (
        <div
          key={`${line.before ?? ''}:${line.after ?? ''}`}
          className={styles.diffLine}
          data-kind={line.kind}
        >
          <span className={styles.diffNumber} aria-hidden>
            {line.before}
          </span>
          <span className={styles.diffNumber} aria-hidden>
            {line.after}
          </span>
          <span aria-hidden>{SIGNS[line.kind]}</span>
          {WORDS[line.kind] !== undefined && <span className="visually-hidden">{WORDS[line.kind]}: </span>}
          <span className={styles.diffText}>{line.text}</span>
        </div>
      ))}
    </div>
  );
}
