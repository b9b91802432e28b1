import { type CompiledLogQuery, compileLogQuery } from '#shared/logs/compileLogQuery.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import {
  CONTINUES,
  HEADER_BYTES,
  KIND_MASK,
  KIND_NOTICE,
  KIND_STDERR,
  keyAt,
  nextRecord,
} from '../spool/recordFormat.ts';
import type { DecodedBlock, SpoolContainer } from './SpoolIndex.ts';

const ESCAPE = 0x1b;
/** The control sequence introducer of eight-bit terminals, in UTF-8. */
const LONE_CSI = Buffer.from('\u009b');

type Line = Parameters<CompiledLogQuery['test']>[0];

/** Which workers a query is about. */
export function includesContainer(
  query: LogQuery,
  container: Pick<SpoolContainer, 'worker' | 'service'>,
): boolean {
  return (
    (query.workers === undefined || query.workers.includes(container.worker)) &&
    (query.hiddenWorkers === undefined || !query.hiddenWorkers.includes(container.worker)) &&
    (query.services === undefined || query.services.includes(container.service))
  );
}

/** Tests the lines of blocks against a query, but for its workers. One record object serves all lines. */
export class BlockMatcher {
  /** True when every line is shown: nothing has to be looked at. */
  readonly isPlain: boolean;
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly #compiled: CompiledLogQuery;
  readonly #onlyLiteral: boolean;
  readonly #needle: Buffer | undefined;
  /** The needle in any case; sticky to nothing, from `lastIndex` on. */
  readonly #anyCase: RegExp | undefined;
  readonly #needleBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  readonly #line: { -readonly [Name in keyof Line]: Line[Name] } = {
    kind: 'stdout',
    worker: '',
    service: '',
    level: 0,
    timeMs: 0,
    continuation: false,
    text: () => this.#bytes.toString('utf8', this.#start, this.#end),
  };

  /** @throws FlotillaError `invalid-input` for an expression that does not compile */
  constructor(query: LogQuery) {
    const rest: LogQuery = { ...query };
    delete rest.workers;
    delete rest.hiddenWorkers;
    delete rest.services;
    this.fromMicros = rest.fromMs === undefined ? 0 : Math.ceil(rest.fromMs * 1000);
    this.toMicros = rest.toMs === undefined ? Number.POSITIVE_INFINITY : Math.ceil(rest.toMs * 1000);
    delete rest.fromMs;
    delete rest.toMs;
    this.#compiled = compileLogQuery(rest);
    // No term tells nothing; no level tells that none is wanted.
    const conditions = Object.entries(rest).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== false &&
        (name === 'levels' || !(Array.isArray(value) && value.length === 0)),
    );
    this.isPlain =
      conditions.length === 0 && this.fromMicros === 0 && this.toMicros === Number.POSITIVE_INFINITY;
    const { literal } = this.#compiled;
    this.#onlyLiteral = literal !== undefined && conditions.length === 1 && rest.include?.length === 1;
    if (literal !== undefined) {
      if (literal.matchCase) this.#needle = Buffer.from(literal.text, 'latin1');
      else this.#anyCase = new RegExp(literal.text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
    }
    // It is plain ASCII: a character a byte.
    this.#needleBytes = literal?.text.length ?? 0;
  }

  /** How many lines of a block are shown. `bytes` are those of the block, whose records are sound. */
  count(container: SpoolContainer, block: number, bytes: Buffer): number {
    const { table } = container;
    if (table.lastKey(block) < this.fromMicros || table.firstKey(block) >= this.toMicros) return 0;
    const isWhole = table.firstKey(block) >= this.fromMicros && table.lastKey(block) < this.toMicros;
    const anyCase = this.#anyCase;
    const hasLiteral = this.#needle !== undefined || anyCase !== undefined;
    // A colour can stand within a word: then the bytes do not tell.
    if (hasLiteral && !hasInText(bytes, ESCAPE) && !hasInText(bytes, LONE_CSI)) {
      const haystack = anyCase === undefined ? '' : bytes.toString('latin1');
      const find = (from: number): number => {
        if (anyCase === undefined) return bytes.indexOf(this.#needle as Buffer, from);
        anyCase.lastIndex = from;
        return anyCase.exec(haystack)?.index ?? -1;
      };
      const first = find(0);
      if (first === -1) return 0;
      if (this.#onlyLiteral && isWhole) return this.#countHits(bytes, first, find);
    }
    let count = 0;
    let key = table.firstKey(block);
    for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
      key = keyAt(bytes, at, key);
      const end = nextRecord(bytes, at);
      if (this.#test(container, bytes, at, end, key)) count += 1;
      at = end;
    }
    return count;
  }

  /** The records of a block that are shown, by their place in it. */
  matches(container: SpoolContainer, decoded: DecodedBlock): Uint16Array {
    const { bytes, lines, offsets, keys } = decoded;
    const found = new Uint16Array(lines);
    let count = 0;
    for (let line = 0; line < lines; line += 1) {
      const isShown =
        this.isPlain ||
        this.#test(
          container,
          bytes,
          offsets[line] as number,
          offsets[line + 1] as number,
          keys[line] as number,
        );
      if (isShown) found[count++] = line;
    }
    return found.subarray(0, count);
  }

  #countHits(bytes: Buffer, first: number, find: (from: number) => number): number {
    const needleBytes = this.#needleBytes;
    let count = 0;
    let at = 0;
    let end = nextRecord(bytes, 0);
    for (let hit = first; hit !== -1; ) {
      while (hit >= end) {
        at = end;
        end = nextRecord(bytes, at);
      }
      const isText = hit >= at + HEADER_BYTES && hit + needleBytes <= end;
      const isLine = ((bytes[at + 14] as number) & KIND_MASK) !== KIND_NOTICE;
      if (isText && isLine) {
        count += 1;
        hit = end >= bytes.length ? -1 : find(end);
      } else hit = find(hit + 1);
    }
    return count;
  }

  #test(container: SpoolContainer, bytes: Buffer, at: number, end: number, key: number): boolean {
    if (key < this.fromMicros || key >= this.toMicros) return false;
    const flags = bytes[at + 14] as number;
    const kind = flags & KIND_MASK;
    const line = this.#line;
    line.kind = kind === KIND_NOTICE ? 'notice' : kind === KIND_STDERR ? 'stderr' : 'stdout';
    line.worker = container.worker;
    line.service = container.service;
    line.level = bytes[at + 15] as number;
    line.timeMs = key / 1000;
    line.continuation = (flags & CONTINUES) !== 0;
    this.#bytes = bytes;
    this.#start = at + HEADER_BYTES;
    this.#end = end;
    return this.#compiled.test(line);
  }
}

/** Whether a block's texts hold something; the headers between them hold any byte. */
function hasInText(bytes: Buffer, wanted: number | Buffer): boolean {
  let start = HEADER_BYTES;
  let end = nextRecord(bytes, 0);
  for (let hit = bytes.indexOf(wanted); hit !== -1; hit = bytes.indexOf(wanted, hit + 1)) {
    while (hit >= end) {
      start = end + HEADER_BYTES;
      end = nextRecord(bytes, end);
    }
    if (hit >= start) return true;
  }
  return false;
}
