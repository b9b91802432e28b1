import { CommitField } from './CommitField.tsx';
import { type Capacity, memoryProblem } from '../capacity.ts';
import { Select } from '../../../ui/Select.tsx';
import styles from './ServiceForm.module.css';
import { useField } from './useField.ts';

type Unit = 'k' | 'm' | 'g' | 't';

const UNITS = [
  { value: 'k', label: 'KiB' },
  { value: 'm', label: 'MiB' },
  { value: 'g', label: 'GiB' },
  { value: 't', label: 'TiB' },
] as const;

interface MemoryFieldProps {
  label: string;
  keys: readonly string[];
  replicas: number;
  capacity: Capacity | undefined;
  hint: string | undefined;
}

/** An amount of memory: a number and its unit. What was written in another way stays so until its unit is changed. */
export function MemoryField({ label, keys, replicas, capacity, hint }: MemoryFieldProps) {
  const { said, problem, origin, set } = useField(keys);
  const text = said.text ?? '';
  const [, number = text, written = ''] = /^([\d.]*)\s*([a-z]*)$/i.exec(text) ?? [];
  const unit = (written.toLowerCase().replace(/i?b$/, '') || (text === '' ? 'm' : '')) as Unit;
  const isKnown = UNITS.some(({ value }) => value === unit);
  return (
    <div className={styles.pair}>
      <CommitField
        label={label}
        value={isKnown ? number : text}
        check={(value) =>
          memoryProblem(/[a-z$]/i.test(value) ? value : value + (isKnown ? unit : ''), replicas, capacity)
        }
        problem={problem}
        hint={origin ?? hint}
        placeholder="no limit"
        inputMode="decimal"
        onCommit={(value) => {
          const typed = value.trim();
          if (typed === '') return set(undefined);
          return set(/[a-z$]/i.test(typed) || !isKnown ? typed : typed + (written === '' ? unit : written));
        }}
      />
      {isKnown ? (
        <Select
          label={`Unit of ${label.toLowerCase()}`}
          hideLabel
          className={styles.unit}
          value={unit}
          disabled={number === ''}
          options={UNITS}
          onChange={(next) => set(number + next)}
        />
      ) : null}
    </div>
  );
}
