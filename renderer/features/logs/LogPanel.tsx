import { type Ref, useImperativeHandle, useRef } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { ColumnsDialog } from './columns/ColumnsDialog.tsx';
import { LogDetails } from './details/LogDetails.tsx';
import { LogHistogramStrip } from './histogram/LogHistogramStrip.tsx';
import styles from './LogPanel.module.css';
import { RulesDialog } from './marks/RulesDialog.tsx';
import { FilterChips } from './panel/FilterChips.tsx';
import { LogPane } from './panel/LogPane.tsx';
import { PanelStrips } from './panel/PanelStrips.tsx';
import { PanelToolbar } from './panel/PanelToolbar.tsx';
import { StatusLine } from './panel/StatusLine.tsx';
import { useLogPanel } from './panel/useLogPanel.ts';
import { useOfferedWorkers } from './query/useOfferedWorkers.ts';
import type { TimeSpan } from './query/buildLogQuery.ts';
import type { WorkerChoice } from './query/WorkerChoice.ts';
import { useJump } from './time/useJump.ts';
import { JumpDialog } from './time/JumpDialog.tsx';

export interface LogPanelHandle {
  focusSearch(): void;
  focusFilter(): void;
  toggleFollow(): void;
  toggleTime(): void;
  clear(): void;
}

interface LogPanelProps {
  client: Client;
  appId: string;
  /** Keys (`service-index`) of the app's workers. */
  workers: readonly string[];
  services: readonly string[];
  choice: WorkerChoice;
  onChoice: (choice: WorkerChoice) => void;
  /** A moment to go to, once its lines are there; another object goes there again. */
  jump?: { timeMs: number } | null | undefined;
  /** The only time whose lines are shown at first. */
  span?: TimeSpan | null | undefined;
  ref?: Ref<LogPanelHandle>;
}

const NO_ROWS: readonly number[] = [];

/**
 * The merged log of an app, kept and searched on the privileged side; here are the rows in sight. Mounted only while it
 * is to be seen: its views close with it. Key it by app.
 */
export function LogPanel(props: LogPanelProps) {
  const { client, appId, choice, onChoice, span = null, ref } = props;
  const searchField = useRef<HTMLInputElement>(null);
  const filterField = useRef<HTMLInputElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const model = useLogPanel({ client, appId, choice, onChoice, span, searchField, filterField, strip });
  const { filter, memory, panes, dialog, setDialog, details, zero } = model;
  const { active } = panes;
  const { workers, services } = useOfferedWorkers((panes.panes[0] ?? active).view, props);
  const isSplit = panes.panes.length > 1;
  useJump(props.jump, active.rows.total > 0, model.jump);

  useImperativeHandle(ref, () => ({
    focusSearch: model.actions.search,
    focusFilter: model.actions.filter,
    toggleFollow: model.toggleFollow,
    toggleTime: model.actions.time,
    clear: model.clear,
  }));

  return (
    <section
      className={styles.panel}
      aria-label="Log panel"
      onKeyDown={model.onKeyDown}
      onKeyDownCapture={(event) => {
        // What was opened last closes first: the details, and only then the choice of rows.
        if (event.key !== 'Escape' || !details || (event.target as Element).getAttribute('role') !== 'log')
          return;
        event.preventDefault();
        event.stopPropagation();
        model.closeDetails();
      }}
    >
      <PanelToolbar
        model={model}
        choice={choice}
        onChoice={onChoice}
        workers={workers}
        services={services}
        searchField={searchField}
        filterField={filterField}
      />
      <FilterChips
        filter={filter}
        folded={model.query.foldTraces === true}
        onUnfold={() => memory.toggle('foldTraces')}
      />
      <PanelStrips pane={active} />
      {memory.settings.histogram && (active.view.state?.lines ?? 0) > 0 ? (
        <LogHistogramStrip
          key={active.key}
          ref={strip}
          pane={active}
          span={filter.span}
          timeMode={memory.settings.timeMode}
          zero={zero}
          onJump={model.jump}
          onSpan={filter.setSpan}
        />
      ) : null}
      <div className={styles.body}>
        {panes.panes.map((pane, at) => {
          const own = model.choiceOf(pane);
          return (
            <LogPane
              key={pane.key}
              listRef={(handle) => {
                if (handle) panes.lists.set(pane.key, handle);
              }}
              pane={pane}
              query={model.queryOf(own)}
              label={at === 0 ? 'Logs' : `Logs, pane ${at + 1}`}
              choice={own}
              workers={workers}
              services={services}
              split={isSplit}
              active={pane.key === active.key}
              onActivate={() => panes.activate(pane.key)}
              onChoice={(next) => (pane.key === 0 ? onChoice(next) : panes.choose(pane.key, next))}
              onClose={pane.key === 0 ? undefined : () => panes.close(pane.key)}
              look={model.look}
              bookmarks={memory.bookmarked}
              bookmarkRows={pane.key === active.key ? model.bookmarkRows : NO_ROWS}
              currentId={model.found.currentId}
              onRowAction={model.onRowAction}
              rowMenu={model.rowMenu}
              onCopy={(from, to) => model.output.copyRows(pane.view, from, to)}
              onMoved={() => panes.moved(pane.key)}
              onRemoveColumn={(field) =>
                memory.setColumns(memory.settings.columns.filter((other) => other !== field))
              }
              onReset={model.reset}
            />
          );
        })}
        {details ? (
          <LogDetails
            view={active.view}
            row={details}
            hues={memory.hues}
            bookmarked={memory.bookmarked.has(details.id)}
            onBookmark={() => model.bookmark(details)}
            onFilter={filter.addText}
            onCopy={model.output.copyText}
            onClose={model.closeDetails}
          />
        ) : null}
      </div>
      <StatusLine pane={active} />
      <RulesDialog
        open={dialog === 'rules'}
        onClose={() => setDialog(null)}
        rules={memory.rules}
        onChange={memory.changeRules}
      />
      <ColumnsDialog
        open={dialog === 'columns'}
        onClose={() => setDialog(null)}
        rows={active.rows.rows}
        fields={memory.settings.columns}
        onChange={memory.setColumns}
      />
      <JumpDialog
        open={dialog === 'jump'}
        onClose={() => setDialog(null)}
        context={() => ({ nowMs: Date.now(), firstMs: zero, lastMs: active.view.state?.lastMs ?? null })}
        onJump={model.jump}
      />
    </section>
  );
}
