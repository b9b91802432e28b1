import type { Client } from '#shared/contract/Client.ts';
import type { LogAnchor, LogRow } from '#shared/domain/LogView.ts';
import type { LogQuery, LogTerm } from '#shared/logs/LogQuery.ts';
import { withTerm } from '../query/buildLogQuery.ts';
import { LogViewClient, type ViewClock } from '../view/LogViewClient.ts';

/** Where a search stands: the view of the matches is a second one beside the view that is read. */
export class LogSearch {
  readonly #client: Client;
  readonly #appId: string;
  readonly #clock: ViewClock | undefined;
  #view: LogViewClient | null = null;
  #unsubscribe: (() => void) | null = null;
  #term: LogTerm | null = null;
  #current: { id: string; number: number } | null = null;
  #listeners = new Set<() => void>();
  #version = 0;

  constructor(client: Client, appId: string, clock?: ViewClock) {
    this.#client = client;
    this.#appId = appId;
    this.#clock = clock;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  get term(): LogTerm | null {
    return this.#term;
  }

  /** The term to mark in lines: an expression only once the privileged side found that it ends in time. */
  get markTerm(): LogTerm | null {
    if (this.#term?.regex !== true) return this.#term;
    return this.#view?.status === 'open' && this.#view.state !== null ? this.#term : null;
  }

  get count(): number {
    // What a search before this one found counts no more.
    return this.#view === null || this.#view.stale ? 0 : (this.#view.state?.total ?? 0);
  }

  /** 1-based number of the match stood on; 0 for none. */
  get number(): number {
    return this.#current ? this.#current.number + 1 : 0;
  }

  get currentId(): string | null {
    return this.#current?.id ?? null;
  }

  /** Share of the lines looked through, 0 to 1. */
  get scanned(): number {
    if (this.#view === null) return 1;
    return this.#view.stale ? 0 : (this.#view.state?.scanned ?? 0);
  }

  /** Stopped before its end: what was found is of what was looked through. */
  get stopped(): boolean {
    return this.#view !== null && !this.#view.stale && this.#view.state?.isStopped === true;
  }

  /** Why it cannot be searched: an expression that is wrong or takes too long. */
  get problem(): string | null {
    return this.#view?.status === 'refused' ? (this.#view.error?.message ?? 'The search has ended.') : null;
  }

  /** Searches for a term in the lines of a query; null ends the search. */
  set(term: LogTerm | null, query: LogQuery): void {
    if (term === null) {
      if (this.#term === null) return;
      this.#drop();
      this.#term = null;
    } else {
      const isSame = this.#term !== null && JSON.stringify(this.#term) === JSON.stringify(term);
      if (!isSame) {
        this.#term = term;
        this.#current = null;
      }
      this.#search(withTerm(query, term));
    }
    this.#notify();
  }

  #search(query: LogQuery): void {
    if (this.#view) {
      this.#view.setQuery(query);
      return;
    }
    this.#view = new LogViewClient(this.#client, { appId: this.#appId, query, clock: this.#clock });
    this.#unsubscribe = this.#view.subscribe(() => this.#notify());
    this.#view.open();
  }

  /** The match nearest to where the reader is. */
  async nearest(anchor: LogAnchor): Promise<LogRow | null> {
    return this.#at(anchor);
  }

  /** Goes on to the next match from the one stood on, or from `from`; around the ends. */
  async step(direction: 1 | -1, from: LogAnchor): Promise<LogRow | null> {
    const view = this.#view;
    if (!view || view.viewId === null) return null;
    const start: LogAnchor = this.#current ? { kind: 'id', id: this.#current.id } : from;
    const found = await view.next(start, direction === 1 ? 'next' : 'previous');
    if (view !== this.#view) return null;
    if (found === null) return this.#at(direction === 1 ? { kind: 'row', row: 0 } : { kind: 'end' });
    this.#current = { id: found.row.id, number: found.rowNumber };
    this.#notify();
    return found.row;
  }

  /** Ends looking further; what was found stays, and new lines are looked at as they come. */
  async stop(): Promise<void> {
    try {
      await this.#view?.stopScan();
    } catch {
      // Gone meanwhile: it is opened again, and looks again.
    }
  }

  close(): void {
    this.#drop();
    this.#term = null;
  }

  async #at(anchor: LogAnchor): Promise<LogRow | null> {
    const view = this.#view;
    if (!view || view.viewId === null) return null;
    const answer = await view.rows({ anchor, before: 0, count: 1 });
    const row = answer.rows[answer.anchorRow - answer.firstRow] ?? answer.rows[0];
    if (!row || view !== this.#view) return null;
    this.#current = { id: row.id, number: answer.anchorRow };
    this.#notify();
    return row;
  }

  #drop(): void {
    this.#unsubscribe?.();
    this.#view?.close();
    this.#view = null;
    this.#unsubscribe = null;
    this.#current = null;
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
