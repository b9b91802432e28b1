import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import { showError } from '../../app/showError.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './RunAnnotations.module.css';

/** What a person says of a run: a name, tags and a note. */
export function RunAnnotations({ client, run }: { client: Client; run: RunSummary }) {
  const before = { name: run.name ?? '', tags: (run.tags ?? []).join(' '), note: run.note ?? '' };
  const [draft, setDraft] = useState(before);
  const [isSaving, setIsSaving] = useState(false);
  const isChanged = draft.name !== before.name || draft.tags !== before.tags || draft.note !== before.note;
  const save = async (): Promise<void> => {
    if (!isChanged || isSaving) return;
    setIsSaving(true);
    const tags = [...new Set(draft.tags.split(/[\s,]+/).filter(Boolean))];
    await client
      .call('runs.annotate', { id: run.id, name: draft.name.trim(), note: draft.note, tags })
      .then(
        ({ id }) =>
          id === run.id && setDraft({ name: draft.name.trim(), note: draft.note, tags: tags.join(' ') }),
        showError,
      );
    setIsSaving(false);
  };
  return (
    <form
      className={styles.form}
      aria-label="Name, tags and note"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label="Name"
        maxLength={200}
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
      />
      <TextField
        label="Tags"
        placeholder="two words are two tags"
        maxLength={1000}
        value={draft.tags}
        onChange={(tags) => setDraft({ ...draft, tags })}
      />
      <TextField
        className={styles.note}
        label="Note"
        maxLength={20_000}
        value={draft.note}
        onChange={(note) => setDraft({ ...draft, note })}
      />
      <Button type="submit" disabled={!isChanged} loading={isSaving}>
        Save
      </Button>
    </form>
  );
}
