import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { saveFile } from '../../../app/saveFile.ts';
import type { LogViewClient } from '../view/LogViewClient.ts';
import { exportLog, exportName } from './exportLog.ts';
import { useApps } from '../../../stores/apps.ts';
import { MOST_COPIED_ROWS, readRows } from './readRows.ts';
import { rowsText } from './rowsText.ts';

/** What ends sooner needs no word of how far it is. */
const SHOW_AFTER_MS = 300;
const UPDATE_MS = 150;
/** A toast that has not been drawn yet cannot be taken away. */
const DRAWN_MS = 100;

export interface LogOutput {
  copyText: (text: string, said: string) => void;
  copyRows: (view: LogViewClient, from: number, to: number) => void;
  exportRows: (query: LogQuery, format: 'text' | 'jsonl') => void;
}

/** Copying and exporting, with their progress, way out and outcome told in toasts. */
export function useLogOutput(client: Client, appId: string): LogOutput {
  const running = useRef(new Set<AbortController>());
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const controller of all) controller.abort();
    };
  }, []);

  const copyText = (text: string, said: string) => {
    void navigator.clipboard.writeText(text).then(
      () => toast(said),
      () => toast.error('The clipboard cannot be written.'),
    );
  };

  /** Runs with a toast that tells how far it is and can end it. */
  const withProgress = async (
    title: string,
    act: (signal: AbortSignal, told: (done: number, total: number) => void) => Promise<void>,
  ) => {
    const controller = new AbortController();
    running.current.add(controller);
    let id: string | number | undefined;
    let told = performance.now() + SHOW_AFTER_MS - UPDATE_MS;
    try {
      await act(controller.signal, (done, total) => {
        const now = performance.now();
        if (now - told < UPDATE_MS) return;
        told = now;
        const share = total === 0 ? 100 : Math.floor((done / total) * 100);
        id = toast.loading(`${title} · ${share} %`, {
          ...(id === undefined ? {} : { id }),
          duration: Number.POSITIVE_INFINITY,
          action: { label: 'Cancel', onClick: () => controller.abort() },
        });
      });
    } catch (error) {
      const shape = toErrorShape(error);
      if (shape.code !== 'cancelled')
        toast.error(shape.message, shape.hint === undefined ? {} : { description: shape.hint });
    } finally {
      const shown = id;
      if (shown !== undefined) setTimeout(() => toast.dismiss(shown), DRAWN_MS);
      running.current.delete(controller);
    }
  };

  return {
    copyText,
    copyRows: (view, from, to) =>
      void withProgress('Copying lines', async (signal, told) => {
        const rows = await readRows(view, { from, to }, { signal, onProgress: told });
        const count = rows.length.toLocaleString('en');
        const left = to - from + 1 > MOST_COPIED_ROWS ? '; export takes more' : '';
        copyText(rowsText(rows), `${count} ${rows.length === 1 ? 'line' : 'lines'} copied${left}`);
      }),
    exportRows: ({ foldTraces: _folded, ...query }, format) =>
      void withProgress('Exporting', async (signal, told) => {
        // Folding is a way of looking: a file without the traces would be a false account.
        const content = await exportLog(client, { appId, query, format }, { signal, onProgress: told });
        const title = useApps.getState().apps?.get(appId)?.title ?? appId;
        saveFile(content, exportName(title, format, new Date()));
        toast.success('Exported');
      }),
  };
}
