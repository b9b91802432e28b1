import type { ContextPreview } from '#shared/domain/Build.ts';
import { displayName } from '../app/displayName.ts';
import styles from './SkippedEntries.module.css';

/** What cannot be sent, or not as what it stands for, each with its reason. */
export function SkippedEntries({ skipped }: { skipped: ContextPreview['skipped'] }) {
  return (
    <details className={styles.skipped} open={skipped.length <= 5}>
      <summary className={styles.summary}>
        {skipped.length === 1 ? 'One entry needs a look' : `${skipped.length} entries need a look`}
      </summary>
      <ul className={styles.list}>
        {skipped.map(({ path, reason }) => (
          <li key={`${path}\n${reason}`} className={styles.entry}>
            <span className={styles.path}>{displayName(path)}</span>
            <span className={styles.reason}>{displayName(reason)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
