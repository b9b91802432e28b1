import type { LogAnchor, LogRow, LogRows, LogViewState } from '#shared/domain/LogView.ts';
import type { RowPlace } from '../list/rowGeometry.ts';
import { FetchPace } from './FetchPace.ts';
import { FollowPace } from './FollowPace.ts';
import type { LogViewClient } from './LogViewClient.ts';
import { ReaderMotion } from './ReaderMotion.ts';
import { reuseRows } from './reuseRows.ts';
import { type Aim, coversEnd, coversPlace, rowsRequest } from './rowsRequest.ts';
import { RowCursor } from './RowCursor.ts';
import { rowTimeMs, rowTimeUs } from './rowTime.ts';

/**
 * The rows around what is in sight, fetched as needed. Follows the end or stands at a row, which is held by its id while
 * rows before it come and go.
 */
export class LogWindow {
  readonly view: LogViewClient;
  readonly cursor = new RowCursor();
  #rows: readonly LogRow[] = [];
  #firstRow = 0;
  #total = 0;
  #place: RowPlace = { row: 0, offset: 0 };
  #aim: Aim = { kind: 'end' };
  #paused = false;
  #visibleRows = 40;
  #epoch = 0;
  #loadedEpoch = 0;
  #lastState: unknown = null;
  #query: unknown = null;
  /** States told of the present view. */
  #states = 0;
  /** The reader's row when the view was opened anew: found rows may still come in around it. */
  #heldId: string | null = null;
  /** Lines came before the last row at hand, which may have changed the rows. */
  #isTouched = false;
  #totalAtStand = 0;
  readonly #pace: FetchPace;
  readonly #followPace: FollowPace;
  readonly #motion: ReaderMotion;
  #listeners = new Set<() => void>();
  #version = 0;
  #unsubscribe: () => void;

  constructor(view: LogViewClient) {
    this.view = view;
    this.#followPace = new FollowPace(view.clock);
    this.#pace = new FetchPace(view.clock, {
      mayAsk: (isForced) =>
        view.viewId !== null && (isForced || this.loading || !this.#paused || !this.following),
      spacingMs: () => (this.following ? this.#followPace.spacingMs : 0),
      ask: () => this.#fetch(),
    });
    this.#motion = new ReaderMotion(view.clock, () => {
      if (this.#aim.kind === 'stand' && (this.#isTouched || !this.#covers())) this.#pace.want();
    });
    this.#unsubscribe = view.subscribe(() => this.#heard());
  }

  dispose(): void {
    this.#unsubscribe();
    this.#pace.dispose();
    this.#motion.dispose();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  /** Row number of `rows[0]`. */
  get firstRow(): number {
    return this.#firstRow;
  }

  /** Row number after `rows`. */
  get endRow(): number {
    return this.#firstRow + this.#rows.length;
  }

  get total(): number {
    return this.#total;
  }

  /** Where the reader stands; without meaning while following. */
  get place(): RowPlace {
    return this.#place;
  }

  get following(): boolean {
    return this.#aim.kind === 'end';
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Rows that came since the end was left. */
  get missed(): number {
    if (this.following && !this.#paused) return 0;
    return Math.max(0, this.#total - this.#totalAtStand);
  }

  /** The first answer of the present view has not come yet. */
  get loading(): boolean {
    return this.#loadedEpoch !== this.view.epoch || this.#loadedEpoch === 0;
  }

  rowAt(row: number): LogRow | undefined {
    return this.#rows[row - this.#firstRow];
  }

  /** Row number of an id, where it is within the rows at hand. */
  numberOf(id: string): number | null {
    const index = this.#rows.findIndex((row) => row.id === id);
    return index === -1 ? null : this.#firstRow + index;
  }

  /** Epoch milliseconds of what stands at the upper edge (at the end: of the last row). */
  timeInSight(): number | null {
    const row = this.following ? this.#rows[this.#rows.length - 1] : this.rowAt(this.#place.row);
    return row ? rowTimeMs(row) : null;
  }

  /** How many rows the list has room for. */
  setVisibleRows(rows: number): void {
    if (rows === this.#visibleRows) return;
    this.#visibleRows = rows;
    if (!this.#covers()) this.#pace.want();
  }

  follow(): void {
    this.#aim = { kind: 'end' };
    this.#heldId = null;
    this.#totalAtStand = this.#total;
    this.#pace.hurry();
    this.#pace.want(true);
    this.#notify();
  }

  /** Stands at a place; the end is not followed any more. */
  stand(place: RowPlace): void {
    if (this.following && !this.#paused) this.#totalAtStand = this.#total;
    this.#motion.moved(this.following ? null : this.#place, place);
    if (this.#aim.kind !== 'stand') this.#aim = { kind: 'stand' };
    this.#heldId = null;
    this.#place = place;
    if (!this.#covers()) this.#pace.want();
    this.#notify();
  }

  /** Goes to a row. `pick` puts the cursor on it. */
  reveal(anchor: LogAnchor, align: 'middle' | 'top' = 'middle', pick = true): void {
    if (this.following && !this.#paused) this.#totalAtStand = this.#total;
    this.#heldId = null;
    this.#aim = { kind: 'reveal', anchor, align, pick };
    const known = anchor.kind === 'id' ? this.numberOf(anchor.id) : null;
    // Rows at hand are shown at once; what lies around them is fetched after.
    if (known !== null && !this.loading) this.#arrive(known, align, pick);
    else this.#pace.want(true);
    this.#notify();
  }

  /** While paused nothing is fetched but what the reader scrolls to; the privileged side keeps every line. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    if (paused && this.following) this.#totalAtStand = this.#total;
    this.#paused = paused;
    if (!paused) this.#pace.want();
    this.#notify();
  }

  /** To be called when the document's visibility changed. */
  visibilityChanged(): void {
    this.#pace.pump();
  }

  /** To be called after the cursor was moved. */
  cursorMoved(): void {
    this.#notify();
  }

  #heard(): void {
    const { view } = this;
    if (view.epoch !== this.#epoch) {
      this.#epoch = view.epoch;
      this.#states = 0;
      if (this.#aim.kind === 'stand') this.#heldId ??= this.rowAt(this.#place.row)?.id ?? null;
      const sameLines = view.query === this.#query;
      this.#query = view.query;
      // What is paused stays as it is over a loss.
      if (this.#paused && this.following && sameLines && this.#rows.length > 0)
        this.#loadedEpoch = view.epoch;
      else this.#pace.want(true);
    }
    const { state } = view;
    if (state === null || state === this.#lastState || view.stale) return;
    this.#lastState = state;
    this.#states += 1;
    const before = this.#total;
    this.#total = state.total;
    const changed = state.changedSinceUs;
    if (this.following) {
      if (changed !== undefined || state.total !== before || this.loading) this.#pace.want();
    } else {
      const touches = (row: LogRow | undefined) =>
        changed !== undefined && row !== undefined && changed <= rowTimeUs(row);
      this.#isTouched ||= touches(this.#rows[this.#rows.length - 1]);
      // While one scrolls, lines that come elsewhere wait: only what is in sight must be right at once.
      const isWrong = this.#motion.isMoving
        ? touches(this.rowAt(Math.min(this.endRow - 1, this.#place.row + this.#visibleRows)))
        : this.#isTouched;
      if (isWrong || !this.#covers() || this.endRow > this.#total) this.#pace.want();
    }
    this.#notify();
  }

  #covers(): boolean {
    if (this.#aim.kind === 'end') return coversEnd(this.#rows.length, this.#total, this.#visibleRows);
    const { isUp, isDown } = this.#motion;
    return coversPlace(this, {
      row: this.#place.row,
      rows: this.#visibleRows,
      mayGoUp: !isDown,
      mayGoDown: !isUp,
    });
  }

  /** False: to be tried again. */
  async #fetch(): Promise<boolean> {
    const { view } = this;
    const aim = this.#aim;
    const { epoch, state } = view;
    const held = this.#heldId;
    const standing = this.rowAt(this.#place.row);
    const known = held === null && standing !== undefined ? this.#place.row : null;
    const wanted = rowsRequest(
      aim,
      { id: held ?? standing?.id ?? null, row: this.#place.row },
      this.#visibleRows,
    );
    this.#isTouched = false;
    try {
      const answer = await view.rows(wanted);
      // Rows of another view, or of a place the reader has left.
      if (epoch !== view.epoch || aim !== this.#aim) this.#pace.mark(true);
      else {
        // The first state tells of the lines just fetched.
        if (this.#states === 1 && view.state?.total === answer.total) this.#pace.mark(false);
        this.#apply(aim, answer, { held, known, state });
      }
      return true;
    } catch {
      // The view's own end tells what is wrong; where it goes on, one more try.
      return view.viewId === null || epoch !== view.epoch;
    }
  }

  #apply(
    aim: Aim,
    answer: LogRows,
    sent: { held: string | null; known: number | null; state: LogViewState | null },
  ): void {
    if (aim.kind === 'end') this.#followPace.drawing();
    this.#rows = reuseRows(this.#rows, answer.rows);
    this.#firstRow = answer.firstRow;
    // A state that came after the question knows better.
    const newer = this.view.state !== sent.state && !this.view.stale ? this.view.state : null;
    this.#total = newer?.total ?? answer.total;
    this.#loadedEpoch = this.view.epoch;
    if (answer.rows.length === 0) {
      // Nothing to stand on: what comes is shown.
      if (answer.total === 0) this.#aim = { kind: 'end' };
      this.cursor.clear();
      this.#place = { row: 0, offset: 0 };
    } else if (aim.kind === 'reveal') {
      this.#arrive(answer.anchorRow, aim.align, aim.pick);
      return;
    } else if (aim.kind === 'stand') {
      if (sent.held !== null) {
        this.cursor.shift(answer.anchorRow - this.#place.row);
        this.#place = { row: answer.anchorRow, offset: this.#place.offset };
        if ((this.view.state?.scanned ?? 0) >= 1 && !this.view.stale) this.#heldId = null;
      } else if (sent.known !== null && answer.anchorRow !== sent.known) {
        const by = answer.anchorRow - sent.known;
        this.cursor.shift(by);
        this.#place = { row: Math.max(0, this.#place.row + by), offset: this.#place.offset };
        this.#totalAtStand += by;
      }
      if (this.#place.row >= this.#total) this.#place = { row: Math.max(0, this.#total - 1), offset: 0 };
      if (!this.#covers())
        this.#pace.mark(this.#place.row < this.#firstRow || this.#place.row >= this.endRow);
    }
    this.#notify();
  }

  #arrive(row: number, align: 'middle' | 'top', pick: boolean): void {
    this.#aim = { kind: 'stand' };
    const above = align === 'middle' ? Math.floor(this.#visibleRows / 2) : 0;
    this.#place = { row: Math.max(0, Math.min(row - above, this.#total - this.#visibleRows)), offset: 0 };
    if (pick) this.cursor.set(row);
    if (!this.#covers()) this.#pace.want();
    this.#notify();
  }

  #notify(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
