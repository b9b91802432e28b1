import type { StudyRecord } from '#shared/domain/Study.ts';
import type { StudyComparison } from '#shared/study/compareStudies.ts';
import { Select } from '../../ui/Select.tsx';
import styles from './Section.module.css';
import { studyTitle } from './studyTitle.ts';

interface ComparisonProps {
  others: readonly StudyRecord[];
  /** Id of the study before the change; empty: none. */
  chosen: string;
  onChoose: (id: string) => void;
  comparison: StudyComparison | undefined;
}

/** A study against one before a change: where it is faster, where slower, and where that cannot be told. */
export function Comparison({ others, chosen, onChoose, comparison }: ComparisonProps) {
  return (
    <section className={styles.section} aria-label="Comparison">
      <h2 className={styles.title}>Before and after</h2>
      <div className={styles.row}>
        <Select
          className={styles.choice}
          label="Compare with"
          value={chosen}
          onChange={onChoose}
          options={[
            { value: '', label: 'no other study' },
            ...others.map((record) => ({ value: record.plan.id, label: studyTitle(record) })),
          ]}
        />
      </div>
      {comparison === undefined ? null : (
        <div role="status">
          <p className={styles.text}>{comparison.text}</p>
          <ul className={styles.points}>
            {comparison.at.map(({ workers, text }) => (
              <li key={workers}>{text}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
