import { FlaskConical, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import { showError } from '../../app/showError.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { onEscape } from '../../ui/onEscape.ts';
import { displayName } from '../app/displayName.ts';
import { formatWhen } from '../build/formatWhen.ts';
import { RunAnnotations } from './RunAnnotations.tsx';
import styles from './RunDetails.module.css';
import { outcomeWords } from './runWords.ts';

interface StudyEntryProps {
  client: Client;
  study: RunSummary;
  /** Shows its report. */
  onOpen: () => void;
  onLeave: () => void;
}

/** A study among the runs: its verdict, what was noted of it, and the way to its report. */
export function StudyEntry({ client, study, onOpen, onLeave }: StudyEntryProps) {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <section className={styles.details} aria-label="The study" onKeyDown={onEscape(onLeave)}>
      <header className={styles.head}>
        <h2 className={styles.title} data-outcome={study.outcome ?? 'going'}>
          {outcomeWords(study)}
        </h2>
        <span className={styles.when}>{formatWhen(study.startedAt, Date.now())}</span>
        <span className={styles.actions}>
          <Button size="small" icon={<FlaskConical size={13} />} onClick={onOpen}>
            Open the study
          </Button>
          <Button
            size="small"
            variant="ghost"
            icon={<Trash2 size={13} />}
            disabled={study.closedAt === undefined}
            onClick={() => setIsAsked(true)}
          >
            Delete…
          </Button>
        </span>
      </header>
      <div
        className={styles.scroll}
        tabIndex={0}
        data-run-details
        role="group"
        aria-label="What is kept of it"
      >
        <p className={styles.reason} data-outcome={study.outcome}>
          {study.reason === undefined
            ? 'Its verdict stands here when all its runs are made.'
            : `${displayName(study.reason)}.`}
        </p>
        <RunAnnotations key={study.id} client={client} run={study} />
      </div>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setIsAsked(false)}
        title="Delete this study?"
        confirmLabel="Delete"
        danger
        onConfirm={() => client.call('runs.delete', { id: study.id }).then(() => undefined, showError)}
      >
        All its runs are removed from the disk, and requirements that name it as their baseline lose it.
      </ConfirmDialog>
    </section>
  );
}
