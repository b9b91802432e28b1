import { useEffect, useRef, useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { LogListHandle } from '../list/LogList.tsx';
import { ALL_WORKERS, type WorkerChoice } from '../query/WorkerChoice.ts';
import { LogViewClient } from '../view/LogViewClient.ts';
import { LogWindow } from '../view/LogWindow.ts';
import type { Pane } from '../view/usePane.ts';

const MOST_PANES = 4;
/** The others follow a scrolled pane at most this often. */
const SYNC_MS = 120;

export interface PaneEntry extends Pane {
  key: number;
  /** Of the panes after the first; the first one's is the panel's. */
  choice: WorkerChoice;
}

export interface PanesState {
  panes: readonly PaneEntry[];
  active: PaneEntry;
  activate: (key: number) => void;
  canSplit: boolean;
  split: (choice: WorkerChoice) => void;
  close: (key: number) => void;
  /** Back to the first pane alone. */
  closeOthers: () => void;
  choose: (key: number, choice: WorkerChoice) => void;
  sync: boolean;
  setSync: (sync: boolean) => void;
  /** The reader moved in a pane: the others go to the same time. */
  moved: (key: number) => void;
  /** List of a pane, for focus. */
  lists: Map<number, LogListHandle>;
}

/** The views that stand side by side. The first one is always there. */
export function usePanes(client: Client, appId: string): PanesState {
  const make = (key: number, choice: WorkerChoice): PaneEntry => {
    const view = new LogViewClient(client, { appId, query: {} });
    return { key, choice, view, rows: new LogWindow(view) };
  };
  const [first] = useState(() => make(0, ALL_WORKERS));
  const [others, setOthers] = useState<readonly PaneEntry[]>([]);
  const panes = [first, ...others];
  const [activeKey, setActiveKey] = useState(0);
  const [sync, setSync] = useState(true);
  const [lists] = useState(() => new Map<number, LogListHandle>());
  const nextKey = useRef(1);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  const active = panes.find((pane) => pane.key === activeKey) ?? first;

  return {
    panes,
    active,
    activate: setActiveKey,
    canSplit: panes.length < MOST_PANES,
    split: (choice) => {
      if (panes.length >= MOST_PANES) return;
      setOthers([...others, make(nextKey.current, choice)]);
      nextKey.current += 1;
    },
    close: (key) => {
      if (key === 0) return;
      panes.find((pane) => pane.key === key)?.rows.dispose();
      setOthers(others.filter((pane) => pane.key !== key));
      lists.delete(key);
    },
    closeOthers: () => {
      for (const { key, rows } of others) {
        rows.dispose();
        lists.delete(key);
      }
      setOthers([]);
    },
    choose: (key, choice) =>
      setOthers((before) => before.map((pane) => (pane.key === key ? { ...pane, choice } : pane))),
    sync,
    setSync,
    moved: (key) => {
      if (!sync || panes.length < 2 || timer.current !== null) return;
      timer.current = setTimeout(() => {
        timer.current = null;
        const moved = panes.find((pane) => pane.key === key)?.rows;
        const timeMs = moved?.timeInSight();
        if (!moved || timeMs === null || timeMs === undefined) return;
        for (const { rows } of panes) {
          if (rows === moved) continue;
          if (moved.following) rows.follow();
          else rows.reveal({ kind: 'time', timeMs: Math.floor(timeMs) }, 'top', false);
        }
      }, SYNC_MS);
    },
    lists,
  };
}
