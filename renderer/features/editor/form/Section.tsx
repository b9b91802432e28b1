import { type ReactNode, useId } from 'react';
import styles from './ServiceForm.module.css';

/** Fields that belong together. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        {title}
      </h3>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}
