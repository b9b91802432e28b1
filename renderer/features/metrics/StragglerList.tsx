import { Snail } from 'lucide-react';
import type { Straggler } from '#shared/metrics/findStragglers.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './StragglerList.module.css';

/** More would not be read; the worst come first. */
const MOST_SHOWN = 3;

interface StragglerListProps {
  stragglers: readonly Straggler[];
  onShowLog: (worker: string) => void;
}

/** Workers that keep their peers waiting, and why. */
export function StragglerList({ stragglers, onShowLog }: StragglerListProps) {
  if (stragglers.length === 0) return null;
  const more = stragglers.length - MOST_SHOWN;
  return (
    <section className={styles.box} aria-label="Workers that lag behind">
      <Snail size={15} className={styles.icon} aria-hidden />
      <ul className={styles.list}>
        {stragglers.slice(0, MOST_SHOWN).map(({ worker, text, cause }) => (
          <li key={worker} data-straggler={worker} data-cause={cause}>
            <span>{text}</span>
            <Button size="small" variant="ghost" onClick={() => onShowLog(worker)}>
              Show its log
            </Button>
          </li>
        ))}
        {more > 0 ? (
          <li>
            and {more} other{more === 1 ? '' : 's'}, marked below
          </li>
        ) : null}
      </ul>
    </section>
  );
}
