import type { StepGraph } from '#shared/build/layoutSteps.ts';
import { gridEdgePath } from '../../../ui/gridEdgePath.ts';

/** Sizes of the drawn graph in CSS pixels. */
export const GRAPH = { nodeHeight: 46, gapX: 36, gapY: 20, margin: 16, head: 26 };
const LEAST_WIDTH = 168;
const MOST_WIDTH = 300;

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
        d: gridEdgePath(source, target, {
          node,
          gapX,
          gapY,
          xOf,
          yOf,
          isTaken: (c, r) => taken.has(`${c} ${r}`),
        }),
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
