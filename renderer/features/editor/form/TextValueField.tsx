import { Plain } from '#shared/compose/edit/Written.ts';
import type { ValueProblem } from '../capacity.ts';
import { CommitField } from './CommitField.tsx';
import { useField } from './useField.ts';

interface TextValueFieldProps {
  label: string;
  keys: readonly string[];
  /** A number is written without quotes where none stand there. */
  isNumber?: boolean;
  check?: (value: string) => ValueProblem | undefined;
  hint?: string | undefined;
  placeholder?: string;
  className?: string | undefined;
}

/** A field of one value; empty takes it out. */
export function TextValueField(props: TextValueFieldProps) {
  const { label, keys, isNumber = false, check, hint, placeholder, className } = props;
  const { said, problem, origin, counts, set } = useField(keys);
  return (
    <CommitField
      label={label}
      value={said.text ?? ''}
      check={check}
      problem={problem}
      hint={origin ?? hint}
      placeholder={counts ?? placeholder}
      inputMode={isNumber ? 'decimal' : undefined}
      className={className}
      onCommit={(value) => {
        const text = value.trim();
        if (text === '') return set(undefined);
        return set(isNumber && /^[\d.]+$/.test(text) ? new Plain(text) : text);
      }}
    />
  );
}
