import type { z } from 'zod';

/** One JSON document on disk, written atomically (temporary file, fsync, rename). */
export interface Document<Value> {
  read(): Promise<Value>;
  /** As it is on the disk now: another process may have written it since. */
  readAgain(): Promise<Value>;
  /** Serialised: updates never interleave. Nothing is written where `change` answers the very value that it was given. */
  update(change: (value: Value) => Value): Promise<Value>;
}

export interface Store {
  /**
   * A document `name.json` in the data folder. A missing file yields `initial`; a corrupt one is set aside as
   * `name.json.corrupt-<time>` and yields `initial`.
   */
  document<Value>(name: string, schema: z.ZodType<Value>, initial: Value): Document<Value>;
}
