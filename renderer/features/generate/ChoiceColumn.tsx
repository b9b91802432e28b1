import type { ErrorShape } from '#shared/contract/errors.ts';
import type { GenerateProposal } from '#shared/domain/Generate.ts';
import { Banner } from '../../ui/Banner.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { FindingList } from './FindingList.tsx';
import styles from './GenerateDialog.module.css';
import { type GenerateDraft, keepDraft } from './generateStore.ts';

interface ChoiceColumnProps {
  appId: string;
  proposal: GenerateProposal;
  draft: GenerateDraft;
  /** Why the present choices give no files. */
  error: ErrorShape | undefined;
}

/** Choices about how it is built, seldom changed. */
const DETAILS = new Set(['build-base', 'build-packages', 'run-packages', 'user', 'march', 'cache']);

/** What was found, what is decided of it, and what there is to know. */
export function ChoiceColumn({ appId, proposal, draft, error }: ChoiceColumnProps) {
  const { findings, chosen, choices, remarks } = proposal;
  const change = (id: string, value: string): void => {
    // Another folder or language is another program: what was chosen for the first has no meaning for it.
    const kept = id === 'folder' ? {} : id === 'language' ? pick(draft.choices, 'folder') : draft.choices;
    keepDraft(appId, {
      choices: { ...kept, [id]: value },
      ...(id === 'folder' || id === 'language' ? { finding: undefined } : {}),
    });
  };
  const refused = (error?.detail as { choice?: string } | undefined)?.choice;
  const field = (choice: (typeof choices)[number]) => (
    <ChoiceField
      key={choice.id}
      choice={choice}
      value={draft.choices[choice.id] ?? choice.value}
      onChange={(value) => change(choice.id, value)}
      error={choice.id === refused ? error?.message : undefined}
    />
  );
  const shownAtField = choices.some(({ id }) => id === refused);
  const details = choices.filter(({ id }) => DETAILS.has(id));
  return (
    <div className={styles.choices}>
      {error !== undefined && !shownAtField && (
        <Banner tone="error" title={error.message}>
          {error.hint}
        </Banner>
      )}
      {findings.length > 0 && (
        <section>
          <h3 className={styles.heading}>Found</h3>
          <FindingList
            findings={findings}
            chosen={chosen}
            onChoose={(finding) => keepDraft(appId, { finding, choices: pick(draft.choices, 'folder') })}
          />
        </section>
      )}
      <section>
        <h3 className={styles.heading}>Choices</h3>
        {choices.filter(({ id }) => !DETAILS.has(id)).map(field)}
      </section>
      {details.length > 0 && (
        <details className={styles.details}>
          <summary className={styles.summaryLine}>How it is built</summary>
          {details.map(field)}
        </details>
      )}
      {remarks.length > 0 && (
        <section>
          <h3 className={styles.heading}>To know</h3>
          <ul className={styles.remarks}>
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function pick(record: Readonly<Record<string, string>>, key: string): Record<string, string> {
  const value = record[key];
  return value === undefined ? {} : { [key]: value };
}
