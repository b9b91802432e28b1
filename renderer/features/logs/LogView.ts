import { withoutColours } from './cleanTerminalText.ts';
import { FOLLOWING, type FollowEvent, type FollowState, nextFollowState } from './followState.ts';
import type { LogFeed } from './LogFeed.ts';
import { ALL_WORKERS, filterTest, type LogFilter, sameFilter } from './LogFilter.ts';
import type { LogRow } from './LogRing.ts';
import { RowIndex } from './RowIndex.ts';

/**
 * What a log panel shows of a feed: filter, search, follow state and the place of every row, kept outside React
 * so that a frame costs the new rows only.
 */
export class LogView {
  readonly feed: LogFeed;
  #filter: LogFilter = ALL_WORKERS;
  #query = '';
  #shown: RowIndex | null = null;
  #matches: RowIndex | null = null;
  /** Address of the match the reader stands on. */
  #currentMatch: number | null = null;
  #follow: FollowState = FOLLOWING;
  #ringFirst = 0;
  #ringEnd = 0;
  #droppedRows = 0;
  #listeners = new Set<() => void>();
  #version = 0;
  #unsubscribe: () => void;

  constructor(feed: LogFeed) {
    this.feed = feed;
    this.#ringFirst = feed.ring.first;
    this.#ringEnd = feed.ring.end;
    this.#unsubscribe = feed.subscribe(() => this.#pull());
  }

  dispose(): void {
    this.#unsubscribe();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  get filter(): LogFilter {
    return this.#filter;
  }

  get query(): string {
    return this.#query;
  }

  get follow(): FollowState {
    return this.#follow;
  }

  get size(): number {
    return this.#shown ? this.#shown.size : this.feed.ring.size;
  }

  get matchCount(): number {
    return this.#matches?.size ?? 0;
  }

  /** 1-based number of the match stood on; 0 for none. */
  get matchNumber(): number {
    if (!this.#matches || this.#currentMatch === null) return 0;
    const position = this.#matches.positionOf(this.#currentMatch);
    return this.#matches.at(position) === this.#currentMatch ? position + 1 : 0;
  }

  get currentMatch(): number | null {
    return this.#currentMatch;
  }

  /** Rows that fell out in front since this was last asked: the view must move up by as many. */
  takeDroppedRows(): number {
    const dropped = this.#droppedRows;
    this.#droppedRows = 0;
    return dropped;
  }

  /** Address of the row at a position in the view. */
  addressAt(position: number): number | undefined {
    if (position < 0 || position >= this.size) return undefined;
    return this.#shown ? this.#shown.at(position) : this.feed.ring.first + position;
  }

  /** Position in the view of the row at `address`, or of the next one shown. */
  positionOf(address: number): number {
    return this.#shown ? this.#shown.positionOf(address) : Math.max(0, address - this.feed.ring.first);
  }

  rowAt(position: number): LogRow | undefined {
    const address = this.addressAt(position);
    return address === undefined ? undefined : this.feed.ring.get(address);
  }

  setFilter(filter: LogFilter): void {
    if (sameFilter(filter, this.#filter)) return;
    this.#filter = filter;
    const test = filterTest(filter);
    const { ring } = this.feed;
    this.#shown = test ? new RowIndex(ring, (row) => test(ring.workerAt(row))) : null;
    this.#droppedRows = 0;
    this.#rebuildMatches();
    this.#notify();
  }

  setQuery(query: string): void {
    if (query === this.#query) return;
    this.#query = query;
    this.#rebuildMatches();
    if (this.#matches && this.#matches.size > 0) {
      this.#currentMatch = this.#matches.at(this.#matches.size - 1) ?? null;
      this.#follow = nextFollowState(this.#follow, { type: 'moved-away' });
    }
    this.#notify();
  }

  #rebuildMatches(): void {
    const needle = this.#query.toLowerCase();
    const inFilter = filterTest(this.#filter);
    const { ring } = this.feed;
    this.#currentMatch = null;
    this.#matches =
      needle === ''
        ? null
        : new RowIndex(
            ring,
            (row) =>
              (!inFilter || inFilter(ring.workerAt(row))) &&
              withoutColours(ring.textAt(row)).toLowerCase().includes(needle),
          );
  }

  /** Goes to the next (1) or previous (-1) match, around the ends. Returns its position in the view. */
  step(direction: 1 | -1): number | null {
    const matches = this.#matches;
    if (!matches || matches.size === 0) return null;
    const now = this.matchNumber - 1;
    const start = now < 0 ? (direction === 1 ? -1 : matches.size) : now;
    const next = (start + direction + matches.size) % matches.size;
    this.#currentMatch = matches.at(next) ?? null;
    this.dispatch({ type: 'moved-away' });
    this.#notify();
    return this.#currentMatch === null ? null : this.positionOf(this.#currentMatch);
  }

  dispatch(event: FollowEvent): void {
    const next = nextFollowState(this.#follow, event);
    if (next === this.#follow) return;
    this.#follow = next;
    this.#notify();
  }

  /** Lines as text, from one position to another inclusive, with the worker in front. */
  textBetween(from: number, to: number): string {
    const lines: string[] = [];
    for (let position = Math.max(0, from); position <= Math.min(to, this.size - 1); position += 1) {
      const row = this.rowAt(position);
      if (!row) continue;
      if (row.kind === 'line') lines.push(`${row.worker}  ${withoutColours(row.text)}`);
      else lines.push(row.worker ? `— ${row.worker} ${row.text}` : `— ${row.text}`);
    }
    return lines.join('\n');
  }

  #pull(): void {
    const { ring } = this.feed;
    if (this.#shown) {
      const { dropped, added } = this.#shown.update();
      this.#droppedRows += dropped;
      this.#follow = nextFollowState(this.#follow, { type: 'appended', rows: added });
    } else {
      this.#droppedRows += Math.max(0, Math.min(ring.first, this.#ringEnd) - this.#ringFirst);
      this.#follow = nextFollowState(this.#follow, { type: 'appended', rows: ring.end - this.#ringEnd });
    }
    this.#matches?.update();
    this.#ringFirst = ring.first;
    this.#ringEnd = ring.end;
    if (this.size === 0) this.#follow = nextFollowState(this.#follow, { type: 'emptied' });
    this.#notify();
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
