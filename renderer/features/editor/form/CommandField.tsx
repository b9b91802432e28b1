import { joinWords, wordsOf } from '#shared/compose/edit/commandWords.ts';
import { CommitField } from './CommitField.tsx';
import styles from './ServiceForm.module.css';
import { useField } from './useField.ts';
import { useServiceForm } from './ServiceFormContext.ts';

/** A command as one line; it stays a list where it is one. */
export function CommandField({
  label,
  keys,
  hint,
}: {
  label: string;
  keys: readonly string[];
  hint?: string;
}) {
  const { service } = useServiceForm();
  const { said, problem, origin, set, edit } = useField(keys);
  const isList = said.value?.kind === 'list';
  const items = isList ? service.items(...keys).map(({ text }) => text ?? '') : [];
  return (
    <CommitField
      label={label}
      value={isList ? joinWords(items) : (said.text ?? '')}
      problem={problem}
      hint={origin ?? hint}
      inputClassName={styles.mono}
      check={(value) =>
        isList && wordsOf(value) === undefined
          ? { message: 'Close the quotes; put “;”, “&”, “|”, “<” and “>” in quotes.', refused: true }
          : undefined
      }
      onCommit={(value) => {
        if (value.trim() === '') return set(undefined);
        if (!isList) return set(value);
        return edit({ kind: 'setList', path: [...service.path, ...keys], items: wordsOf(value) ?? [] });
      }}
    />
  );
}
