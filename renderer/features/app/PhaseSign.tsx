import { phaseLook } from './phaseLook.ts';
import styles from './PhaseSign.module.css';

/** The sign of a phase; its words stand beside it or in the label of what contains it. */
export function PhaseSign({ phase }: { phase: string }) {
  const look = phaseLook(phase);
  const Icon = look.icon;
  return (
    <span className={styles.sign} data-tone={look.tone} data-turning={look.turning || undefined} aria-hidden>
      {look.filled ? <span className={styles.dot} /> : <Icon size={13} strokeWidth={2.4} />}
    </span>
  );
}
