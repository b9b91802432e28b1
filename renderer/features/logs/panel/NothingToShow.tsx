import { FilterX, ScrollText, TriangleAlert, Unplug } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Spinner } from '../../../ui/Spinner.tsx';
import { displayName } from '../../app/displayName.ts';
import { isFiltered } from '../query/buildLogQuery.ts';
import type { WorkerChoice } from '../query/WorkerChoice.ts';
import type { Pane } from '../view/usePane.ts';

interface NothingToShowProps {
  pane: Pane;
  query: LogQuery;
  choice: WorkerChoice;
  workerCount: number;
  /** Shows all lines of all workers. */
  onReset: () => void;
}

/** Why there are no rows, and what to do about it. */
export function NothingToShow({ pane, query, choice, workerCount, onReset }: NothingToShowProps) {
  const { view, rows } = pane;
  useSyncExternalStore(view.subscribe, view.version);
  useSyncExternalStore(rows.subscribe, () => rows.loading);
  if (view.status === 'refused') {
    const isSlow = view.error?.code === 'timeout';
    return (
      <EmptyState
        compact
        icon={<TriangleAlert size={20} />}
        title={isSlow ? 'The filter takes too long' : 'The log cannot be read'}
        actions={
          <>
            {isFiltered(query) ? <Button onClick={onReset}>Clear filter</Button> : null}
            <Button onClick={() => view.retry()}>Try again</Button>
          </>
        }
      >
        {view.error?.message ?? 'The log has ended.'}
      </EmptyState>
    );
  }
  if (view.status === 'lost') {
    return (
      <EmptyState
        compact
        icon={<Unplug size={20} />}
        title="Log disconnected"
        actions={<Button onClick={() => view.retry()}>Try again</Button>}
      >
        {view.error?.message ?? 'The connection was lost.'}
      </EmptyState>
    );
  }
  const { state } = view;
  if (view.status !== 'open' || state === null || view.stale || (rows.loading && rows.total > 0))
    return workerCount === 0 && state === null ? <NoOutput /> : <Spinner label="Loading the log" />;
  if (state.scanned < 1)
    return <Spinner label={`Looking through the log: ${Math.floor(state.scanned * 100)} %`} />;
  const silent = state.workers.find(
    (worker) =>
      worker.state === 'unavailable' &&
      (choice.kind === 'all' ||
        (choice.kind === 'worker' ? worker.worker === choice.worker : worker.service === choice.service)),
  );
  if (silent !== undefined && !isFiltered(query))
    return (
      <EmptyState
        compact
        icon={<TriangleAlert size={20} />}
        title={`The log of ${displayName(silent.worker)} cannot be read`}
      >
        {silent.message === undefined ? 'The engine does not say why.' : displayName(silent.message)}
      </EmptyState>
    );
  // A filter can name workers too, of which none may be there.
  const namesWorkers = choice.kind === 'all' && query.workers !== undefined;
  const isNarrowed = isFiltered(query) || namesWorkers;
  if ((state.lines > 0 || namesWorkers) && (isNarrowed || choice.kind !== 'all')) {
    const of = choice.kind === 'worker' ? choice.worker : choice.kind === 'service' ? choice.service : null;
    return (
      <EmptyState
        compact
        icon={<FilterX size={20} />}
        title={of !== null && !isNarrowed ? `No lines from ${displayName(of)} yet` : 'No lines match'}
        actions={<Button onClick={onReset}>{isNarrowed ? 'Clear filter' : 'Show all workers'}</Button>}
      >
        {state.lines === 0
          ? 'No worker that the filter names has written anything.'
          : `${state.lines.toLocaleString('en')} ${state.lines === 1 ? 'line is' : 'lines are'} hidden${isNarrowed ? ' by the filter' : ''}.`}
      </EmptyState>
    );
  }
  return <NoOutput />;
}

function NoOutput() {
  return (
    <EmptyState compact icon={<ScrollText size={20} />} title="No output yet">
      Run the app: every worker’s lines appear here, merged as they come.
    </EmptyState>
  );
}
