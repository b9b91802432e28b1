import { CHUNK_BYTES, type PackedChunk } from './ContextPacker.ts';

/** More chunks than these are never under way at once but for moments. */
const MOST_KEPT = 8;

/** Memory of chunks that were sent, for those to come. */
export class FreeMemory {
  readonly #free: ArrayBuffer[] = [];

  give(chunk: PackedChunk): void {
    const memory = chunk.bytes.buffer;
    if (memory instanceof ArrayBuffer && memory.byteLength === CHUNK_BYTES && this.#free.length < MOST_KEPT)
      this.#free.push(memory);
  }

  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }
}
