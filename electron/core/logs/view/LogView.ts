import type { LogHistogram, LogViewState, LogWorkerCounts } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { BlockMatcher, includesContainer } from './BlockMatcher.ts';
import { countByTime } from './countByTime.ts';
import { MergedRows } from './MergedRows.ts';
import type { AppIndex, BlockReader, SpoolContainer } from './SpoolIndex.ts';
import { ViewPart } from './ViewPart.ts';

/**
 * One view of an app's spool: which workers, which lines, and the rows that result. New lines are looked through as they come, old ones
 * from the newest on, a slice at a time, so that what is found first is what is nearest to now.
 */
export class LogView {
  readonly #query: LogQuery;
  readonly #reader: BlockReader;
  readonly #matcher: BlockMatcher;
  readonly #app: AppIndex;
  readonly #parts: ViewPart[] = [];
  readonly #known = new Set<number>();
  #rows: MergedRows;
  /** Blocks to look through, the newest last. */
  #pending: { part: ViewPart; block: number; isOld: boolean }[] = [];
  #lookedAt = 0;
  #isStopped = false;
  /** Blocks that were there before what comes now and are not looked through. */
  #oldLeft = 0;
  #changedSince: number | undefined = 0;

  /** @throws FlotillaError `invalid-input` for an expression that does not compile */
  constructor(query: LogQuery, app: AppIndex, reader: BlockReader) {
    this.#query = query;
    this.#app = app;
    this.#reader = reader;
    this.#matcher = new BlockMatcher(query);
    this.#rows = this.#merge();
    for (const container of app.containers.values()) this.#add(container);
  }

  get rows(): MergedRows {
    return this.#rows;
  }

  get isScanning(): boolean {
    return this.#pending.length > 0;
  }

  /** A container's log has grown; before that its last key was `keyBefore`. */
  grown(container: SpoolContainer, keyBefore: number): void {
    if (!this.#known.has(container.number)) return this.#add(container);
    const part = this.#parts.find((candidate) => candidate.container === container);
    if (part === undefined) return;
    this.#sync(part, keyBefore);
  }

  /** Old lines of a container are gone: row numbers have moved. */
  evicted(container: SpoolContainer): void {
    const part = this.#parts.find((candidate) => candidate.container === container);
    if (part === undefined) return;
    part.sync();
    this.#changedSince = 0;
    this.#pending = this.#pending.filter(
      ({ part: of, block }) => of !== part || block >= container.table.first,
    );
    this.#oldLeft = this.#pending.reduce((sum, entry) => sum + (entry.isOld ? 1 : 0), 0);
  }

  /** Looks through blocks until `deadline` (of `performance.now()`). */
  scan(deadline: number): void {
    while (performance.now() < deadline) {
      const next = this.#pending.pop();
      if (next === undefined) return;
      const { part, block, isOld } = next;
      if (isOld) this.#oldLeft -= 1;
      const { table } = part.container;
      if (block < table.first || !part.isPending(block)) continue;
      part.look(block);
      this.#lookedAt += 1;
      this.#touch(table.firstKey(block));
    }
  }

  /** Looks no further through what is old. */
  stopScan(): void {
    if (this.#oldLeft === 0) return;
    this.#isStopped = true;
    this.#pending = this.#pending.filter((entry) => !entry.isOld);
    this.#oldLeft = 0;
  }

  histogram(buckets: number, fromMs: number | undefined, toMs: number | undefined): LogHistogram {
    return countByTime(
      this.#parts.map((part) => part.container),
      this.#reader,
      buckets,
      fromMs,
      toMs,
    );
  }

  /** A worker may have had several containers. */
  workerCounts(buckets: number, fromMs: number, toMs: number): LogWorkerCounts {
    const containers = this.#parts.map((part) => part.container);
    const workers = [...new Set(containers.map(({ worker }) => worker))].sort();
    return {
      fromMs,
      toMs,
      workers: workers.map((worker) => {
        const own = containers.filter((container) => container.worker === worker);
        const { buckets: counts } = countByTime(own, this.#reader, buckets, fromMs, toMs);
        return { worker, buckets: counts.map((levels) => levels.reduce((sum, lines) => sum + lines, 0)) };
      }),
    };
  }

  /** The state to tell of, and takes its `changedSinceUs`. */
  takeState(): LogViewState {
    const changed = this.#changedSince;
    this.#changedSince = undefined;
    const span = this.#rows.span();
    const { state } = this.#app;
    let lines = 0;
    for (const container of this.#app.containers.values()) lines += container.endLine - container.firstLine;
    const left = this.#oldLeft;
    return {
      total: this.#rows.total,
      ...(changed === undefined ? {} : { changedSinceUs: Math.max(0, changed) }),
      ...(this.#isStopped ? { isStopped: true } : {}),
      scanned: left === 0 ? 1 : Math.min(0.999, this.#lookedAt / (this.#lookedAt + left)),
      lines,
      ...(span === undefined ? {} : { firstMs: span.first / 1000, lastMs: span.last / 1000 }),
      ...state,
    };
  }

  /** Lets go of what only the last question needed. */
  rest(): void {
    if (this.#parts.length > 32) for (const part of this.#parts) part.rest();
  }

  #add(container: SpoolContainer): void {
    this.#known.add(container.number);
    if (!includesContainer(this.#query, container)) return;
    const part = new ViewPart(container, this.#matcher, this.#reader);
    this.#parts.push(part);
    this.#parts.sort((a, b) => a.container.number - b.container.number);
    this.#rows = this.#merge();
    const { table } = container;
    this.#sync(
      part,
      table.end === table.first ? Number.POSITIVE_INFINITY : table.firstKey(table.first),
      true,
    );
  }

  #merge(): MergedRows {
    return new MergedRows([...this.#parts], this.#reader, (number) => this.#app.containers.get(number));
  }

  #sync(part: ViewPart, keyBefore: number, isNew = false): void {
    const { table } = part.container;
    const isOpen = part.sync();
    if (!isOpen) return this.#touch(keyBefore);
    const from = isNew ? table.first : Math.max(table.first, table.findKey(keyBefore));
    const found: { part: ViewPart; block: number; isOld: boolean }[] = [];
    for (let block = from; block < table.end; block += 1)
      if (part.isPending(block)) found.push({ part, block, isOld: isNew });
    if (isNew) {
      this.#oldLeft += found.length;
      this.#pending.push(...found);
      this.#pending.sort(
        (a, b) => a.part.container.table.lastKey(a.block) - b.part.container.table.lastKey(b.block),
      );
    } else {
      // What came last is looked at first.
      for (const entry of found) this.#pending.push(entry);
    }
  }

  #touch(key: number): void {
    this.#changedSince = Math.min(this.#changedSince ?? Number.POSITIVE_INFINITY, key);
  }
}
