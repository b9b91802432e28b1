import type { RefObject } from 'react';
import { isFiltered } from '../query/buildLogQuery.ts';
import type { WorkerChoice } from '../query/WorkerChoice.ts';
import { BookmarkList } from '../toolbar/BookmarkList.tsx';
import { FilterField } from '../toolbar/FilterField.tsx';
import { LevelMenu } from '../toolbar/LevelMenu.tsx';
import { LogToolbar } from '../toolbar/LogToolbar.tsx';
import { MoreMenu } from '../toolbar/MoreMenu.tsx';
import { SearchField } from '../toolbar/SearchField.tsx';
import { WorkerLegend } from '../toolbar/WorkerLegend.tsx';
import type { LogPanelModel } from './useLogPanel.ts';

interface PanelToolbarProps {
  model: LogPanelModel;
  choice: WorkerChoice;
  onChoice: (choice: WorkerChoice) => void;
  workers: readonly string[];
  services: readonly string[];
  searchField: RefObject<HTMLInputElement | null>;
  filterField: RefObject<HTMLInputElement | null>;
}

/** The toolbar of a panel, its fields and menus tied to what the panel holds. */
export function PanelToolbar(props: PanelToolbarProps) {
  const { model, choice, onChoice, workers, services, searchField, filterField } = props;
  const { filter, memory, panes, found, output, query, actions, setDialog } = model;
  const { settings } = memory;
  const { active } = panes;
  const shared = {
    wrap: settings.wrap,
    onWrap: actions.wrap,
    onTime: actions.time,
    histogram: settings.histogram,
    onHistogram: () => memory.toggle('histogram'),
    split: panes.panes.length > 1,
    onSplit: actions.split,
  };
  return (
    <LogToolbar
      {...shared}
      choice={choice}
      onChoice={onChoice}
      workers={workers}
      services={services}
      timeMode={settings.timeMode}
      following={active.rows.following}
      onFollow={model.toggleFollow}
      paused={active.rows.paused}
      onPause={actions.pause}
      filter={
        <FilterField
          ref={filterField}
          value={filter.text}
          onChange={filter.setText}
          problems={filter.problems}
          onLeave={model.focusList}
        />
      }
      levels={
        <LevelMenu
          levels={filter.levels}
          onChange={filter.setLevels}
          open={model.dialog === 'levels'}
          onOpenChange={(open) => setDialog(open ? 'levels' : null)}
        />
      }
      search={
        <SearchField
          ref={searchField}
          search={found.search}
          draft={found.draft}
          onChange={found.setDraft}
          onStep={found.step}
          onLeave={model.focusList}
        />
      }
      legend={
        <WorkerLegend
          view={active.view}
          hidden={filter.hiddenWorkers}
          onHidden={filter.setHiddenWorkers}
          onOnly={(worker) => onChoice({ kind: 'worker', worker })}
          hues={memory.hues}
          onHue={memory.setHue}
        />
      }
      bookmarks={
        <BookmarkList
          bookmarks={memory.bookmarks}
          onGoTo={model.goToBookmark}
          onRemove={(gone) =>
            memory.changeBookmarks((before) => before.filter((other) => other.id !== gone.id))
          }
        />
      }
      more={
        <MoreMenu
          {...shared}
          canExport={active.rows.total > 0}
          isFiltered={isFiltered(query) || query.workers !== undefined || query.services !== undefined}
          onExport={(what, format) => output.exportRows(what === 'whole' ? {} : query, format)}
          onCopyShown={() => output.copyRows(active.view, 0, active.rows.total - 1)}
          onClear={model.clear}
          onRestore={filter.clearedMs === null ? null : () => filter.setClearedMs(null)}
          onRules={() => setDialog('rules')}
          onColumns={() => setDialog('columns')}
          onJump={actions.jump}
          foldTraces={settings.foldTraces}
          onFoldTraces={() => memory.toggle('foldTraces')}
          onAddPane={panes.canSplit ? model.addPane : null}
          sync={panes.panes.length > 1 ? panes.sync : null}
          onSync={() => panes.setSync(!panes.sync)}
        />
      }
    />
  );
}
