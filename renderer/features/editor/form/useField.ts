import { useState } from 'react';
import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import type { EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import type { FieldText } from '#shared/compose/edit/ServiceText.ts';
import type { Written } from '#shared/compose/edit/Written.ts';
import type { FieldElsewhere } from '#shared/domain/ComposeDraft.ts';
import { displayName } from '../../app/displayName.ts';
import { useServiceForm } from './ServiceFormContext.ts';

interface Field {
  said: FieldText;
  /** What is to be told at the field: what was refused, or was found. */
  problem: string | undefined;
  /** Where it comes from, when not from here. */
  origin: string | undefined;
  /** What counts, where another file or service says it. */
  counts: string | undefined;
  /** Sets the value; undefined takes it out. */
  set: (value: Written | undefined) => boolean;
  /** Makes any change, telling at this field when it cannot be made. */
  edit: (edit: ComposeEdit) => boolean;
}

/** One field of the form: what the file says, what is wrong with it, and the way to change it. */
export function useField(keys: readonly string[]): Field {
  const { service, edit, problems, elsewhere } = useServiceForm();
  const [refused, setRefused] = useState<{ refusal: EditRefusal; said: string }>();
  const said = service.field(...keys);
  const key = keys.join('.');
  // A refusal is told until something else is said.
  const present = `${said.from} ${said.text ?? ''}`;
  const refusal = refused?.said === present ? refused.refusal : undefined;
  const found = problems.get(key)?.[0];
  const other = elsewhereOf(elsewhere, key);
  const make = (change: ComposeEdit): boolean => {
    const outcome = edit(change);
    setRefused(outcome === undefined ? undefined : { refusal: outcome, said: present });
    return outcome === undefined;
  };
  return {
    said,
    problem:
      refusal !== undefined
        ? `${refusal.message}${refusal.line === undefined ? '' : ` (line ${refusal.line})`} ${refusal.hint}`
        : found === undefined
          ? undefined
          : displayName(found.message),
    origin: originOf(said, other),
    counts: other?.field === key ? other.text : undefined,
    set: (value) => {
      const path = [...service.path, ...keys];
      if (value !== undefined) return make({ kind: 'set', path, value });
      return said.from === 'absent' || make({ kind: 'remove', path });
    },
    edit: make,
  };
}

/** Where something of a field is said elsewhere. */
export function elsewhereOf(
  elsewhere: ReadonlyMap<string, FieldElsewhere>,
  key: string,
): FieldElsewhere | undefined {
  return elsewhere.get(key) ?? [...elsewhere.values()].find(({ field }) => field.startsWith(`${key}.`));
}

function originOf(said: FieldText, other: FieldElsewhere | undefined): string | undefined {
  if (other !== undefined)
    return `${other.text === undefined ? 'Set' : `“${displayName(other.text)}” is set`} in ${displayName(other.file)}, line ${other.line}.`;
  if (said.from === 'shared' && said.place !== undefined)
    return `Taken from line ${said.place.line}, which others may share.`;
  return undefined;
}
