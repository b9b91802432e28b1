import { type ReactNode, useRef, useState } from 'react';
import { TextField } from '../../../ui/TextField.tsx';
import type { ValueProblem } from '../capacity.ts';

interface CommitFieldProps {
  label: string;
  hideLabel?: boolean;
  value: string;
  /** Called on Enter and when the field is left, where something else was typed; false: it was refused and stays as typed. */
  onCommit: (value: string) => boolean;
  /** What is to be said of a value, also while it is typed; what is refused does not go into the file. */
  check?: ((value: string) => ValueProblem | undefined) | undefined;
  /** What else is wrong with the value that is there. */
  problem?: string | undefined;
  hint?: string | undefined;
  placeholder?: string | undefined;
  trailing?: ReactNode;
  inputMode?: 'decimal' | 'numeric' | undefined;
  className?: string | undefined;
  inputClassName?: string | undefined;
}

/** A text that changes the file when it is done, not with every letter: Enter or leaving the field; Escape takes back what was typed. */
export function CommitField(props: CommitFieldProps) {
  const { label, hideLabel, value, onCommit, check, problem, hint, placeholder, trailing, ...rest } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  // Escape leaves the field as it was; what follows is no wish to change it.
  const dropped = useRef(false);
  const typed = draft ?? refused;
  const commit = (): void => {
    if (dropped.current || draft === null) return;
    setDraft(null);
    if (draft === value) return setRefused(null);
    const isRefused = draft !== '' && check?.(draft)?.refused === true;
    const done = !isRefused && onCommit(draft);
    setRefused(done ? null : draft);
  };
  return (
    <TextField
      label={label}
      hideLabel={hideLabel}
      value={typed ?? value}
      onChange={(next) => {
        dropped.current = false;
        setRefused(null);
        setDraft(next);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit();
        else if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation();
          dropped.current = true;
          setDraft(null);
          setRefused(null);
        }
      }}
      error={
        (draft === null ? problem : undefined) ??
        ((typed ?? value) === '' ? undefined : check?.(typed ?? value)?.message)
      }
      hint={hint}
      placeholder={placeholder}
      trailing={trailing}
      // Undo is the field's own while something is typed that the file does not say.
      data-draft={draft === null ? undefined : ''}
      {...rest}
    />
  );
}
