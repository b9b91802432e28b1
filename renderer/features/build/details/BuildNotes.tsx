import type { BuildView } from '#shared/domain/Build.ts';
import { CodeText } from '../../../ui/CodeText.tsx';
import { displayName } from '../../app/displayName.ts';
import styles from './BuildNotes.module.css';

const MOST_SKIPPED = 100;

interface BuildNotesProps {
  build: BuildView;
  /** Lines of output that are no longer kept. */
  dropped: number;
}

/** What is worth knowing beside the steps: warnings, files that were left out, lines that are gone. */
export function BuildNotes({ build, dropped }: BuildNotesProps) {
  const skipped = build.context?.skipped ?? [];
  const warnings = build.warnings ?? [];
  return (
    <>
      {warnings.length === 0 ? null : (
        <details className={styles.note}>
          <summary>
            {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`} of the builder
          </summary>
          <ul>
            {warnings.map((warning, index) => (
              <li key={index}>
                {warning.line === undefined ? null : (
                  <span className={styles.place}>line {warning.line}</span>
                )}{' '}
                <CodeText text={displayName(warning.message)} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {skipped.length === 0 ? null : (
        <details className={styles.note}>
          <summary>
            {skipped.length} {skipped.length === 1 ? 'file was' : 'files were'} left out of the context
          </summary>
          <ul>
            {skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => (
              <li key={path}>
                <span className={styles.place}>{displayName(path)}</span> {displayName(reason)}
              </li>
            ))}
          </ul>
          {skipped.length > MOST_SKIPPED ? <p>and {skipped.length - MOST_SKIPPED} more</p> : null}
        </details>
      )}
      {dropped === 0 ? null : (
        <p className={styles.note}>
          {dropped.toLocaleString('en')} earlier lines of output are not kept; the last ten thousand are.
        </p>
      )}
    </>
  );
}
