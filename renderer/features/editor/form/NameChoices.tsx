import { Plain } from '#shared/compose/edit/Written.ts';
import { Switch } from '../../../ui/Switch.tsx';
import { displayName } from '../../app/displayName.ts';
import { FieldNote } from './FieldNote.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';
import { useField } from './useField.ts';

interface NameChoicesProps {
  field: 'networks' | 'secrets';
  names: readonly string[];
  /** What to say where the project declares none. */
  none: string;
}

/** Which of the project's networks or secrets a service has. */
export function NameChoices({ field, names, none }: NameChoicesProps) {
  const { service } = useServiceForm();
  const { said, problem, origin, edit } = useField([field]);
  const path = [...service.path, field];
  const items = service.items(field);
  const chosen = items.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const all = [...new Set([...names, ...chosen])];
  const toggle = (name: string, on: boolean): void => {
    if (said.value?.kind === 'map')
      edit(
        on
          ? { kind: 'set', path: [...path, name], value: new Plain('null') }
          : { kind: 'remove', path: [...path, name] },
      );
    else
      edit({ kind: 'setList', path, items: on ? [...chosen, name] : chosen.filter((each) => each !== name) });
  };
  // What has keys of its own is more than a name: leave it to the text.
  const isNames = said.value?.kind !== 'list' || items.length === chosen.length;
  return (
    <div className={styles.choices}>
      {all.length === 0 ? <p className={styles.note}>{none}</p> : null}
      {all.map((name) => (
        <Switch
          key={name}
          label={displayName(name)}
          checked={chosen.includes(name)}
          disabled={!isNames}
          onChange={(on) => toggle(name, on)}
        />
      ))}
      <FieldNote
        problem={problem}
        note={origin ?? (isNames ? undefined : 'Some have keys of their own: change them in the text.')}
      />
    </div>
  );
}
