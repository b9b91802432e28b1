/** Where everything in a grid of tiles in groups lies; heights are fixed, so nothing is measured. */
export interface GridLayout {
  columns: number;
  height: number;
  rows: GridRow[];
}

export type GridRow =
  | { kind: 'header'; top: number; height: number; group: number }
  /** Tiles `first` (inclusive) to `end` (exclusive) of the group. */
  | { kind: 'tiles'; top: number; height: number; group: number; first: number; end: number };

export interface GridMeasures {
  width: number;
  tileMinWidth: number;
  tileHeight: number;
  gap: number;
  headerHeight: number;
  groupGap: number;
}

export function layOutGrid(groupSizes: readonly number[], measures: GridMeasures): GridLayout {
  const { width, tileMinWidth, tileHeight, gap, headerHeight, groupGap } = measures;
  const columns = Math.max(1, Math.floor((width + gap) / (tileMinWidth + gap)));
  const rows: GridRow[] = [];
  let top = 0;
  groupSizes.forEach((size, group) => {
    if (group > 0) top += groupGap;
    rows.push({ kind: 'header', top, height: headerHeight, group });
    top += headerHeight;
    for (let first = 0; first < size; first += columns) {
      rows.push({
        kind: 'tiles',
        top,
        height: tileHeight,
        group,
        first,
        end: Math.min(size, first + columns),
      });
      top += tileHeight + gap;
    }
  });
  return { columns, height: top, rows };
}

/** The rows that touch the stretch from `from` to `to` pixels. */
export function rowsBetween(layout: GridLayout, from: number, to: number): GridRow[] {
  const { rows } = layout;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && row.top + row.height < from) low = middle + 1;
    else high = middle;
  }
  const result: GridRow[] = [];
  for (let at = low; at < rows.length; at += 1) {
    const row = rows[at];
    if (!row || row.top > to) break;
    result.push(row);
  }
  return result;
}

/** The tile an arrow key leads to from tile `index` of `group`; null at the edges. */
export function neighbour(
  groupSizes: readonly number[],
  columns: number,
  at: { group: number; index: number },
  key: string,
): { group: number; index: number } | null {
  const size = groupSizes[at.group] ?? 0;
  const column = at.index % columns;
  const nextGroup = (direction: 1 | -1) => {
    for (let group = at.group + direction; group >= 0 && group < groupSizes.length; group += direction) {
      if ((groupSizes[group] ?? 0) > 0) return group;
    }
    return null;
  };
  switch (key) {
    case 'ArrowRight':
    case 'ArrowLeft': {
      const index = at.index + (key === 'ArrowRight' ? 1 : -1);
      if (index >= 0 && index < size) return { group: at.group, index };
      const group = nextGroup(key === 'ArrowRight' ? 1 : -1);
      if (group === null) return null;
      return { group, index: key === 'ArrowRight' ? 0 : (groupSizes[group] ?? 1) - 1 };
    }
    case 'ArrowDown': {
      if (Math.floor(at.index / columns) < Math.floor((size - 1) / columns))
        return { group: at.group, index: Math.min(size - 1, at.index + columns) };
      const group = nextGroup(1);
      return group === null ? null : { group, index: Math.min(column, (groupSizes[group] ?? 1) - 1) };
    }
    case 'ArrowUp': {
      if (at.index >= columns) return { group: at.group, index: at.index - columns };
      const group = nextGroup(-1);
      if (group === null) return null;
      const last = (groupSizes[group] ?? 1) - 1;
      return { group, index: Math.min(last, Math.floor(last / columns) * columns + column) };
    }
    case 'Home':
      return { group: at.group, index: 0 };
    case 'End':
      return { group: at.group, index: size - 1 };
    default:
      return null;
  }
}
