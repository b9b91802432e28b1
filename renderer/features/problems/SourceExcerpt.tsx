import type { ExcerptLine } from './excerptLines.ts';
import styles from './SourceExcerpt.module.css';

/** Lines of a file as they stand, numbered, with the spot that is meant underlined. */
export function SourceExcerpt({ lines, label }: { lines: readonly ExcerptLine[]; label: string }) {
  const digits = String(lines[lines.length - 1]?.line ?? 1).length;
  return (
    <pre className={styles.excerpt} tabIndex={0} aria-label={label}>
      {lines.map((line) => (
        <div key={line.line} className={styles.line} data-marked={line.mark ? '' : undefined}>
          <span className={styles.number} style={{ width: `${digits}ch` }}>
            {line.line}
          </span>
          <code className={styles.text}>{marked(line)}</code>
        </div>
      ))}
    </pre>
  );
}

function marked({ text, mark }: ExcerptLine) {
  const shown = (part: string) => part.replaceAll('\t', '  ');
  if (!mark) return shown(text);
  return (
    <>
      {shown(text.slice(0, mark.from))}
      <mark className={styles.mark}>{shown(text.slice(mark.from, mark.to))}</mark>
      {shown(text.slice(mark.to))}
    </>
  );
}
