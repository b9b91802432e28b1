import { FlaskConical, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { StudyMode } from '#shared/domain/Study.ts';
import { showError } from '../../app/showError.ts';
import { Button } from '../../ui/Button.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { orAskConsent } from '../app/consentStore.ts';
import { StudyDetails } from './StudyDetails.tsx';
import { parseCounts, usualCounts } from './parseCounts.ts';
import { parseDetails } from './parseDetails.ts';
import { changeStudyDraft, useStudyDraft } from './studyDraft.ts';
import styles from './StudyForm.module.css';

const MOST_REPETITIONS = 1_000;

interface StudyFormProps {
  app: AppView;
  client: Client;
  cpus: number;
  engineReady: boolean;
  /** The newest study lacks runs. */
  canResume: boolean;
}

/** What is to be measured, and the button that begins it. */
export function StudyForm({ app, client, cpus, engineReady, canResume }: StudyFormProps) {
  const services = app.services.filter(({ role }) => role === 'worker').map(({ name }) => name);
  const draft = useStudyDraft(app.id);
  const { repetitions, mode, details } = draft;
  const change = (part: Partial<typeof draft>): void => changeStudyDraft(app.id, part);
  const text = draft.counts ?? usualCounts(cpus).join(', ');
  const [isStarting, setIsStarting] = useState(false);
  const workers = parseCounts(text);
  const parsed = parseDetails(details, { repetitions, cpus });
  const service = services.includes(draft.service) ? draft.service : services[0];
  const canStart =
    engineReady && workers !== undefined && service !== undefined && parsed.options !== undefined;

  const begin = async (call: () => Promise<null>): Promise<void> => {
    setIsStarting(true);
    try {
      await orAskConsent(call(), app.id, { label: 'Allow and study', go: () => void begin(call) });
    } catch (error) {
      showError(error);
    } finally {
      setIsStarting(false);
    }
  };
  const start = (): void => {
    if (!canStart || isStarting) return;
    const input = { appId: app.id, workers, repetitions, mode, service, ...parsed.options };
    void begin(() => client.call('studies.start', input));
  };

  return (
    <form
      className={styles.form}
      aria-label="New study"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div className={styles.row}>
        <TextField
          className={styles.counts}
          label="Worker counts"
          value={text}
          onChange={(counts) => change({ counts })}
          error={workers === undefined ? 'Give whole numbers from 1, as in 1, 2, 4.' : undefined}
        />
        <NumberField
          label="Repetitions"
          value={repetitions}
          onCommit={(value) => change({ repetitions: value })}
          min={1}
          max={MOST_REPETITIONS}
        />
        <Select<StudyMode>
          label="Work"
          value={mode}
          onChange={(value) => change({ mode: value })}
          options={[
            { value: 'strong', label: 'the same for all counts' },
            { value: 'weak', label: 'grows with WORKER_COUNT' },
          ]}
        />
        {services.length > 1 ? (
          <Select
            label="Service"
            value={service ?? ''}
            onChange={(value) => change({ service: value })}
            options={services.map((name) => ({ value: name, label: name }))}
          />
        ) : null}
        <div className={styles.buttons}>
          <Button
            type="submit"
            variant="primary"
            icon={<FlaskConical size={14} />}
            loading={isStarting}
            disabled={!canStart}
          >
            Start study
          </Button>
          {canResume ? (
            <Button
              icon={<RotateCw size={13} />}
              disabled={!engineReady || isStarting}
              onClick={() => void begin(() => client.call('studies.resume', { appId: app.id }))}
            >
              Resume the last
            </Button>
          ) : null}
        </div>
      </div>
      <StudyDetails texts={details} onChange={(value) => change({ details: value })} errors={parsed.errors} />
    </form>
  );
}
