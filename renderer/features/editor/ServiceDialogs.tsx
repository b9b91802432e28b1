import { useState } from 'react';
import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import type { EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './AppEditor.module.css';

/** What is asked about a service; `service` is the one it is about. */
export type ServiceQuestion =
  | { kind: 'add' }
  | { kind: 'rename'; service: string }
  | { kind: 'remove'; service: string };

interface ServiceDialogsProps {
  question: ServiceQuestion | undefined;
  edit: (edit: ComposeEdit) => EditRefusal | undefined;
  /** The service to look at from now on; undefined: any. */
  onDone: (service: string | undefined) => void;
  onClose: () => void;
}

/** Adds, renames and removes services. */
export function ServiceDialogs({ question, edit, onDone, onClose }: ServiceDialogsProps) {
  if (question === undefined) return null;
  return <Question key={JSON.stringify(question)} {...{ question, edit, onDone, onClose }} />;
}

function Question({ question, edit, onDone, onClose }: ServiceDialogsProps & { question: ServiceQuestion }) {
  const old = question.kind === 'rename' ? question.service : '';
  const [name, setName] = useState(old);
  const [image, setImage] = useState('');
  const [refusal, setRefusal] = useState<EditRefusal>();
  const words = WORDS[question.kind];
  const submit = (): void => {
    const change = changeFor(question, name.trim(), image.trim());
    const refused = edit(change);
    if (refused !== undefined) return setRefusal(refused);
    onClose();
    onDone(question.kind === 'remove' ? undefined : name.trim());
    return undefined;
  };
  const error = refusal === undefined ? undefined : `${refusal.message} ${refusal.hint}`;
  return (
    <Dialog
      open
      onClose={onClose}
      size="small"
      title={question.kind === 'add' ? words.title : `${words.title} ${displayName(question.service)}?`}
      footer={
        <>
          <Button onClick={onClose} {...(question.kind === 'remove' ? { 'data-autofocus': true } : {})}>
            Cancel
          </Button>
          <Button variant={question.kind === 'remove' ? 'danger' : 'primary'} onClick={submit}>
            {words.verb}
          </Button>
        </>
      }
    >
      <form
        className={styles.question}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {question.kind === 'remove' ? (
          <>
            <p>Its lines go from the file, comments among them included. Undo brings them back.</p>
            {error === undefined ? null : <p role="alert">{error}</p>}
          </>
        ) : (
          <TextField
            label="Name"
            value={name}
            onChange={(next) => {
              setRefusal(undefined);
              setName(next);
            }}
            error={error}
            hint={question.kind === 'rename' ? 'What refers to it in this file is renamed, too.' : undefined}
            data-autofocus
          />
        )}
        {question.kind === 'add' ? (
          <TextField
            label="Image"
            value={image}
            onChange={setImage}
            placeholder="name:tag"
            hint="Empty: it is built from the project’s folder."
          />
        ) : null}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

const WORDS = {
  add: { title: 'Add a service', verb: 'Add' },
  rename: { title: 'Rename', verb: 'Rename' },
  remove: { title: 'Remove', verb: 'Remove' },
};

function changeFor(question: ServiceQuestion, name: string, image: string): ComposeEdit {
  if (question.kind === 'remove') return { kind: 'removeService', name: question.service };
  if (question.kind === 'rename') return { kind: 'renameService', name: question.service, to: name };
  return { kind: 'addService', name, value: new Map([image === '' ? ['build', '.'] : ['image', image]]) };
}
