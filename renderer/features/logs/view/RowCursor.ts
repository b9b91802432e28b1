/** The row the reader stands on and, with shift, the rows up to another one. Row numbers of the view. */
export class RowCursor {
  #row: number | null = null;
  #mark: number | null = null;

  get row(): number | null {
    return this.#row;
  }

  /** First and last row picked, both included. */
  get range(): { from: number; to: number } | null {
    if (this.#row === null || this.#mark === null) return null;
    return { from: Math.min(this.#row, this.#mark), to: Math.max(this.#row, this.#mark) };
  }

  set(row: number): void {
    this.#row = row;
    this.#mark = row;
  }

  extend(row: number): void {
    this.#row = row;
    this.#mark ??= row;
  }

  select(from: number, to: number): void {
    this.#mark = from;
    this.#row = to;
  }

  clear(): void {
    this.#row = null;
    this.#mark = null;
  }

  /** The same rows have new numbers. */
  shift(by: number): void {
    if (this.#row !== null) this.#row = Math.max(0, this.#row + by);
    if (this.#mark !== null) this.#mark = Math.max(0, this.#mark + by);
  }
}
