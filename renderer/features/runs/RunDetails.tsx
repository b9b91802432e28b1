import { FolderOpen, GitCompareArrows, PackageOpen, RotateCw, ScrollText, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { RunRecord, RunSummary } from '#shared/domain/Run.ts';
import type { Requirement } from '#shared/study/Requirement.ts';
import { showError } from '../../app/showError.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { onEscape } from '../../ui/onEscape.ts';
import { formatWhen } from '../build/formatWhen.ts';
import { displayName } from '../app/displayName.ts';
import { ExportDialog } from './ExportDialog.tsx';
import { ResultBrowser } from './results/ResultBrowser.tsx';
import { RunAnnotations } from './RunAnnotations.tsx';
import styles from './RunDetails.module.css';
import { RunFacts } from './RunFacts.tsx';
import { RunRequirements } from './RunRequirements.tsx';
import { RunMetrics } from './RunMetrics.tsx';
import { RunWorkers } from './RunWorkers.tsx';
import { openRunFolder } from './openRunFolder.ts';
import { outcomeWords } from './runWords.ts';

const MOST_OFFERED = 20;

interface RunDetailsProps {
  client: Client;
  run: RunSummary;
  others: readonly RunSummary[];
  /** Grows whenever something of it may have changed. */
  number: number;
  canRerun: boolean;
  /** Of the app as its files are now. */
  requirements: readonly Requirement[];
  /** Shows what it wrote to its log, of one worker or of all. */
  onShowLog: (worker?: string) => void;
  onCompare: (other: RunSummary) => void;
  onLeave: () => void;
}

/** All that is kept of a run, and what can be done with it. */
export function RunDetails(props: RunDetailsProps) {
  const { client, run, others, number, canRerun, requirements, onShowLog, onCompare, onLeave } = props;
  const [answer, setAnswer] = useState<{ record?: RunRecord; error?: ErrorShape }>({});
  const [asked, setAsked] = useState<'export' | 'delete'>();
  const [isStarting, setIsStarting] = useState(false);
  useEffect(() => {
    let stale = false;
    client.call('runs.show', { id: run.id }).then(
      (record) => stale || setAnswer({ record }),
      (error: unknown) => stale || setAnswer({ error: toErrorShape(error) }),
    );
    return () => {
      stale = true;
    };
  }, [client, run.id, number]);
  const { record, error } = answer;
  const rerun = async (): Promise<void> => {
    setIsStarting(true);
    await client.call('runs.rerun', { id: run.id }).catch(showError);
    setIsStarting(false);
  };
  return (
    <section className={styles.details} aria-label="The run" onKeyDown={onEscape(onLeave)}>
      <header className={styles.head}>
        <h2 className={styles.title} data-outcome={run.outcome ?? 'going'}>
          {outcomeWords(run)}
        </h2>
        <span className={styles.when}>{formatWhen(run.startedAt, Date.now())}</span>
        <span className={styles.actions}>
          {others.length === 0 ? null : (
            <Menu
              label="Compare with"
              trigger={
                <Button size="small" icon={<GitCompareArrows size={13} />}>
                  Compare with…
                </Button>
              }
              items={others.slice(0, MOST_OFFERED).map((other) => ({
                label: `${other.name === undefined ? '' : `${displayName(other.name)}, `}${formatWhen(other.startedAt, Date.now())}: ${outcomeWords(other)}`,
                onSelect: () => onCompare(other),
              }))}
            />
          )}
          <Button size="small" icon={<ScrollText size={13} />} onClick={() => onShowLog()}>
            Show log
          </Button>
          <Button
            size="small"
            icon={<RotateCw size={13} />}
            disabled={!canRerun || run.closedAt === undefined}
            loading={isStarting}
            title="Starts the app again from the very images and settings of this run"
            onClick={() => void rerun()}
          >
            Run again
          </Button>
          <Button size="small" icon={<PackageOpen size={13} />} onClick={() => setAsked('export')}>
            Export…
          </Button>
          <Button
            size="small"
            icon={<FolderOpen size={13} />}
            disabled={record === undefined}
            onClick={() => record && void openRunFolder(client, record)}
          >
            Open folder
          </Button>
          <Button
            size="small"
            variant="ghost"
            icon={<Trash2 size={13} />}
            disabled={run.closedAt === undefined}
            onClick={() => setAsked('delete')}
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
        {error === undefined ? null : (
          <Banner tone="error" title={error.message}>
            {error.hint}
          </Banner>
        )}
        {run.reason === undefined ? null : (
          <p className={styles.reason} data-outcome={run.outcome}>
            {displayName(run.reason)}.
          </p>
        )}
        {record === undefined ? (
          error === undefined ? (
            <Spinner label="Reading the run" />
          ) : null
        ) : (
          <>
            <RunAnnotations key={run.id} client={client} run={run} />
            <RunRequirements requirements={requirements} record={record} />
            <ResultBrowser client={client} record={record} />
            <RunMetrics client={client} runId={run.id} number={number} />
            <RunWorkers workers={record.workers} onShowLog={onShowLog} />
            <RunFacts record={record} />
          </>
        )}
      </div>
      {asked === 'export' && record !== undefined ? (
        <ExportDialog client={client} record={record} onClose={() => setAsked(undefined)} />
      ) : null}
      <ConfirmDialog
        open={asked === 'delete'}
        onClose={() => setAsked(undefined)}
        title="Delete this run?"
        confirmLabel="Delete"
        danger
        onConfirm={() => client.call('runs.delete', { id: run.id }).then(() => undefined, showError)}
      >
        Its record and its results are removed from the disk. Images, containers and the project stay as they
        are.
      </ConfirmDialog>
    </section>
  );
}
