import type { PackedChunk, PackPosition } from './ContextPacker.ts';
import type { ContextSource } from './ContextSource.ts';

/** Chunks that wait for one reader. With those under way this is the memory a pack takes. */
const MOST_WAITING = 3;

/** One of those who read a pack. */
export interface PackReader {
  /** Takes a chunk that it had asked for. */
  accept(chunk: PackedChunk): void;
  fail(error: Error): void;
  /** It goes on with another pack, from where it stands: that one is to be asked from now on. */
  movedTo(pack: SharedPack): void;
}

interface Member {
  reader: PackReader;
  waiting: PackedChunk[];
  /** It asked for a chunk and has none. */
  isHungry: boolean;
}

/**
 * One pack of a context and those who read it: each chunk is read from the disk once and given to all, at the pace of the
 * slowest. Whoever holds up a hungry one longer than `patienceMs` goes on with a pack of its own from where it stands.
 */
export class SharedPack {
  readonly #source: ContextSource;
  readonly #number: number;
  readonly #patienceMs: number;
  /** Makes the pack a slow reader goes on with. */
  readonly #split: (at: PackPosition) => SharedPack;
  readonly #members = new Map<PackReader, Member>();
  #position: PackPosition;
  /** Readers that were given a chunk and have not released it. Who leaves never does: its memory is then let go. */
  readonly #holders = new WeakMap<PackedChunk, number>();
  /** Chunks asked of the source, and those of them that came. */
  #asked = 0;
  #given = 0;
  #isDone = false;
  #error: Error | undefined;
  #impatience: NodeJS.Timeout | undefined;
  #isHeld = false;

  constructor(options: {
    source: ContextSource;
    /** Of this source's packs, one number each. */
    number: number;
    patienceMs: number;
    at: PackPosition;
    split: (at: PackPosition) => SharedPack;
  }) {
    this.#source = options.source;
    this.#number = options.number;
    this.#patienceMs = options.patienceMs;
    this.#position = options.at;
    this.#split = options.split;
  }

  /** Nothing has been given to anybody: who joins now misses nothing. */
  get isFresh(): boolean {
    return this.#asked === 0;
  }

  /** Nothing is read before `start`: others may still join. */
  hold(): void {
    this.#isHeld = true;
  }

  start(): void {
    this.#isHeld = false;
    this.#pump();
  }

  join(reader: PackReader, waiting: PackedChunk[] = []): void {
    this.#members.set(reader, { reader, waiting, isHungry: false });
  }

  /** The reader is ready for a chunk. It is given one now or when there is one. */
  want(reader: PackReader): void {
    const member = this.#members.get(reader);
    if (member === undefined) return;
    const chunk = member.waiting.shift();
    if (chunk === undefined) {
      member.isHungry = true;
      if (this.#error !== undefined) return reader.fail(this.#error);
    } else reader.accept(chunk);
    this.#pump();
  }

  /** Others go on as if it had never been there. */
  leave(reader: PackReader): void {
    this.#members.delete(reader);
    if (this.#members.size > 0) return this.#pump();
    clearTimeout(this.#impatience);
    this.#source.endPack(this.#number);
  }

  #pump(): void {
    if (this.#isHeld || this.#error !== undefined) return;
    const members = [...this.#members.values()];
    const fullest = members.reduce((most, { waiting }) => Math.max(most, waiting.length), 0);
    // What is asked for must find room with everybody, also when all of it comes at once.
    while (members.length > 0 && !this.#isDone && fullest + this.#asked - this.#given < MOST_WAITING) {
      this.#asked += 1;
      this.#source.next(this.#number, this.#position).then(
        (chunk) => this.#give(chunk),
        (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))),
      );
    }
    this.#watch(members);
  }

  /** The reader does not look at the chunk any more; when nobody does its memory is used again. */
  release(chunk: PackedChunk): void {
    const holders = (this.#holders.get(chunk) ?? 0) - 1;
    this.#holders.set(chunk, holders);
    if (holders === 0) this.#source.recycle(chunk);
  }

  #give(chunk: PackedChunk): void {
    this.#given += 1;
    this.#holders.set(chunk, this.#members.size);
    if (this.#isDone) return;
    this.#isDone = chunk.done;
    this.#position = chunk.next;
    for (const member of [...this.#members.values()]) {
      if (member.isHungry) {
        member.isHungry = false;
        member.reader.accept(chunk);
      } else member.waiting.push(chunk);
    }
    this.#pump();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    for (const member of this.#members.values()) if (member.isHungry) member.reader.fail(this.#error);
  }

  /** Somebody starves while somebody else's chunks wait: the clock runs. */
  #watch(members: Member[]): void {
    const isStalled =
      !this.#isDone &&
      members.some(({ isHungry }) => isHungry) &&
      members.some(({ waiting }) => waiting.length >= MOST_WAITING);
    if (!isStalled) {
      clearTimeout(this.#impatience);
      this.#impatience = undefined;
      return;
    }
    this.#impatience ??= setTimeout(() => {
      this.#impatience = undefined;
      for (const member of [...this.#members.values()]) {
        if (member.waiting.length < MOST_WAITING) continue;
        this.#members.delete(member.reader);
        const own = this.#split(this.#position);
        own.join(member.reader, member.waiting);
        member.reader.movedTo(own);
      }
      this.#pump();
    }, this.#patienceMs);
  }
}
