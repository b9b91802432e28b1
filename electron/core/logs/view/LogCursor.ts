import { LOG_LEVELS, type LogLine, type LogNotice } from '#shared/domain/LogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { nanosecondText } from '../bytes/parseTimestamp.ts';
import {
  HEADER_BYTES,
  KIND_MASK,
  KIND_NOTICE,
  KIND_STDERR,
  microsAt,
  nanosAt,
  TRUNCATED,
} from '../spool/recordFormat.ts';
import type { OpenCursor, Pulled } from '../threads/threadMessages.ts';
import { BlockMatcher, includesContainer } from './BlockMatcher.ts';
import type { AppIndex, BlockReader, DecodedBlock, SpoolContainer } from './SpoolIndex.ts';

/** One answer looks through lines for so long at most; the next goes on. */
const PULL_MS = 40;
/** Stands for a key that is not known yet. */
const LATER = -1;
const NOTHING = new Uint16Array(0);
const EMPTY: DecodedBlock = {
  bytes: Buffer.alloc(0),
  lines: 0,
  offsets: new Uint32Array(1),
  keys: new Float64Array(0),
  isDamaged: false,
};
/** Bytes of text in one answer, whatever its number of lines. */
const MOST_PULLED_BYTES = 2 * 1024 * 1024;

interface Position {
  container: SpoolContainer;
  /** Number of the next line. */
  line: number;
  /** Number after the last line wanted. */
  end: number;
  /** Block that is read, with the lines of it that are shown. */
  block: number;
  of: number;
  decoded: DecodedBlock | undefined;
  shown: Uint16Array;
  place: number;
}

/**
 * Reads an app's log from a beginning on, each line once, in the order of time as far as it is at hand. Pulled: what nobody asks for stays
 * on disk. Lines that are evicted before they were read are counted, not passed over in silence.
 */
export class LogCursor {
  readonly #query: LogQuery;
  readonly #app: AppIndex;
  readonly #reader: BlockReader;
  readonly #matcher: BlockMatcher;
  readonly #isSnapshot: boolean;
  readonly #positions = new Map<number, Position>();
  readonly #unavailable = new Set<string>();
  #sequence = 0;
  #deadline = 0;

  /** @throws FlotillaError `invalid-input` for an expression that does not compile */
  constructor(
    request: Pick<OpenCursor, 'query' | 'tail' | 'isSnapshot'>,
    app: AppIndex,
    reader: BlockReader,
  ) {
    this.#query = request.query;
    this.#app = app;
    this.#reader = reader;
    this.#matcher = new BlockMatcher(request.query);
    this.#isSnapshot = request.isSnapshot;
    this.#begin(request.tail);
  }

  pull(most: number): Pulled {
    this.#deadline = performance.now() + PULL_MS;
    const items: Pulled['items'] = [];
    let lines: LogLine[] = [];
    const notice = (of: LogNotice): void => {
      if (lines.length > 0) items.push({ kind: 'lines', lines });
      lines = [];
      items.push({ kind: 'notice', notice: of });
    };
    // A worker that joined later is read from its beginning.
    for (const container of this.#isSnapshot ? [] : this.#app.containers.values())
      if (!this.#positions.has(container.number)) this.#position(container, 0);
    for (const worker of this.#app.state.workers) {
      if (worker.state !== 'unavailable' || this.#unavailable.has(worker.worker)) continue;
      this.#unavailable.add(worker.worker);
      if (includesContainer(this.#query, worker))
        notice({ kind: 'unavailable', worker: worker.worker, message: worker.message ?? '' });
    }
    const open: { position: Position; key: number }[] = [];
    // A worker whose next line is not found yet may have the oldest of all: then nothing is handed over.
    let isLate = false;
    for (const position of this.#positions.values()) {
      const key = this.#settle(position, notice);
      if (key === LATER) isLate = true;
      else if (key !== undefined) open.push({ position, key });
    }
    let bytes = 0;
    for (let left = isLate ? 0 : most; left > 0 && bytes < MOST_PULLED_BYTES && open.length > 0; left -= 1) {
      let next = open[0] as { position: Position; key: number };
      for (const candidate of open) if (candidate.key < next.key) next = candidate;
      const { position } = next;
      bytes += this.#take(position, lines, notice);
      const key = this.#settle(position, notice);
      if (key === LATER) break;
      if (key === undefined) open.splice(open.indexOf(next), 1);
      else next.key = key;
    }
    if (lines.length > 0) items.push({ kind: 'lines', lines });
    let remaining = 0;
    for (const { container, line, end } of this.#positions.values())
      remaining += Math.max(0, Math.min(end, container.endLine) - line);
    return { items, remaining };
  }

  /** The last `tail` lines of each worker, over all its containers; those of workers that are gone only where none is left. */
  #begin(tail: number | undefined): void {
    const containers = [...this.#app.containers.values()];
    if (tail === undefined) {
      for (const container of containers) this.#position(container, container.firstLine);
      return;
    }
    const present = new Set(
      this.#app.state.workers.filter(({ state }) => state !== 'kept').map(({ worker }) => worker),
    );
    const left = new Map<string, number>();
    for (const container of containers.sort((one, other) => other.lastKey - one.lastKey)) {
      const { worker } = container;
      const isWanted = present.size === 0 || present.has(worker);
      const wanted = isWanted ? (left.get(worker) ?? tail) : 0;
      const { line, found } = this.#lineOfTail(container, wanted);
      left.set(worker, wanted - found);
      this.#position(container, line);
    }
  }

  #position(container: SpoolContainer, line: number): void {
    if (!includesContainer(this.#query, container)) return;
    this.#positions.set(container.number, {
      container,
      end: this.#isSnapshot ? container.endLine : Number.POSITIVE_INFINITY,
      line,
      block: -1,
      of: 0,
      decoded: undefined,
      shown: new Uint16Array(0),
      place: 0,
    });
  }

  /** Number of the line with which the container's last `tail` lines begin, and how many there are; notices do not count. */
  #lineOfTail(container: SpoolContainer, tail: number): { line: number; found: number } {
    const { table } = container;
    let left = tail;
    if (left === 0) return { line: container.endLine, found: 0 };
    for (let block = table.end - 1; block >= table.first; block -= 1) {
      const decoded = this.#reader.decode(container, block);
      for (let index = decoded.lines - 1; index >= 0; index -= 1) {
        const flags = decoded.bytes[(decoded.offsets[index] as number) + 14] as number;
        if ((flags & KIND_MASK) === KIND_NOTICE) continue;
        left -= 1;
        if (left === 0) return { line: table.firstLine(block) + index, found: tail };
      }
    }
    return { line: container.firstLine, found: tail - left };
  }

  /** Puts the position on its next line that is shown; answers its key, undefined when there is none yet, or LATER when time is up. */
  #settle(position: Position, notice: (of: LogNotice) => void): number | undefined {
    const { container } = position;
    const { table } = container;
    if (position.line < container.firstLine && table.end > table.first) {
      notice({ kind: 'skipped', count: container.firstLine - position.line, worker: container.worker });
      position.line = container.firstLine;
      position.block = -1;
    }
    while (position.line < Math.min(position.end, container.endLine)) {
      if (performance.now() > this.#deadline) return LATER;
      const block = table.findLine(position.line);
      if (block !== position.block || position.of !== table.lines(block)) this.#enter(position, block);
      const { decoded, shown } = position;
      if (decoded === undefined || decoded.isDamaged) {
        notice({
          kind: 'skipped',
          count: table.firstLine(block) + table.lines(block) - position.line,
          worker: container.worker,
        });
      } else if (position.place < shown.length) {
        const index = shown[position.place] as number;
        position.line = table.firstLine(block) + index;
        return decoded.keys[index];
      }
      position.line = table.firstLine(block) + table.lines(block);
    }
    return undefined;
  }

  #enter(position: Position, block: number): void {
    const { container } = position;
    const { table } = container;
    position.block = block;
    position.of = table.lines(block);
    position.place = 0;
    position.shown = NOTHING;
    if (!this.#matcher.isPlain) {
      // Counting is quicker than finding, and most blocks have nothing.
      const bytes = this.#reader.scan(container, block);
      if (bytes !== undefined && this.#matcher.count(container, block, bytes) === 0) {
        position.decoded = EMPTY;
        return;
      }
    }
    const decoded = this.#reader.decode(container, block);
    position.decoded = decoded;
    position.shown = decoded.isDamaged ? NOTHING : this.#matcher.matches(container, decoded);
    const from = position.line - table.firstLine(block);
    position.place = position.shown.findIndex((index) => index >= from);
    if (position.place === -1) position.place = position.shown.length;
  }

  /** Hands the line over that the position stands on; answers its bytes. */
  #take(position: Position, lines: LogLine[], notice: (of: LogNotice) => void): number {
    const { container, decoded, shown, place } = position;
    if (decoded === undefined) return 0;
    const { bytes, offsets } = decoded;
    const index = shown[place] as number;
    const at = offsets[index] as number;
    const end = offsets[index + 1] as number;
    const flags = bytes[at + 14] as number;
    const kind = flags & KIND_MASK;
    const text = bytes.toString('utf8', at + HEADER_BYTES, end);
    position.place += 1;
    position.line += 1;
    const { worker } = container;
    if (kind === KIND_NOTICE) {
      if (text === 'started') notice({ kind: 'joined', worker });
      else notice({ kind: 'ended', worker, reason: text.startsWith('removed') ? 'removed' : 'exited' });
      return 0;
    }
    lines.push({
      sequence: ++this.#sequence,
      worker,
      stream: kind === KIND_STDERR ? 'stderr' : 'stdout',
      timestamp: nanosecondText(microsAt(bytes, at), nanosAt(bytes, at)),
      text,
      level: LOG_LEVELS[bytes[at + 15] as number] ?? 'none',
      ...((flags & TRUNCATED) === 0 ? {} : { truncated: true }),
    });
    return end - at;
  }
}
