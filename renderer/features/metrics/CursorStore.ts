/** The moment that all charts point at, epoch milliseconds; null: none, they tell the newest. */
export class CursorStore {
  #timeMs: number | null = null;
  readonly #listeners = new Set<() => void>();

  readonly get = (): number | null => this.#timeMs;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(timeMs: number | null): void {
    if (timeMs === this.#timeMs) return;
    this.#timeMs = timeMs;
    for (const listener of this.#listeners) listener();
  }
}
