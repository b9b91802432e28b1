import { RotateCcw, RotateCw, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import type { SweepJob, SweepJobState, SweepProgress, SweepTable } from '#shared/domain/Sweep.ts';
import { countJobs, isUnfinished } from '#shared/sweep/sweepJobs.ts';
import { sortJobs, sweepCsv, sweepJson, type TableColumn, tableColumns } from '#shared/sweep/sweepTable.ts';
import { fileName, saveFile } from '../../app/saveFile.ts';
import { showError } from '../../app/showError.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { ExportMenu } from '../../ui/ExportMenu.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { onEscape } from '../../ui/onEscape.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { Select } from '../../ui/Select.tsx';
import { JobDetails } from './JobDetails.tsx';
import { type SortOrder, SweepTableView } from './SweepTableView.tsx';
import styles from './SweepView.module.css';

const STATES: readonly SweepJobState[] = ['running', 'waiting', 'failed', 'ok'];

interface SweepViewProps {
  table: SweepTable;
  client: Client;
  /** Present while it is this sweep that goes on. */
  progress: SweepProgress | undefined;
  canStart: boolean;
  begin: (call: () => Promise<null>) => Promise<void>;
  /** The choice among sweeps, at the front of its bar. */
  children: ReactNode;
}

/** A sweep: how it goes, its jobs, the job that is chosen, and what can be done with it. */
export function SweepView({ table, client, progress, canStart, begin, children }: SweepViewProps) {
  const { plan, jobs } = table;
  const [sort, setSort] = useState<SortOrder>({ by: 'job', descending: false });
  const [shownState, setShownState] = useState<SweepJobState | 'all'>('all');
  const [chosen, setChosen] = useState<number>();
  const [isDeleting, setIsDeleting] = useState(false);
  const view = useRef<HTMLElement>(null);
  const focus = (part: string): void => {
    // What is to have the focus may be about to be drawn.
    requestAnimationFrame(() => view.current?.querySelector<HTMLElement>(part)?.focus());
  };
  const closeJob = (): void => {
    setChosen(undefined);
    focus('[data-sweep-table]');
  };
  const columns = useMemo(() => tableColumns(plan), [plan]);
  const texts = useMemo(() => textColumns(columns, jobs), [columns, jobs]);
  const counts = useMemo(() => countJobs(jobs), [jobs]);
  const shown = useMemo(() => {
    const column = columns.find(({ key }) => key === sort.by) ?? columns[0];
    const wanted = shownState === 'all' ? jobs : jobs.filter(({ state }) => state === shownState);
    return column === undefined ? wanted : sortJobs(wanted, column, sort.descending);
  }, [columns, jobs, shownState, sort]);
  const job = chosen === undefined ? undefined : jobs[chosen];
  const done = counts.ok + counts.failed;
  const resume = (retryFailed: boolean): void =>
    void begin(() => client.call('sweeps.resume', { sweepId: plan.id, retryFailed }));
  return (
    <section ref={view} className={styles.view} aria-label="Sweep" data-testid="sweep-view">
      <div className={styles.bar}>
        {children}
        <Select<SweepJobState | 'all'>
          label="Jobs shown"
          hideLabel
          value={shownState}
          onChange={setShownState}
          options={[
            { value: 'all', label: `All jobs (${jobs.length})` },
            ...STATES.map((state) => ({ value: state, label: `${state} (${counts[state]})` })),
          ]}
        />
        <span className={styles.words} role="status">
          {progressWords(progress, done, jobs.length, counts.failed)}
        </span>
        {progress === undefined ? null : (
          <ProgressBar className={styles.progress} label="Jobs done" value={done} max={jobs.length} />
        )}
        <div className={styles.buttons}>
          {progress !== undefined ? (
            <Button
              size="small"
              onClick={() => void client.call('sweeps.cancel', { appId: plan.appId }).catch(showError)}
            >
              Cancel
            </Button>
          ) : (
            <>
              {isUnfinished(counts) ? (
                <Button
                  size="small"
                  icon={<RotateCw size={13} />}
                  disabled={!canStart}
                  onClick={() => resume(false)}
                >
                  Resume
                </Button>
              ) : null}
              {counts.failed > 0 ? (
                <Button
                  size="small"
                  icon={<RotateCcw size={13} />}
                  disabled={!canStart}
                  onClick={() => resume(true)}
                >
                  Retry failed
                </Button>
              ) : null}
            </>
          )}
          <ExportTable table={table} />
          <IconButton
            size="small"
            label="Delete the sweep"
            icon={<Trash2 size={14} />}
            disabled={progress !== undefined}
            onClick={() => setIsDeleting(true)}
          />
        </div>
      </div>
      <div className={styles.panes} onKeyDown={job === undefined ? undefined : onEscape(closeJob)}>
        <SweepTableView
          columns={columns}
          texts={texts}
          jobs={shown}
          sort={sort}
          onSort={setSort}
          chosen={chosen}
          onChoose={setChosen}
          onEnter={() => focus('[data-job-log]')}
        />
        {job === undefined ? null : <JobDetails plan={plan} job={job} client={client} onClose={closeJob} />}
      </div>
      <ConfirmDialog
        open={isDeleting}
        onClose={() => setIsDeleting(false)}
        title="Delete this sweep?"
        confirmLabel="Delete"
        danger
        onConfirm={async () => {
          await client.call('sweeps.delete', { sweepId: plan.id }).catch(showError);
        }}
      >
        Its table and the logs of its jobs go; what jobs wrote to volumes and folders stays.
      </ConfirmDialog>
    </section>
  );
}

/** Keys of the columns that hold words. */
function textColumns(columns: readonly TableColumn[], jobs: readonly SweepJob[]): Set<string> {
  const isText = ({ value }: TableColumn): boolean =>
    jobs.some((job) => Number.isNaN(Number(value(job) ?? '')));
  return new Set(columns.filter(isText).map(({ key }) => key));
}

function progressWords(
  progress: SweepProgress | undefined,
  done: number,
  total: number,
  failed: number,
): string {
  if (progress?.phase === 'engine-lost') return 'The engine is gone; it goes on when it is back';
  const words = `${done} of ${total} done`;
  return failed > 0 ? `${words}, ${failed} failed` : words;
}

/** Saves the table as a file. */
function ExportTable({ table }: { table: SweepTable }) {
  const save = (ending: 'csv' | 'json'): void => {
    const text = ending === 'csv' ? sweepCsv(table) : `${JSON.stringify(sweepJson(table), null, 2)}\n`;
    const { title, name, createdAt } = table.plan;
    saveFile(
      new Blob([text], { type: ending === 'csv' ? 'text/csv' : 'application/json' }),
      fileName(`${title}-sweep${name === undefined ? '' : `-${name}`}`, 'sweep', new Date(createdAt), ending),
    );
    toast.success('Exported');
  };
  return (
    <ExportMenu
      items={[
        { label: 'Table (CSV)', onSelect: () => save('csv') },
        { label: 'Everything (JSON)', onSelect: () => save('json') },
      ]}
    />
  );
}
