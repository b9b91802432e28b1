import { Ban, Check, CircleDashed, LoaderCircle, X } from 'lucide-react';
import styles from './BuildStateSign.module.css';

const SIGNS = {
  queued: CircleDashed,
  pending: CircleDashed,
  packing: LoaderCircle,
  building: LoaderCircle,
  running: LoaderCircle,
  succeeded: Check,
  done: Check,
  failed: X,
  cancelled: Ban,
};

/** The sign of a build's or a step's state; words stand beside it. */
export function BuildStateSign({ state }: { state: keyof typeof SIGNS }) {
  const Icon = SIGNS[state] ?? CircleDashed;
  return (
    <span className={styles.sign} data-state={state} aria-hidden>
      <Icon size={14} strokeWidth={2.3} />
    </span>
  );
}
