import { ROLES, type Role } from '#shared/domain/Role.ts';
import { Select } from '../../../ui/Select.tsx';
import { buildKeys } from './fieldKeys.ts';
import { CommandField } from './CommandField.tsx';
import { FieldNote } from './FieldNote.tsx';
import { Section } from './Section.tsx';
import styles from './ServiceForm.module.css';
import { useServiceForm } from './ServiceFormContext.ts';
import { TextValueField } from './TextValueField.tsx';
import { useField } from './useField.ts';

const GUESS = 'guess';

/** What the service is and what it runs. */
export function BasicsSection() {
  const { service } = useServiceForm();
  const isBuilt = service.field('build').from !== 'absent';
  return (
    <Section title="Program">
      <RoleField />
      {isBuilt ? <TextValueField label="Build from folder" keys={buildKeys(service)} /> : null}
      <TextValueField
        label={isBuilt ? 'Name of the image' : 'Image'}
        keys={['image']}
        placeholder={isBuilt ? 'project and service' : 'name:tag'}
      />
      <div className={styles.whole}>
        <CommandField label="Command" keys={['command']} hint="Empty: what the image says." />
      </div>
    </Section>
  );
}

function RoleField() {
  const { model } = useServiceForm();
  const { said, problem, origin, set } = useField(['x-flotilla', 'role']);
  const value = ROLES.find((role) => role === said.text) ?? GUESS;
  const guessed = model?.roleSource === 'guessed' ? `Guessed: ${model.role}` : 'Guessed';
  return (
    <div>
      <Select<Role | typeof GUESS>
        label="Role"
        value={value}
        onChange={(next) => set(next === GUESS ? undefined : next)}
        options={[{ value: GUESS, label: guessed }, ...ROLES.map((role) => ({ value: role, label: role }))]}
      />
      <FieldNote problem={problem} note={origin ?? (value === GUESS ? model?.roleReason : undefined)} />
    </div>
  );
}
