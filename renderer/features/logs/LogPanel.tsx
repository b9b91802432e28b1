import {
  ArrowDown,
  ArrowDownToLine,
  ChevronDown,
  ChevronUp,
  Clock,
  Copy,
  Pause,
  Play,
  ScrollText,
  Search,
  Trash2,
  Unplug,
} from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useRef, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { displayName } from '../app/displayName.ts';
import type { TimeMode } from './formatLogTime.ts';
import { LogFeed } from './LogFeed.ts';
import type { LogFilter } from './LogFilter.ts';
import { LogList, type LogListHandle } from './LogList.tsx';
import styles from './LogPanel.module.css';
import { LogView } from './LogView.ts';

/** Single workers offered in the filter; beyond, a click on a worker's tile picks it. */
const WORKERS_LISTED = 64;
const TIME_MODES: TimeMode[] = ['off', 'local', 'relative'];
const TIME_MODE_WORDS: Record<TimeMode, string> = {
  off: 'Times hidden',
  local: 'Local time',
  relative: 'Time since the first line',
};

export interface LogPanelHandle {
  focusSearch(): void;
  toggleFollow(): void;
  toggleTime(): void;
  clear(): void;
}

interface LogPanelProps {
  client: Client;
  appId: string;
  /** Keys (`service-index`) of the workers to offer in the filter. */
  workers: readonly string[];
  services: readonly string[];
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
  ref?: Ref<LogPanelHandle>;
}

/**
 * The merged live log of an app. Mounted only while it is to be seen: the stream closes with it. Key it by app.
 */
export function LogPanel({ client, appId, workers, services, filter, onFilter, ref }: LogPanelProps) {
  const view = useLogView(client, appId, workers.length);
  useSyncExternalStore(view.subscribe, view.version);
  const { feed } = view;
  const [timeMode, setTimeMode] = useState<TimeMode>('off');
  const [query, setQuery] = useState('');
  const list = useRef<LogListHandle>(null);
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => view.setFilter(filter), [view, filter]);
  useEffect(() => {
    view.setQuery(query);
    if (view.currentMatch !== null) list.current?.reveal(view.positionOf(view.currentMatch));
  }, [view, query]);

  const nextTimeMode = () =>
    setTimeMode((mode) => TIME_MODES[(TIME_MODES.indexOf(mode) + 1) % TIME_MODES.length] ?? 'off');

  useImperativeHandle(ref, () => ({
    focusSearch: () => search.current?.focus(),
    toggleFollow: () => view.dispatch({ type: 'toggled' }),
    toggleTime: nextTimeMode,
    clear: () => feed.clear(),
  }));

  const step = (direction: 1 | -1) => {
    const position = view.step(direction);
    if (position !== null) list.current?.reveal(position);
  };

  const copyAll = () => {
    const text = view.textBetween(0, view.size - 1);
    void navigator.clipboard
      .writeText(text)
      .then(() => toast(`${view.size.toLocaleString('en')} lines copied`));
  };

  return (
    <section className={styles.panel} aria-label="Log panel">
      <div className={styles.toolbar} role="toolbar" aria-label="Log">
        <Select
          label="Log filter"
          hideLabel
          className={styles.filter}
          value={filterValue(filter)}
          onChange={(value) => onFilter(parseFilterValue(value))}
          options={filterOptions(workers, services, filter)}
        />
        <div className={styles.search} role="search">
          <TextField
            ref={search}
            className={styles.searchField}
            label="Search logs"
            hideLabel
            icon={<Search size={13} aria-hidden />}
            placeholder="Search logs"
            value={query}
            onChange={setQuery}
            onKeyDown={(event) => {
              if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
              else if (event.key === 'Escape') {
                event.stopPropagation();
                if (query === '') list.current?.focus();
                else setQuery('');
              }
            }}
          />
          {query === '' ? null : (
            <>
              <output className={styles.count} aria-label="Matches">
                {view.matchCount === 0
                  ? 'No match'
                  : `${view.matchNumber.toLocaleString('en')} / ${view.matchCount.toLocaleString('en')}`}
              </output>
              <IconButton
                label="Previous match"
                icon={<ChevronUp size={15} />}
                disabled={view.matchCount === 0}
                onClick={() => step(-1)}
              />
              <IconButton
                label="Next match"
                icon={<ChevronDown size={15} />}
                disabled={view.matchCount === 0}
                onClick={() => step(1)}
              />
            </>
          )}
        </div>
        <span className={styles.spacer} />
        <div className={styles.group}>
          <IconButton
            label={`${TIME_MODE_WORDS[timeMode]}; change`}
            icon={<Clock size={15} />}
            pressed={timeMode !== 'off'}
            onClick={nextTimeMode}
          />
          <IconButton
            label="Follow the end"
            icon={<ArrowDownToLine size={15} />}
            pressed={view.follow.following}
            onClick={() => view.dispatch({ type: 'toggled' })}
          />
          <IconButton
            label={feed.paused ? 'Resume' : 'Pause'}
            icon={feed.paused ? <Play size={15} /> : <Pause size={15} />}
            pressed={feed.paused}
            onClick={() => feed.setPaused(!feed.paused)}
          />
          <IconButton
            label="Copy all shown lines"
            icon={<Copy size={15} />}
            disabled={view.size === 0}
            onClick={copyAll}
          />
          <IconButton
            label="Clear"
            icon={<Trash2 size={15} />}
            disabled={feed.ring.size === 0}
            onClick={() => feed.clear()}
          />
        </div>
      </div>
      {feed.paused ? (
        <div className={styles.strip} role="status">
          <Pause size={13} aria-hidden /> Paused. New lines wait at the source.
        </div>
      ) : null}
      {feed.status === 'lost' && feed.ring.size > 0 ? (
        <div className={styles.strip} role="status">
          <Unplug size={13} aria-hidden /> Disconnected. The log goes on when the connection is back.
        </div>
      ) : null}
      <div className={styles.body}>
        <LogList
          ref={list}
          view={view}
          timeMode={timeMode}
          onCopied={(lines) => toast(`${lines} ${lines === 1 ? 'line' : 'lines'} copied`)}
        />
        {view.size === 0 ? (
          <div className={styles.overlay}>
            <NothingToShow view={view} workerCount={workers.length} filter={filter} onFilter={onFilter} />
          </div>
        ) : null}
        {!view.follow.following && view.size > 0 ? (
          <button
            type="button"
            className={styles.pill}
            onClick={() => view.dispatch({ type: 'jumped-to-end' })}
          >
            <ArrowDown size={13} aria-hidden />
            {view.follow.missed > 0
              ? `${view.follow.missed.toLocaleString('en')} new ${view.follow.missed === 1 ? 'line' : 'lines'}`
              : 'Jump to end'}
          </button>
        ) : null}
      </div>
    </section>
  );
}

function NothingToShow(props: {
  view: LogView;
  workerCount: number;
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
}) {
  const { view, workerCount, filter, onFilter } = props;
  const { feed } = view;
  if (feed.status === 'refused' || feed.status === 'lost') {
    return (
      <EmptyState
        compact
        icon={<Unplug size={20} />}
        title={feed.status === 'lost' ? 'Log disconnected' : 'The log cannot be read'}
        actions={<Button onClick={() => feed.retry()}>Try again</Button>}
      >
        {feed.error?.message ?? 'The connection was lost.'}
      </EmptyState>
    );
  }
  if (feed.ring.size > 0) {
    return (
      <EmptyState
        compact
        icon={<ScrollText size={20} />}
        title={`No lines from ${filter.kind === 'worker' ? displayName(filter.worker) : filter.kind === 'service' ? displayName(filter.service) : 'the selection'} yet`}
        actions={<Button onClick={() => onFilter({ kind: 'all' })}>Show all workers</Button>}
      />
    );
  }
  if (workerCount === 0) {
    return (
      <EmptyState compact icon={<ScrollText size={20} />} title="No output yet">
        Run the app: every worker's lines appear here, merged as they come.
      </EmptyState>
    );
  }
  return feed.status === 'waiting' ? (
    <Spinner label="Waiting for output" />
  ) : (
    <EmptyState compact icon={<ScrollText size={20} />} title="No output yet" />
  );
}

/** The panel's feed and view: as long as it is mounted, and open while it is. */
function useLogView(client: Client, appId: string, workerCount: number): LogView {
  const [view] = useState(() => {
    // Many workers share what one may bring, so that opening stays quick.
    const tail = Math.round(Math.min(2000, Math.max(20, 20_000 / (workerCount || 1))));
    return new LogView(new LogFeed(client, { appId, tail }));
  });
  useEffect(() => {
    const { feed } = view;
    const onVisibility = () => feed.visibilityChanged();
    feed.open();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      feed.close();
    };
  }, [view]);
  return view;
}

function filterValue(filter: LogFilter): string {
  if (filter.kind === 'all') return 'all';
  return filter.kind === 'service' ? `service:${filter.service}` : `worker:${filter.worker}`;
}

function parseFilterValue(value: string): LogFilter {
  if (value.startsWith('service:')) return { kind: 'service', service: value.slice('service:'.length) };
  if (value.startsWith('worker:')) return { kind: 'worker', worker: value.slice('worker:'.length) };
  return { kind: 'all' };
}

function filterOptions(workers: readonly string[], services: readonly string[], filter: LogFilter) {
  const listed = workers.length <= WORKERS_LISTED ? [...workers] : [];
  if (filter.kind === 'worker' && !listed.includes(filter.worker)) listed.push(filter.worker);
  return [
    { value: 'all', label: 'All workers' },
    ...services.map((service) => ({ value: `service:${service}`, label: `All ${displayName(service)}` })),
    ...listed.map((worker) => ({ value: `worker:${worker}`, label: displayName(worker) })),
  ];
}
