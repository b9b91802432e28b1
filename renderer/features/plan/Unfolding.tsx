import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { classNames } from '../../ui/classNames.ts';
import styles from './PlanList.module.css';

interface UnfoldingProps {
  summary: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

/** A line that unfolds; what is in it is drawn only then. */
export function Unfolding({ summary, className, children }: UnfoldingProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <div className={classNames(styles.unfolding, className)}>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronRight size={13} className={styles.chevron} aria-hidden />
        {summary}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </div>
  );
}
