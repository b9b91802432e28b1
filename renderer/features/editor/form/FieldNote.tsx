import { classNames } from '../../../ui/classNames.ts';
import styles from './ServiceForm.module.css';

/** What is to be said below a field that has no words of its own: a problem, or else a note. */
export function FieldNote({ problem, note }: { problem: string | undefined; note: string | undefined }) {
  if (problem !== undefined)
    return (
      <p className={classNames(styles.problem, styles.below)} role="alert">
        {problem}
      </p>
    );
  return note === undefined ? null : <p className={classNames(styles.note, styles.below)}>{note}</p>;
}
