/** Whatever holds a socket, file, timer or child; owned by exactly one parent. Calling it twice is harmless. */
export interface Disposable {
  dispose(): void | Promise<void>;
}

/** Owns others and disposes them in reverse order of their coming. */
export class DisposableStack implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  /** Takes ownership; when already disposed the newcomer is disposed at once. */
  add<Item extends Disposable>(item: Item): Item {
    if (this.#disposed) void item.dispose();
    else this.#items.push(item);
    return item;
  }

  defer(action: () => void | Promise<void>): void {
    this.add({ dispose: action });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const items = this.#items.reverse();
    this.#items = [];
    for (const item of items) await item.dispose();
  }
}
