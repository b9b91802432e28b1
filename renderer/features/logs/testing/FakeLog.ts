import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogAnchor, LogHistogram, LogRow, LogRows, LogViewState } from '#shared/domain/LogView.ts';
import type { LogQuery, LogTerm } from '#shared/logs/LogQuery.ts';

/** Rows by number; an array, or made up as they are asked for. */
export interface RowSource {
  length: number;
  at(row: number): LogRow | undefined;
}

interface FakeView {
  id: string;
  query: LogQuery;
  consumer: StreamConsumer<StreamItem<'logView'>>;
  /** Rows that count as found; the scan goes on from the first. */
  scannedRows: number;
}

/** 2026-03-01T08:00:00Z, where fake logs begin. */
export const FAKE_START_MS = Date.UTC(2026, 2, 1, 8);

/** A row as the spool would give it. `atMs` counts from the start of the log. */
export function fakeRow(
  line: number,
  text: string,
  change: Partial<LogRow> & { atMs?: number } = {},
): LogRow {
  const { atMs = line, ...rest } = change;
  const worker = rest.worker ?? `worker-${(line % 2) + 1}`;
  return {
    id: `${worker}:${line}`,
    worker,
    kind: 'stdout',
    level: 'none',
    timestamp: String(BigInt(Math.round((FAKE_START_MS + atMs) * 1000)) * 1000n),
    text,
    ...rest,
  };
}

/** The privileged side's log views over rows in memory: answers as the contract says, when the test says. */
export class FakeLog {
  rows: RowSource = [] as LogRow[];
  evictedLines = 0;
  warnings: string[] = [];
  linesPerSecond = 0;
  /** While held, calls wait for `release`. */
  held = false;
  /** Scans stop at this many rows of the log until more are allowed. */
  scanLimit = Number.POSITIVE_INFINITY;
  readonly calls: { name: string; input: Record<string, unknown> }[] = [];
  readonly views = new Map<string, FakeView>();
  readonly client: Client;
  opened = 0;
  #waiting: (() => void)[] = [];

  constructor(rows: LogRow[] = []) {
    this.rows = rows;
    this.client = {
      call: (name: string, input: Record<string, unknown>) => this.#call(name, input),
      stream: (
        name: string,
        input: { query: LogQuery; format?: string },
        consumer: StreamConsumer<StreamItem<'logView'>>,
      ) =>
        name === 'logView'
          ? this.#open(input.query, consumer)
          : this.#export(input, consumer as unknown as StreamConsumer<StreamItem<'logExport'>>),
    } as unknown as Client;
  }

  get array(): LogRow[] {
    return this.rows as LogRow[];
  }

  append(...rows: LogRow[]): void {
    this.array.push(...rows);
  }

  /** Sends its state to every view. */
  tell(changedSinceUs?: number): void {
    for (const view of this.views.values())
      void view.consumer.onBatch([{ kind: 'state', state: this.state(view, changedSinceUs) }]);
  }

  /** Ends every view, as a loss of the engine does. */
  end(error?: FlotillaError): void {
    const all = [...this.views.values()];
    this.views.clear();
    for (const view of all) view.consumer.onEnd(error);
  }

  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const answer of waiting) answer();
  }

  asked(name: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.input);
  }

  state(view: FakeView, changedSinceUs?: number): LogViewState {
    const shown = this.#shown(view);
    const first = this.rows.at(0);
    const last = this.rows.length > 0 ? this.rows.at(this.rows.length - 1) : undefined;
    const workers = new Map<string, number>();
    for (let at = 0; at < Math.min(this.rows.length, 5000); at += 1) {
      const worker = this.rows.at(at)?.worker ?? '';
      workers.set(worker, (workers.get(worker) ?? 0) + 1);
    }
    return {
      total: shown.length,
      ...(changedSinceUs === undefined ? {} : { changedSinceUs }),
      scanned: this.#isPlain(view.query) ? 1 : Math.min(1, this.scanLimit / Math.max(1, this.rows.length)),
      lines: this.rows.length,
      evictedLines: this.evictedLines,
      spoolBytes: this.rows.length * 120,
      spoolLimitBytes: 4e9,
      ...(first ? { firstMs: timeMs(first) } : {}),
      ...(last ? { lastMs: timeMs(last) } : {}),
      linesPerSecond: this.linesPerSecond,
      workers: [...workers].map(([worker, lines]) => ({
        worker,
        service: worker.replace(/-\d+$/, ''),
        state: 'following',
        lines,
      })),
      warnings: this.warnings,
    };
  }

  #open(query: LogQuery, consumer: StreamConsumer<StreamItem<'logView'>>): { close(): void } {
    this.opened += 1;
    const view: FakeView = { id: `view-${this.opened}`, query, consumer, scannedRows: 0 };
    this.views.set(view.id, view);
    queueMicrotask(() => {
      if (!this.views.has(view.id)) return;
      void consumer.onBatch([
        { kind: 'opened', viewId: view.id },
        { kind: 'state', state: this.state(view) },
      ]);
    });
    return { close: () => void this.views.delete(view.id) };
  }

  #export(
    input: { query: LogQuery; format?: string },
    consumer: StreamConsumer<StreamItem<'logExport'>>,
  ): { close(): void } {
    const stream = { isOpen: true };
    const send = async () => {
      const rows = this.#shown({ query: input.query });
      for (let at = 0; at < rows.length && stream.isOpen; at += 1000) {
        const texts: string[] = [];
        for (let row = at; row < Math.min(rows.length, at + 1000); row += 1) {
          const found = rows.at(row);
          texts.push(input.format === 'jsonl' ? JSON.stringify(found) : `${found?.worker} | ${found?.text}`);
        }
        await Promise.resolve();
        if (stream.isOpen)
          await consumer.onBatch([
            { text: `${texts.join('\n')}\n`, done: Math.min(rows.length, at + 1000), total: rows.length },
          ]);
      }
      if (stream.isOpen) consumer.onEnd();
    };
    void send();
    return {
      close: () => {
        stream.isOpen = false;
      },
    };
  }

  async #call(name: string, input: Record<string, unknown>): Promise<unknown> {
    this.calls.push({ name, input });
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const view = this.views.get(String(input['viewId']));
    if (!view) throw new FlotillaError('not-found', 'There is no such view.');
    const shown = this.#shown(view);
    if (name === 'logs.rows') return rowsOf(shown, input as never);
    if (name === 'logs.next') return nextOf(shown, input as never);
    if (name === 'logs.row') {
      const at = findId(shown, String(input['id']));
      const row = shown.at(at);
      if (!row) throw new FlotillaError('not-found', 'There is no such line.');
      const continued: LogRow[] = [];
      for (let next = shown.at(at + 1); next?.continuation; next = shown.at(at + 1 + continued.length))
        continued.push(next);
      return { row, continued };
    }
    if (name === 'logs.histogram') return histogramOf(this.rows, Number(input['buckets']));
    throw new FlotillaError('not-found', `No call ${name}.`);
  }

  #isPlain({ include, exclude, fields, levels }: LogQuery): boolean {
    return !include && !exclude && !fields && !levels;
  }

  #shown(view: Pick<FakeView, 'query'>): RowSource {
    const { query } = view;
    if (Object.keys(query).length === 0) return this.rows;
    const isPlain = this.#isPlain(query);
    return this.array.slice(0, isPlain ? undefined : this.scanLimit).filter((row) => isShown(row, query));
  }
}

function isShown(row: LogRow, query: LogQuery): boolean {
  const service = row.worker.replace(/-\d+$/, '');
  const has = (term: LogTerm) =>
    new RegExp(
      term.regex ? term.text : term.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
      term.matchCase ? 'u' : 'iu',
    ).test(row.text);
  return (
    (!query.workers || query.workers.includes(row.worker)) &&
    (!query.services || query.services.includes(service)) &&
    !(query.hiddenWorkers ?? []).includes(row.worker) &&
    (!query.levels || query.levels.includes(row.level)) &&
    (query.fromMs === undefined || timeMs(row) >= query.fromMs) &&
    (query.toMs === undefined || timeMs(row) < query.toMs) &&
    (query.include ?? []).every(has) &&
    !(query.exclude ?? []).some(has) &&
    (query.fields ?? []).every((test) => row.text.includes(`${test.field}=${test.value}`)) &&
    !(query.foldTraces && row.continuation)
  );
}

function rowsOf(
  shown: RowSource,
  input: { anchor: LogAnchor; before: number; count: number; maxChars?: number },
): LogRows {
  const total = shown.length;
  if (total === 0) return { rows: [], firstRow: 0, anchorRow: 0, total: 0 };
  const anchorRow = anchorOf(shown, input.anchor);
  const firstRow = Math.max(0, anchorRow - input.before);
  const rows: LogRow[] = [];
  for (let row = firstRow; row < Math.min(total, anchorRow + input.count); row += 1) {
    const found = shown.at(row);
    if (!found) continue;
    const cut = input.maxChars ?? 4096;
    // As over a wire: never the same object.
    rows.push(
      found.text.length > cut
        ? { ...found, text: found.text.slice(0, cut), fullLength: found.text.length }
        : { ...found },
    );
  }
  return { rows, firstRow, anchorRow, total };
}

function nextOf(shown: RowSource, input: { from: LogAnchor; direction: 'next' | 'previous' }) {
  const at = anchorOf(shown, input.from) + (input.direction === 'next' ? 1 : -1);
  const row = at < 0 ? undefined : shown.at(at);
  return row ? { row, rowNumber: at } : null;
}

function anchorOf(shown: RowSource, anchor: LogAnchor): number {
  const last = Math.max(0, shown.length - 1);
  if (anchor.kind === 'end') return last;
  if (anchor.kind === 'row') return Math.min(last, anchor.row);
  if (anchor.kind === 'id') {
    const found = findId(shown, anchor.id);
    if (found >= 0) return found;
    const line = Number(anchor.id.split(':')[1]);
    for (let row = 0; row <= last; row += 1) if (Number(shown.at(row)?.id.split(':')[1]) >= line) return row;
    return last;
  }
  for (let row = 0; row <= last; row += 1) {
    const found = shown.at(row);
    if (found && timeMs(found) >= anchor.timeMs) return row;
  }
  return last;
}

function findId(shown: RowSource, id: string): number {
  if (Array.isArray(shown)) return shown.findIndex((row) => row.id === id);
  const line = Number(id.split(':')[1]);
  return shown.at(line)?.id === id ? line : -1;
}

function histogramOf(rows: RowSource, count: number): LogHistogram {
  const first = rows.at(0);
  const last = rows.length > 0 ? rows.at(rows.length - 1) : undefined;
  if (!first || !last) return { fromMs: 0, toMs: 0, buckets: [] };
  const fromMs = timeMs(first);
  const toMs = timeMs(last) + 1;
  const buckets = Array.from({ length: count }, () => LOG_LEVELS.map(() => 0));
  for (let at = 0; at < Math.min(rows.length, 100_000); at += 1) {
    const row = rows.at(at);
    if (!row) continue;
    const bucket =
      buckets[Math.min(count - 1, Math.floor(((timeMs(row) - fromMs) / (toMs - fromMs)) * count))];
    const level = LOG_LEVELS.indexOf(row.level);
    if (bucket) bucket[level] = (bucket[level] ?? 0) + 1;
  }
  return { fromMs, toMs, buckets };
}

function timeMs(row: LogRow): number {
  return Number(row.timestamp) / 1e6;
}
