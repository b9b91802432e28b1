import { type FormEvent, useState } from 'react';
import { referenceProblem } from '#shared/image/parseReference.ts';
import { TextField } from '../../ui/TextField.tsx';

interface ReferenceFormProps {
  /** For the button that submits it, which stands outside. */
  id: string;
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  /** Called with a reference that is sound. */
  onSubmit: (reference: string) => void;
}

/** A field for an image reference. What is wrong is told once one has left the field or asked for it, not while typing. */
export function ReferenceForm({ id, label, hint, value, onChange, onSubmit }: ReferenceFormProps) {
  const [isTold, setIsTold] = useState(false);
  const reference = value.trim();
  const problem = referenceProblem(reference);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIsTold(true);
    if (problem === undefined) onSubmit(reference);
  };
  return (
    <form id={id} onSubmit={submit} noValidate>
      <TextField
        label={label}
        value={value}
        onChange={onChange}
        onBlur={() => reference !== '' && setIsTold(true)}
        placeholder="python:3.11-slim"
        maxLength={512}
        data-autofocus
        error={isTold ? problem : undefined}
        hint={hint}
      />
    </form>
  );
}
