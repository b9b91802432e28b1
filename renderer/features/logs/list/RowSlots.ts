/**
 * Which element draws which row. While the end is followed, rows that came take over the elements of rows that left:
 * under a flood only texts change then. Otherwise a row has an element of its own: what is selected in it must not
 * turn into another row's text.
 */
export class RowSlots {
  /** Slots by row id, in the order they stand in. */
  #slots = new Map<string, number>();
  #next = 0;

  /** A slot for each id, in their order. */
  assign(ids: readonly string[], reuse: boolean): number[] {
    const before = this.#slots;
    const kept = new Set(ids);
    const free: number[] = [];
    if (reuse) for (const [id, slot] of before) if (!kept.has(id)) free.push(slot);
    let taken = 0;
    const slots = new Map<string, number>();
    for (const id of ids) {
      let slot = before.get(id) ?? free[taken];
      if (!before.has(id)) taken += 1;
      if (slot === undefined) {
        slot = this.#next;
        this.#next += 1;
      }
      slots.set(id, slot);
    }
    this.#slots = slots;
    return [...slots.values()];
  }
}
