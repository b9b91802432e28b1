import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { fileName } from '../../../app/saveFile.ts';

/** Text is handed to the browser in pieces of this size, so that a long export does not lie in the page's memory. */
const PIECE_CHARACTERS = 4_000_000;

export interface ExportOptions {
  appId: string;
  query: LogQuery;
  format: 'text' | 'jsonl';
}

/** The rows of a query as a file's content. Rejects `cancelled` when the signal says so. */
export function exportLog(
  client: Client,
  options: ExportOptions,
  watch: { onProgress: (done: number, total: number) => void; signal: AbortSignal },
): Promise<Blob> {
  const type = options.format === 'jsonl' ? 'application/x-ndjson' : 'text/plain;charset=utf-8';
  return new Promise((resolve, reject) => {
    const pieces: Blob[] = [];
    let texts: string[] = [];
    let waiting = 0;
    const flush = () => {
      if (waiting > 0) pieces.push(new Blob(texts));
      texts = [];
      waiting = 0;
    };
    const onAbort = () => {
      stream.close();
      reject(new FlotillaError('cancelled', 'The export was cancelled.'));
    };
    const stream = client.stream('logExport', options, {
      onBatch: (items) => {
        for (const item of items) {
          texts.push(item.text);
          waiting += item.text.length;
          watch.onProgress(item.done, item.total);
        }
        if (waiting >= PIECE_CHARACTERS) flush();
      },
      onEnd: (error) => {
        watch.signal.removeEventListener('abort', onAbort);
        if (error) reject(error);
        else {
          flush();
          resolve(new Blob(pieces, { type }));
        }
      },
    });
    if (watch.signal.aborted) onAbort();
    else watch.signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** `pi-2026-03-01-140359.log` */
export function exportName(title: string, format: 'text' | 'jsonl', now: Date): string {
  return fileName(title, 'log', now, format === 'jsonl' ? 'jsonl' : 'log');
}
