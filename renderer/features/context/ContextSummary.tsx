import type { ContextPreview } from '#shared/domain/Build.ts';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './ContextSummary.module.css';

const count = (files: number): string => `${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}`;

/** How much is sent, and what the rules leave out. */
export function ContextSummary({ preview }: { preview: ContextPreview }) {
  const { ignoreFile, ignoredFiles } = preview;
  return (
    <div className={styles.summary} role="status">
      <div className={styles.size}>{formatBytes(preview.bytes)}</div>
      <div className={styles.facts}>
        <span>{count(preview.files)}</span>
        <span className={styles.rules}>
          {ignoreFile === undefined ? (
            'There is no ignore file yet: everything is sent.'
          ) : (
            <>
              {ignoredFiles === 0 ? 'Nothing' : count(ignoredFiles)} left out by{' '}
              <code className={styles.file}>{displayName(ignoreFile)}</code>
            </>
          )}
        </span>
      </div>
    </div>
  );
}
