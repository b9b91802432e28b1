import type { StepGraph, StepNode } from '#shared/build/layoutSteps.ts';

/** Sizes of the drawn graph in CSS pixels. */
export const GRAPH = { nodeHeight: 46, gapX: 36, gapY: 20, margin: 16, head: 26 };
const LEAST_WIDTH = 168;
const MOST_WIDTH = 300;
const CORNER = 7;

/** Width of a step, so that all stages are in sight where that leaves enough to read; pixels. */
export function nodeWidth(available: number, columns: number): number {
  const { gapX, margin } = GRAPH;
  const count = Math.max(1, columns);
  const fitting = Math.floor((available - 2 * margin - (count - 1) * gapX) / count);
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, fitting));
}

export interface Box {
  x: number;
  y: number;
}

export interface GraphGeometry {
  width: number;
  height: number;
  /** By step number. */
  boxes: ReadonlyMap<number, Box>;
  /** SVG paths of the edges, with the numbers of the steps they join. */
  paths: { from: number; to: number; d: string }[];
  /** Where an opened log lies, below its row. */
  openTop: number | undefined;
}

/** Pixels of a graph of steps of that width. `opened`: below that step's row there is room of that height for its log. */
export function graphGeometry(
  graph: StepGraph,
  width: number,
  opened: { step: number; height: number } | undefined,
): GraphGeometry {
  const { nodeHeight, gapX, gapY, margin } = GRAPH;
  const node = { width, height: nodeHeight };
  const top = margin + (graph.columns.length > 1 ? GRAPH.head : 0);
  const openRow = graph.nodes.find(({ step }) => step.number === opened?.step)?.row;
  const room = opened === undefined || openRow === undefined ? 0 : opened.height + gapY;
  const yOf = (row: number): number =>
    top + row * (node.height + gapY) + (openRow !== undefined && row > openRow ? room : 0);
  const xOf = (column: number): number => margin + column * (node.width + gapX);
  const places = new Map(graph.nodes.map((place) => [place.step.number, place]));
  const taken = new Set(graph.nodes.map(({ column, row }) => `${column} ${row}`));

  const paths = graph.edges.flatMap(({ from, to }) => {
    const source = places.get(from);
    const target = places.get(to);
    if (source === undefined || target === undefined) return [];
    return [
      {
        from,
        to,
        d: edgePath(source, target, { node, xOf, yOf, isTaken: (c, r) => taken.has(`${c} ${r}`) }),
      },
    ];
  });
  return {
    width: 2 * margin + Math.max(1, graph.columns.length) * (node.width + gapX) - gapX,
    height: yOf(Math.max(0, graph.rows - 1)) + node.height + margin + (openRow === graph.rows - 1 ? room : 0),
    boxes: new Map(
      graph.nodes.map(({ step, column, row }) => [step.number, { x: xOf(column), y: yOf(row) }]),
    ),
    paths,
    openTop: openRow === undefined ? undefined : yOf(openRow) + node.height + gapY / 2,
  };
}

interface Grid {
  node: { width: number; height: number };
  xOf: (column: number) => number;
  yOf: (row: number) => number;
  isTaken: (column: number, row: number) => boolean;
}

/** Straight down where nothing lies between; else out into the gap between two columns, down, and in again. */
function edgePath(source: StepNode, target: StepNode, { node, xOf, yOf, isTaken }: Grid): string {
  const { gapX, gapY } = GRAPH;
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
