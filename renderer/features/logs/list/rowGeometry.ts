/** Height of a row that does not wrap, CSS pixels. */
export const ROW_PX = 18;
/** This near to the last row counts as the end, pixels. */
const AT_END_PX = 9;

/** The first row in sight and how many pixels of it lie above the edge. */
export interface RowPlace {
  row: number;
  offset: number;
}

/**
 * Moves a place by pixels. `heightOf` gives the pixels of rows whose lines wrap; without it all are ROW_PX and the
 * way costs nothing, however long.
 */
export function movePlace(
  place: RowPlace,
  byPx: number,
  total: number,
  heightOf?: (row: number) => number,
): RowPlace {
  if (!heightOf) {
    const px = place.row * ROW_PX + place.offset + byPx;
    if (px <= 0) return { row: 0, offset: 0 };
    const row = Math.floor(px / ROW_PX);
    return { row, offset: px - row * ROW_PX };
  }
  let { row } = place;
  let offset = place.offset + byPx;
  while (offset < 0 && row > 0) {
    row -= 1;
    offset += heightOf(row);
  }
  while (row < total - 1 && offset >= heightOf(row)) {
    offset -= heightOf(row);
    row += 1;
  }
  return { row, offset: Math.max(0, offset) };
}

/** The place where the last row stands at the lower edge. Rows of ROW_PX. */
export function endPlace(total: number, viewportPx: number): RowPlace {
  return movePlace({ row: 0, offset: 0 }, total * ROW_PX - viewportPx, total);
}

/** Whether a place shows the end (or lies beyond it). Rows of ROW_PX. */
export function isAtEnd(place: RowPlace, total: number, viewportPx: number): boolean {
  return place.row * ROW_PX + place.offset >= total * ROW_PX - viewportPx - AT_END_PX;
}

/** No further down than the end. */
export function clampPlace(place: RowPlace, total: number, viewportPx: number): RowPlace {
  const end = endPlace(total, viewportPx);
  return place.row > end.row || (place.row === end.row && place.offset > end.offset) ? end : place;
}

/** 0 at the first row, 1 at the end. */
export function fractionOf(place: RowPlace, total: number, viewportPx: number): number {
  const way = total * ROW_PX - viewportPx;
  return way <= 0 ? 0 : Math.min(1, Math.max(0, (place.row * ROW_PX + place.offset) / way));
}

export function placeAtFraction(fraction: number, total: number, viewportPx: number): RowPlace {
  const way = Math.max(0, total * ROW_PX - viewportPx);
  const row = Math.floor((Math.min(1, Math.max(0, fraction)) * way) / ROW_PX);
  // Whole rows: over millions of them a pixel of the thumb is thousands of rows, fractions would only jitter.
  return fraction >= 1 ? endPlace(total, viewportPx) : { row, offset: 0 };
}

/** Size and place of a scroll bar's thumb, pixels. */
export function thumbOf(options: { fraction: number; total: number; viewportPx: number; trackPx: number }): {
  top: number;
  size: number;
} {
  const { fraction, total, viewportPx, trackPx } = options;
  const content = Math.max(total * ROW_PX, viewportPx, 1);
  const size = Math.min(trackPx, Math.max(24, (viewportPx / content) * trackPx));
  return { top: fraction * (trackPx - size), size };
}
