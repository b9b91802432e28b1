import type { RequirementResult } from '#shared/study/Requirement.ts';
import { Badge } from '../../ui/Badge.tsx';
import styles from './RequirementList.module.css';

const MARKS = {
  pass: { tone: 'ok', text: 'Met' },
  fail: { tone: 'danger', text: 'Not met' },
  unknown: { tone: 'warn', text: 'Not known' },
  pending: { tone: 'neutral', text: 'Not yet' },
} as const;

/** Which of the file's requirements a study meets. */
export function RequirementList({ results }: { results: readonly RequirementResult[] }) {
  return (
    <ul className={styles.list} aria-label="Requirements">
      {results.map(({ status, text, workers }) => (
        <li key={`${text} ${workers ?? ''}`} className={styles.row}>
          <span className={styles.mark}>
            <Badge tone={MARKS[status].tone}>{MARKS[status].text}</Badge>
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
