import type { Client, StreamConsumer } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import type { LogRow, LogViewState } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { findId, histogramOf, isShown, nextOf, type RowSource, rowsOf, timeMs } from './fakeAnswers.ts';

interface FakeView {
  id: string;
  query: LogQuery;
  consumer: StreamConsumer<StreamItem<'logView'>>;
  /** Rows of the log that were looked through when it was told to stop. */
  stoppedAt: number | null;
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
      ...(view.stoppedAt === null ? {} : { isStopped: true }),
      scanned:
        view.stoppedAt !== null || this.#isPlain(view.query)
          ? 1
          : Math.min(1, this.scanLimit / Math.max(1, this.rows.length)),
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
    const view: FakeView = { id: `view-${this.opened}`, query, consumer, stoppedAt: null };
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
    if (name === 'logs.stopScan') {
      view.stoppedAt = this.scanLimit;
      void view.consumer.onBatch([{ kind: 'state', state: this.state(view) }]);
      return null;
    }
    if (name === 'logs.locate')
      return (input['ids'] as string[]).map((id) => {
        const row = findId(shown, id);
        return row === -1 ? null : row;
      });
    if (name === 'logs.histogram') return histogramOf(this.rows, Number(input['buckets']));
    throw new FlotillaError('not-found', `No call ${name}.`);
  }

  #isPlain({ include, exclude, fields, levels }: LogQuery): boolean {
    return !include && !exclude && !fields && !levels;
  }

  #shown(view: { query: LogQuery; stoppedAt?: number | null }): RowSource {
    const { query } = view;
    if (Object.keys(query).length === 0) return this.rows;
    const isPlain = this.#isPlain(query);
    return this.array
      .slice(0, isPlain ? undefined : (view.stoppedAt ?? this.scanLimit))
      .filter((row) => isShown(row, query));
  }
}
