import { CornerDownRight, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { type Written, writtenOf } from '#shared/compose/edit/Written.ts';
import { flowText } from '#shared/compose/edit/writeValue.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { displayName } from '../../app/displayName.ts';
import { CommitField } from './CommitField.tsx';
import { FieldNote } from './FieldNote.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';
import { useField } from './useField.ts';

interface ItemsListProps {
  /** Key in the service: `ports`, `volumes`. */
  field: string;
  /** What one item is called: “port”. */
  noun: string;
  placeholder: string;
}

/** The items of a list, short ones as texts; those of several keys are for the text. */
export function ItemsList({ field, noun, placeholder }: ItemsListProps) {
  const { service, problems, showLine } = useServiceForm();
  const { problem, origin, edit } = useField([field]);
  const [fresh, setFresh] = useState('');
  const items = service.items(field);
  const written: Written[] = items.map(({ value }) => writtenOf(value));
  const setItems = (next: readonly Written[]): boolean =>
    edit({ kind: 'setList', path: [...service.path, field], items: next });
  const without = (at: number): Written[] => written.filter((_, index) => index !== at);
  return (
    <div className={styles.table} role="group" aria-label={`${noun}s`}>
      {items.map((item, at) =>
        item.text === undefined ? (
          <div className={styles.row} key={`${at} long`}>
            <div>
              <code className={styles.long}>{displayName(flowText(writtenOf(item.value)))}</code>
              <FieldNote problem={problems.get(`${field}.${at}`)?.[0]?.message} note={undefined} />
            </div>
            <IconButton
              label={`Show ${noun} ${at + 1} in the text`}
              icon={<CornerDownRight size={14} />}
              onClick={() => showLine(item.place.line)}
            />
            <IconButton
              label={`Remove ${noun} ${at + 1}`}
              icon={<X size={14} />}
              onClick={() => setItems(without(at))}
            />
          </div>
        ) : (
          <div className={styles.row} key={`${at} ${item.text}`}>
            <CommitField
              label={`${noun} ${at + 1}`}
              hideLabel
              value={item.text}
              inputClassName={styles.mono}
              problem={problems.get(`${field}.${at}`)?.[0]?.message}
              onCommit={(value) =>
                setItems(value.trim() === '' ? without(at) : written.with(at, value.trim()))
              }
            />
            <IconButton
              label={`Remove ${noun} ${displayName(item.text)}`}
              icon={<X size={14} />}
              onClick={() => setItems(without(at))}
            />
          </div>
        ),
      )}
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          if (setItems([...written, fresh.trim()])) setFresh('');
        }}
      >
        <TextField
          label={`New ${noun}`}
          hideLabel
          placeholder={placeholder}
          inputClassName={styles.mono}
          value={fresh}
          data-draft={fresh === '' ? undefined : ''}
          onChange={setFresh}
          error={problem}
          hint={origin}
        />
        <Button type="submit" icon={<Plus size={13} />} disabled={fresh.trim() === ''}>
          Add
        </Button>
      </form>
    </div>
  );
}
