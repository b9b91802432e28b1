import { Grid3x3 } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { MAX_CONCURRENT_JOBS, MAX_JOB_RETRIES } from '#shared/domain/limits.ts';
import { Button } from '../../ui/Button.tsx';
import { formatKeys } from '../../ui/formatKeys.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { ParametersField } from './ParametersField.tsx';
import { parseDraft } from './parseDraft.ts';
import { changeDraft, type SweepDraft, useSweepDraft } from './sweepDraft.ts';
import styles from './SweepForm.module.css';

interface SweepFormProps {
  app: AppView;
  client: Client;
  cpus: number;
  /** No sweep of the app goes on, and the engine answers. */
  canStart: boolean;
  /** Does a call that begins a sweep, asks for consent where it is needed, and tells what fails. */
  begin: (call: () => Promise<null>) => Promise<void>;
}

/** What is to be run, and the button that begins it. */
export function SweepForm({ app, client, cpus, canStart, begin }: SweepFormProps) {
  const draft = useSweepDraft(app.id);
  const [isStarting, setIsStarting] = useState(false);
  const names = app.services.map(({ name }) => name);
  const usual = app.services.find(({ role }) => role === 'worker')?.name ?? names[0] ?? '';
  const service = names.includes(draft.service) ? draft.service : usual;
  const { options, errors } = parseDraft({ ...draft, service });
  const change = (part: Partial<SweepDraft>): void => changeDraft(app.id, part);
  const concurrency = draft.concurrency === 0 ? Math.min(cpus, MAX_CONCURRENT_JOBS) : draft.concurrency;
  const start = async (): Promise<void> => {
    if (!canStart || options === undefined || isStarting) return;
    setIsStarting(true);
    await begin(() => client.call('sweeps.start', { appId: app.id, ...options, concurrency }));
    setIsStarting(false);
  };
  return (
    <form
      className={styles.form}
      aria-label="New sweep"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
      onKeyDown={(event) => {
        // Enter alone is a new line in most of its fields, and the button comes before them.
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        const form = event.currentTarget;
        // What the field takes over with this same key counts.
        setTimeout(() => form.requestSubmit());
      }}
    >
      <div className={styles.columns}>
        <ParametersField
          draft={draft}
          onChange={change}
          error={errors.parameters}
          action={
            <Button
              type="submit"
              variant="primary"
              icon={<Grid3x3 size={14} />}
              loading={isStarting}
              disabled={!canStart || options === undefined}
            >
              {options === undefined ? 'Start sweep' : `Start ${jobsWords(options.rows.length)}`}
            </Button>
          }
          outcome={
            options === undefined
              ? undefined
              : `${jobsWords(options.rows.length)}: ${options.parameters.join(draft.kind === 'grid' ? ' × ' : ', ')}.${canStart ? ` ${formatKeys('mod+enter').join('+')} starts.` : ''}`
          }
        />
        <div className={styles.picks}>
          <TextArea
            label="Columns from the log, one a line"
            value={draft.logColumns}
            onChange={(logColumns) => change({ logColumns })}
            rows={2}
            placeholder="loss=final loss ([0-9.]+)"
            error={errors.logColumns}
            hint="A name and a regular expression; the last line that matches counts."
          />
          <TextArea
            label="Columns from results, one a line"
            value={draft.fileColumns}
            onChange={(fileColumns) => change({ fileColumns })}
            rows={2}
            placeholder="loss=/out/result.json:losses[0].mean"
            error={errors.fileColumns}
            hint="A name, a JSON file in the container and the place in it."
          />
        </div>
      </div>
      <div className={styles.row}>
        {names.length > 1 ? (
          <Select
            label="Service"
            value={service}
            onChange={(next) => change({ service: next })}
            options={names.map((name) => ({ value: name, label: name }))}
          />
        ) : null}
        <NumberField
          label="Jobs at once"
          value={concurrency}
          onCommit={(value) => change({ concurrency: value })}
          min={1}
          max={MAX_CONCURRENT_JOBS}
        />
        <NumberField
          label="Retries"
          value={draft.retries}
          onCommit={(retries) => change({ retries })}
          min={0}
          max={MAX_JOB_RETRIES}
        />
        <TextField
          className={styles.short}
          label="Time limit of a try"
          value={draft.timeout}
          onChange={(timeout) => change({ timeout })}
          placeholder="none"
          error={errors.timeout}
        />
        <TextField
          className={styles.short}
          label="Name"
          value={draft.name}
          onChange={(name) => change({ name })}
          placeholder="none"
        />
        <TextField
          className={styles.wide}
          label="Command"
          value={draft.command}
          onChange={(command) => change({ command })}
          placeholder="the service’s own; {seed} stands for a value"
          error={errors.command}
        />
      </div>
    </form>
  );
}

const jobsWords = (count: number): string => (count === 1 ? '1 job' : `${count.toLocaleString('en')} jobs`);
