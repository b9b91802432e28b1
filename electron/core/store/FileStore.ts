import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Document, Store } from './StoreApi.ts';
import { writeAtomically } from './writeAtomically.ts';

/** Documents as JSON files in one folder, written so that a crash at any moment leaves the old or the new, never half. */
export function createFileStore(folder: string): Store {
  return {
    document: (name, schema, initial) => new FileDocument(join(folder, `${name}.json`), schema, initial),
  };
}

class FileDocument<Value> implements Document<Value> {
  readonly #path: string;
  readonly #schema: z.ZodType<Value>;
  readonly #initial: Value;
  #value: Promise<Value> | undefined;
  /** Updates wait for one another here. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<Value>, initial: Value) {
    this.#path = path;
    this.#schema = schema;
    this.#initial = initial;
  }

  read(): Promise<Value> {
    this.#value ??= this.#load();
    return this.#value;
  }

  async readAgain(): Promise<Value> {
    await this.#tail;
    this.#value = this.#load();
    return this.#value;
  }

  update(change: (value: Value) => Value): Promise<Value> {
    const next = this.#tail.then(async () => {
      // Another Flotilla (a command line beside a window) may have written meanwhile.
      const before = await this.#load();
      const value = change(before);
      if (value !== before) await this.#write(value);
      this.#value = Promise.resolve(value);
      return value;
    });
    this.#tail = next.catch(() => undefined);
    return next;
  }

  async #load(): Promise<Value> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      return this.#initial;
    }
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch {
      await rename(this.#path, `${this.#path}.corrupt-${Date.now()}`).catch(() => undefined);
      return this.#initial;
    }
  }

  async #write(value: Value): Promise<void> {
    await writeAtomically(this.#path, `${JSON.stringify(value, null, 2)}\n`);
  }
}
