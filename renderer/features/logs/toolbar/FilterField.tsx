import { ListFilter, X } from 'lucide-react';
import { type KeyboardEvent, type Ref, useId, useRef } from 'react';
import type { FilterProblem } from '#shared/logs/parseLogFilter.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import styles from './FilterField.module.css';

interface FilterFieldProps {
  value: string;
  onChange: (value: string) => void;
  problems: readonly FilterProblem[];
  /** Enter, Arrow down, or Escape in an empty field. */
  onLeave: () => void;
  ref?: Ref<HTMLInputElement>;
}

/** The filter language on one line. What it cannot read is underlined where it stands, and explained below. */
export function FilterField({ value, onChange, problems, onLeave, ref }: FilterFieldProps) {
  const id = useId();
  const mirror = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      event.stopPropagation();
      return onLeave();
    }
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (value === '') onLeave();
    else onChange('');
  };
  return (
    <div className={styles.field} data-invalid={problems.length > 0 || undefined}>
      <ListFilter size={13} aria-hidden className={styles.icon} />
      <div className={styles.box}>
        {problems.length > 0 ? (
          <div ref={mirror} className={styles.mirror} aria-hidden>
            {underlined(value, problems)}
          </div>
        ) : null}
        <input
          ref={ref}
          className={styles.input}
          type="text"
          value={value}
          aria-label="Filter lines"
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={problems.length > 0 ? id : undefined}
          placeholder="Filter: error -debug /regex/ rank=3 loss<0.1 level>=warn"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
        />
      </div>
      {value === '' ? null : (
        <IconButton
          size="small"
          label="Clear the filter"
          icon={<X size={13} />}
          onClick={() => onChange('')}
        />
      )}
      {problems.length > 0 ? (
        <div id={id} className={styles.problems} role="alert">
          {problems.slice(0, 3).map((problem) => (
            <div key={`${problem.from}-${problem.message}`}>{problem.message}</div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function underlined(value: string, problems: readonly FilterProblem[]) {
  const parts = [];
  let at = 0;
  for (const problem of [...problems].sort((left, right) => left.from - right.from)) {
    const from = Math.max(at, problem.from);
    // A problem at the end of the text has a width of its own.
    const to = Math.max(problem.to, from + 1);
    parts.push(value.slice(at, from));
    parts.push(
      <span key={from} className={styles.wrong}>
        {value.slice(from, to) || ' '}
      </span>,
    );
    at = to;
  }
  parts.push(value.slice(at));
  return parts;
}
