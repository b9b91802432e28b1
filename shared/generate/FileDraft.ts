import type { GeneratedFile } from '../domain/Generate.ts';

/** A text that grows line by line, with notes on why its lines are as they are. */
export class FileDraft {
  readonly #lines: string[] = [];
  readonly #notes: GeneratedFile['notes'] = [];

  /** Adds one or more lines; the note belongs to all of them. */
  add(text: string, note?: string): this {
    const lines = text.split('\n');
    if (note !== undefined)
      this.#notes.push({ from: this.#lines.length + 1, to: this.#lines.length + lines.length, text: note });
    this.#lines.push(...lines);
    return this;
  }

  /** An empty line, unless there is one already or nothing yet. */
  gap(): this {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
    return this;
  }

  toFile(path: string): GeneratedFile {
    return { path, text: `${this.#lines.join('\n').trimEnd()}\n`, notes: this.#notes };
  }
}
