import type { LogWindow } from '../view/LogWindow.ts';
import {
  clampPlace,
  endPlace,
  fractionOf,
  isAtEnd,
  movePlace,
  placeAtFraction,
  ROW_PX,
  type RowPlace,
} from './rowGeometry.ts';

/**
 * Moves a window of rows by pixels, pages and rows. With wrapping, heights are those measured of drawn rows, by id;
 * a row never drawn counts as one line.
 */
export class RowScroller {
  readonly #window: LogWindow;
  readonly #heights = new Map<string, number>();
  #viewportPx = 400;
  #wrap = false;
  #measure: (() => void) | null = null;

  constructor(window: LogWindow) {
    this.#window = window;
  }

  /** How the rows stand: whether lines wrap, and the height there is for them. */
  setLayout(wrap: boolean, viewportPx: number): void {
    this.#wrap = wrap;
    this.#viewportPx = viewportPx;
  }

  /** Measures the rows that are drawn; asked for when their heights must be known while following. */
  setMeasure(measure: (() => void) | null): void {
    this.#measure = measure;
  }

  setHeight(id: string, px: number): void {
    this.#heights.set(id, px);
  }

  /** Widths changed: nothing measured holds any more. */
  forgetHeights(): void {
    this.#heights.clear();
  }

  readonly heightOf = (row: number): number => {
    if (!this.#wrap) return ROW_PX;
    const id = this.#window.rowAt(row)?.id;
    return (id === undefined ? undefined : this.#heights.get(id)) ?? ROW_PX;
  };

  /** What stands at the upper edge now, also while following. */
  place(): RowPlace {
    const { following, place, endRow } = this.#window;
    if (!following) return place;
    if (!this.#wrap) return endPlace(endRow, this.#viewportPx);
    this.#measure?.();
    return movePlace({ row: endRow, offset: 0 }, -this.#viewportPx, endRow, this.heightOf);
  }

  /** Number of the first row in sight; with lines that wrap, about, while following. */
  rowInSight(): number {
    const { following, place, endRow } = this.#window;
    return following ? endPlace(endRow, this.#viewportPx).row : place.row;
  }

  fraction(): number {
    const { following, total } = this.#window;
    if (following) return total * ROW_PX > this.#viewportPx ? 1 : 0;
    return fractionOf(this.place(), total, this.#viewportPx);
  }

  scrollBy(px: number): void {
    const window = this.#window;
    if (px === 0 || (window.following && px > 0)) return;
    const start = this.place();
    if (px < 0 && start.row === 0 && start.offset === 0) {
      // All is in sight: there is no way up.
      if (window.following) return;
    }
    const { total } = window;
    const next = movePlace(start, px, total, this.#wrap ? this.heightOf : undefined);
    if (px > 0 && this.#showsEnd(next)) window.follow();
    else window.stand(this.#wrap ? next : clampPlace(next, total, this.#viewportPx));
  }

  page(direction: 1 | -1): void {
    this.scrollBy(direction * Math.max(ROW_PX, this.#viewportPx - 2 * ROW_PX));
  }

  toStart(): void {
    this.#window.stand({ row: 0, offset: 0 });
  }

  toFraction(fraction: number): void {
    const window = this.#window;
    if (fraction >= 1) window.follow();
    else window.stand(placeAtFraction(fraction, window.total, this.#viewportPx));
  }

  /** Leaves the end without moving. */
  hold(): void {
    if (this.#window.following) this.#window.stand(this.place());
  }

  /** Moves the cursor by rows, brings it into sight; returns its row. Down from the last row the end is followed. */
  moveCursor(by: number, extend: boolean): number | null {
    const window = this.#window;
    const { cursor } = window;
    const last = (window.following ? window.endRow : window.total) - 1;
    if (last < 0) return null;
    const top = this.place();
    if (cursor.row === last && by > 0 && !extend) {
      cursor.clear();
      window.follow();
      return null;
    }
    const bottom = Math.min(last, top.row + Math.floor((top.offset + this.#viewportPx) / ROW_PX) - 1);
    const from = cursor.row ?? (by > 0 ? top.row + (top.offset > 0 ? 0 : -1) : bottom + 1);
    const row = Math.min(last, Math.max(0, from + by));
    if (extend) cursor.extend(row);
    else cursor.set(row);
    this.#bringIntoSight(row, top);
    window.cursorMoved();
    return row;
  }

  #bringIntoSight(row: number, top: RowPlace): void {
    const window = this.#window;
    if (row < top.row || (row === top.row && top.offset > 0)) window.stand({ row, offset: 0 });
    else {
      const lowest = movePlace(
        { row, offset: 0 },
        this.heightOf(row) - this.#viewportPx,
        window.total,
        this.#wrap ? this.heightOf : undefined,
      );
      const isBelow = lowest.row > top.row || (lowest.row === top.row && lowest.offset > top.offset);
      window.stand(isBelow ? lowest : top);
    }
  }

  #showsEnd(place: RowPlace): boolean {
    const { total } = this.#window;
    if (!this.#wrap) return isAtEnd(place, total, this.#viewportPx);
    let px = -place.offset;
    for (let row = place.row; row < total; row += 1) {
      px += this.heightOf(row);
      if (px > this.#viewportPx + ROW_PX / 2) return false;
    }
    return true;
  }
}
