import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import type { PairText } from '#shared/compose/edit/ServiceText.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { displayName } from '../../app/displayName.ts';
import { CommitField } from './CommitField.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';
import { elsewhereOf } from './useField.ts';

interface PairsTableProps {
  /** Key in the service: `environment`, `labels`. */
  field: string;
  /** What one pair is called: “variable”. */
  noun: string;
}

/** Names and values, in the file's order. */
export function PairsTable({ field, noun }: PairsTableProps) {
  const { service, edit, problems, elsewhere } = useServiceForm();
  const [refused, setRefused] = useState<{ name: string; refusal: EditRefusal }>();
  const [fresh, setFresh] = useState({ name: '', value: '' });
  const path = [...service.path, field];
  const pairs = service.pairs(field);
  const make = (name: string, change: Parameters<typeof edit>[0]): boolean => {
    const refusal = edit(change);
    setRefused(refusal === undefined ? undefined : { name, refusal });
    return refusal === undefined;
  };
  const add = (): void => {
    const name = fresh.name.trim();
    if (pairs.some((pair) => pair.name === name)) {
      setRefused({
        name: '',
        refusal: { message: `There is a “${name}” already.`, hint: 'Change it above.' },
      });
      return;
    }
    if (make('', { kind: 'setPair', path, name, value: fresh.value })) setFresh({ name: '', value: '' });
  };
  const telling = (name: string): string | undefined =>
    refused?.name === name
      ? `${refused.refusal.message} ${refused.refusal.hint}`
      : problems.get(`${field}.${name}`)?.[0]?.message;
  const other = elsewhereOf(elsewhere, field);
  return (
    <div className={styles.table} role="group" aria-label={`${noun}s`}>
      {pairs.map((pair, at) => (
        <PairRow
          // Names may stand there twice by mistake.
          key={`${at} ${pair.name}`}
          pair={pair}
          noun={noun}
          problem={telling(pair.name)}
          onName={(to) => make(pair.name, { kind: 'renamePair', path, name: pair.name, to: to.trim() })}
          onValue={(value) => make(pair.name, { kind: 'setPair', path, name: pair.name, value })}
          onRemove={() => make(pair.name, { kind: 'removePair', path, name: pair.name })}
        />
      ))}
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={`Name of a new ${noun}`}
          hideLabel
          placeholder="NAME"
          inputClassName={styles.mono}
          value={fresh.name}
          data-draft={fresh.name === '' ? undefined : ''}
          onChange={(name) => setFresh({ ...fresh, name })}
          error={telling('')}
        />
        <TextField
          label={`Value of a new ${noun}`}
          hideLabel
          placeholder="value"
          inputClassName={styles.mono}
          value={fresh.value}
          data-draft={fresh.value === '' ? undefined : ''}
          onChange={(value) => setFresh({ ...fresh, value })}
        />
        <Button type="submit" icon={<Plus size={13} />} disabled={fresh.name.trim() === ''}>
          Add
        </Button>
      </form>
      {other === undefined ? null : (
        <p className={styles.note}>
          Some are set in {displayName(other.file)}, line {other.line}.
        </p>
      )}
    </div>
  );
}

interface PairRowProps {
  pair: PairText;
  noun: string;
  problem: string | undefined;
  onName: (name: string) => boolean;
  onValue: (value: string) => boolean;
  onRemove: () => void;
}

function PairRow({ pair, noun, problem, onName, onValue, onRemove }: PairRowProps) {
  const name = displayName(pair.name);
  return (
    <div className={styles.row}>
      <CommitField
        label={`Name of ${noun} ${name}`}
        hideLabel
        value={pair.name}
        inputClassName={styles.mono}
        onCommit={onName}
        problem={problem}
        hint={pair.from === 'shared' ? `Taken from line ${pair.place.line}.` : undefined}
      />
      <CommitField
        label={`Value of ${noun} ${name}`}
        hideLabel
        value={pair.value ?? ''}
        placeholder={pair.value === null ? 'from outside' : undefined}
        inputClassName={styles.mono}
        onCommit={onValue}
      />
      <IconButton label={`Remove ${noun} ${name}`} icon={<X size={14} />} onClick={onRemove} />
    </div>
  );
}
