import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import type { GenerateChoice } from '#shared/domain/Generate.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './GenerateDialog.module.css';

interface ChoiceFieldProps {
  choice: GenerateChoice;
  /** What was chosen or typed, before the proposal has followed. */
  value: string;
  onChange: (value: string) => void;
  /** Why the value cannot be. */
  error: string | undefined;
}

/** One decision of the generator, with what it does. */
export function ChoiceField({ choice, value, onChange, error }: ChoiceFieldProps) {
  const id = useId();
  const { label, options, explanation, warning } = choice;
  // The warning is of the value that the proposal was made for, not of what is being typed.
  const isWarned = warning !== undefined && error === undefined && value === choice.value;
  const isText = options.length === 0 || choice.free === true;
  return (
    <div className={styles.choice} data-choice={choice.id}>
      {isText ? (
        <>
          <TextField
            label={label}
            value={value}
            onChange={onChange}
            inputClassName={styles.mono}
            error={error}
            {...(error === undefined ? { 'aria-describedby': `${id}-why` } : {})}
            {...(options.length > 0 ? { list: `${id}-options` } : {})}
          />
          {options.length > 0 && (
            <datalist id={`${id}-options`}>
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </datalist>
          )}
        </>
      ) : (
        <Select
          label={label}
          value={value}
          onChange={onChange}
          options={options}
          aria-describedby={`${id}-why`}
        />
      )}
      {isWarned && (
        <p className={styles.warning} role="status">
          <TriangleAlert size={12} aria-hidden />
          <span>{warning}</span>
        </p>
      )}
      <p id={`${id}-why`} className={styles.why}>
        {explanation}
      </p>
    </div>
  );
}
