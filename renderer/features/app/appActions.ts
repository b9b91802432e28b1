import type { RefObject } from 'react';
import type { AppView } from '#shared/domain/AppView.ts';
import type { LogPanelHandle } from '../logs/LogPanel.tsx';
import { openPlan } from '../plan/planStore.ts';
import type { AppAbilities } from './appAbilities.ts';
import { wantedReplicas } from './scaleStore.ts';

/** What the keys of the app page act on. */
export interface AppKeyTargets {
  app: AppView;
  can: AppAbilities;
  page: RefObject<HTMLElement | null>;
  run: () => void;
  stop: () => void;
  build: () => void;
  /** Service of the selected worker. */
  selectedService: string | undefined;
  scale: (service: string, replicas: number) => void;
  /** Opens the editor of the app's files. */
  edit: () => void;
  showLogs: () => void;
  logs: RefObject<LogPanelHandle | null>;
}

export interface AppAction {
  id: string;
  title: string;
  keys?: string;
  enabled: boolean;
  run: () => void;
}

/** The service that + and − and digits are about: the selected worker's, else the only one that can be scaled. */
export function serviceToScale(app: AppView, selectedService: string | undefined): string | null {
  const scalable = app.services.filter(
    (service) => service.role === 'worker' && service.scaleBlockedBy === null,
  );
  const chosen = scalable.find((service) => service.name === selectedService);
  return chosen?.name ?? (scalable.length === 1 ? (scalable[0]?.name ?? null) : null);
}

/** Everything that can be done on the app page by key or from the palette. */
export function appActions(targets: AppKeyTargets): AppAction[] {
  const { app, can, page, logs } = targets;
  const service = serviceToScale(app, targets.selectedService);
  const step = (by: number) => {
    if (service === null) return;
    const requested = app.services.find((candidate) => candidate.name === service)?.requestedReplicas ?? 0;
    const next = (wantedReplicas(app.id, service) ?? requested) + by;
    if (next >= 0) targets.scale(service, next);
  };
  // The panel is mounted by the turn to its tab: what concerns it waits for that.
  const inLogs = (act: (panel: LogPanelHandle) => void) => {
    if (logs.current) {
      act(logs.current);
      return;
    }
    targets.showLogs();
    requestAnimationFrame(() => {
      if (logs.current) act(logs.current);
    });
  };
  const canScale = can.scale && service !== null;
  const of = service === null ? 'workers' : service;
  return [
    { id: 'app.run', title: 'Run', keys: 'r', enabled: can.run && !can.running, run: targets.run },
    { id: 'app.plan', title: 'What will change', keys: 'p', enabled: can.run, run: () => openPlan(app.id) },
    { id: 'app.stop', title: 'Stop', keys: 's', enabled: can.stop, run: targets.stop },
    { id: 'app.build', title: 'Build', keys: 'b', enabled: can.build, run: targets.build },
    { id: 'app.edit', title: 'Edit', keys: 'e', enabled: app.origin === 'folder', run: targets.edit },
    { id: 'app.scaleUp', title: `One more of ${of}`, keys: 'plus', enabled: canScale, run: () => step(1) },
    { id: 'app.scaleDown', title: `One fewer of ${of}`, keys: '-', enabled: canScale, run: () => step(-1) },
    {
      id: 'app.scaleTo',
      title: `Set the number of ${of}`,
      enabled: canScale,
      run: () => focusScaleField(page.current, service),
    },
    {
      id: 'log.search',
      title: 'Search logs',
      keys: '/',
      enabled: true,
      run: () => inLogs((panel) => panel.focusSearch()),
    },
    {
      id: 'log.filter',
      title: 'Filter the log',
      keys: 'f',
      enabled: true,
      run: () => inLogs((panel) => panel.focusFilter()),
    },
    {
      id: 'log.follow',
      title: 'Follow the log',
      keys: 'g t',
      enabled: true,
      run: () => inLogs((panel) => panel.toggleFollow()),
    },
    {
      id: 'log.time',
      title: 'Change the log’s times',
      enabled: true,
      run: () => inLogs((panel) => panel.toggleTime()),
    },
    { id: 'log.clear', title: 'Clear the log', enabled: true, run: () => inLogs((panel) => panel.clear()) },
  ];
}

/** Puts the caret into a service's number field. A digit pressed meanwhile lands in it and replaces the number. */
export function focusScaleField(page: HTMLElement | null, service: string | null): boolean {
  if (!page || service === null) return false;
  const field = page.querySelector<HTMLInputElement>(
    `[data-scale-field="${CSS.escape(service)}"] [role="spinbutton"]`,
  );
  if (!field || field.disabled) return false;
  field.focus();
  field.select();
  return true;
}
