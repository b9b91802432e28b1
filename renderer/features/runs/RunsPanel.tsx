import { History, SearchX } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { RunSummary } from '#shared/domain/Run.ts';
import { Banner } from '../../ui/Banner.tsx';
import { classNames } from '../../ui/classNames.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { RunComparisonView } from './RunComparisonView.tsx';
import { RunDetails } from './RunDetails.tsx';
import { RunList } from './RunList.tsx';
import panels from '../build/BuildPanel.module.css';
import styles from './RunsPanel.module.css';
import { StudyEntry } from './StudyEntry.tsx';
import { useRuns } from './useRuns.ts';

interface RunsPanelProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
  /** Shows the log of a run's time, of one worker or of all. */
  onShowLog: (run: RunSummary, worker?: string) => void;
  onShowStudy: (studyId: string) => void;
}

const KINDS = [
  { value: '', label: 'All' },
  { value: 'kind:run', label: 'Runs' },
  { value: 'kind:study', label: 'Studies' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

/** The ledger of an app's runs: finds one, and shows all that is kept of it. */
export default function RunsPanel({ app, client, engineReady, onShowLog, onShowStudy }: RunsPanelProps) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState<Kind>('');
  const filter = useDeferredValue(`${kind} ${text}`.trim());
  const { list, error, number, more } = useRuns(client, app.id, filter);
  const [chosen, setChosen] = useState<string>();
  const [compared, setCompared] = useState<{ left: string; right: string }>();
  const panel = useRef<HTMLElement>(null);
  const focus = (part: string) => panel.current?.querySelector<HTMLElement>(part)?.focus();
  const runs = list?.runs ?? [];
  const shown = runs.find(({ id }) => id === chosen) ?? runs[0];
  useEffect(() => setCompared(undefined), [app.id]);

  if (list === undefined)
    return (
      <div className={panels.waiting}>
        {error === undefined ? (
          <Spinner label="Reading the runs" />
        ) : (
          <Banner tone="error" title={error.message}>
            {error.hint}
          </Banner>
        )}
      </div>
    );
  if (list.total === 0)
    return (
      <EmptyState compact icon={<History size={22} />} title="No run yet">
        Every run is written down here by itself: what it was made from, how it ended, and the results its
        workers leave. Say which with <code>x-flotilla: {'{ results: [/out] }'}</code> below a service.
      </EmptyState>
    );
  return (
    <section ref={panel} className={panels.panel} aria-label="Runs" data-testid="runs-panel">
      <div className={classNames(panels.list, styles.list)}>
        <div className={styles.filter}>
          <TextField
            label="Filter runs"
            hideLabel
            placeholder="words, tag:x, is:failed"
            value={text}
            onChange={setText}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return;
              event.preventDefault();
              focus('[data-run-list]');
            }}
          />
          <Select<Kind> label="Kind" hideLabel value={kind} onChange={setKind} options={[...KINDS]} />
          <span className={styles.count} role="status">
            {list.matching === list.total ? list.total : `${list.matching} of ${list.total}`}
          </span>
        </div>
        {error === undefined ? null : (
          <Banner flush tone="warn" title="The list may be old">
            {error.message}
          </Banner>
        )}
        {runs.length === 0 ? (
          <EmptyState compact icon={<SearchX size={20} />} title="No run is like that" />
        ) : (
          <RunList
            runs={runs}
            shown={shown?.id}
            onChoose={(id) => {
              setChosen(id);
              setCompared(undefined);
            }}
            onEnter={() => focus('[data-run-details]')}
            onNearEnd={more}
          />
        )}
      </div>
      {compared !== undefined ? (
        <RunComparisonView
          client={client}
          {...compared}
          onClose={() => {
            setCompared(undefined);
            focus('[data-run-list]');
          }}
        />
      ) : shown === undefined ? null : shown.kind === 'study' ? (
        <StudyEntry
          key={shown.id}
          client={client}
          study={shown}
          onOpen={() => onShowStudy(shown.id)}
          onLeave={() => focus('[data-run-list]')}
        />
      ) : (
        <RunDetails
          key={shown.id}
          client={client}
          run={shown}
          others={runs.filter((run) => run.id !== shown.id && run.kind === undefined)}
          number={number}
          canRerun={engineReady && app.origin === 'folder'}
          requirements={app.requirements ?? []}
          onShowLog={(worker) => onShowLog(shown, worker)}
          onCompare={(other) => {
            const [left, right] = other.startedAt <= shown.startedAt ? [other, shown] : [shown, other];
            setCompared({ left: left.id, right: right.id });
          }}
          onLeave={() => focus('[data-run-list]')}
        />
      )}
    </section>
  );
}
