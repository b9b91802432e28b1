const CORNER = 7;

/** Where a box stands: whole numbers of columns and rows. */
export interface GridPlace {
  column: number;
  row: number;
}

/** How places become pixels. */
interface Grid {
  node: { width: number; height: number };
  gapX: number;
  gapY: number;
  xOf: (column: number) => number;
  yOf: (row: number) => number;
  isTaken: (column: number, row: number) => boolean;
}

/**
 * An SVG path from a box of a grid down to another. Straight where nothing lies between; else out into the gap between two columns, down, and in again.
 */
export function gridEdgePath(
  source: GridPlace,
  target: GridPlace,
  { node, gapX, gapY, xOf, yOf, isTaken }: Grid,
): string {
  const startX = xOf(source.column) + node.width / 2;
  const startY = yOf(source.row) + node.height;
  const endY = yOf(target.row);
  let between = false;
  for (let row = source.row + 1; row < target.row; row += 1) between ||= isTaken(target.column, row);
  if (source.column === target.column && !between) return `M${startX} ${startY}V${endY}`;
  // Comes in beside those from straight above, so that each can be followed with the eye.
  const side = target.column > source.column ? -1 : 1;
  const endX = xOf(target.column) + node.width / 2 + side * 24;
  const gutter = side < 0 ? xOf(target.column) - gapX / 2 : xOf(target.column) + node.width + gapX / 2;
  return rounded([
    [startX, startY],
    [startX, startY + gapY / 2],
    [gutter, startY + gapY / 2],
    [gutter, endY - gapY / 2],
    [endX, endY - gapY / 2],
    [endX, endY],
  ]);
}

/** A way of straight parts with round corners. */
function rounded(points: readonly (readonly [number, number])[]): string {
  const corners = points.filter(
    (point, index) =>
      index === 0 || point[0] !== points[index - 1]?.[0] || point[1] !== points[index - 1]?.[1],
  );
  let path = '';
  corners.forEach((corner, index) => {
    const [x, y] = corner;
    const before = corners[index - 1];
    const after = corners[index + 1];
    if (before === undefined) path += `M${x} ${y}`;
    else if (after === undefined) path += `L${x} ${y}`;
    else {
      const into = toward(corner, before);
      const out = toward(corner, after);
      path += `L${into[0]} ${into[1]}Q${x} ${y} ${out[0]} ${out[1]}`;
    }
  });
  return path;
}

function toward(
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): readonly [number, number] {
  const length = Math.hypot(toX - x, toY - y);
  const share = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return [round(x + (toX - x) * share), round(y + (toY - y) * share)];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
