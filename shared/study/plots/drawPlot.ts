import type { Interval } from '../median.ts';
import { type Axis, shareOf } from './axes.ts';
import { drawLegend, type LegendEntry } from './drawLegend.ts';
import { at, type Picture, svgNode, type SvgNode } from './SvgNode.ts';

/** Units of a picture; its height grows with the lines of its legend. */
export const PLOT = { width: 420, box: 196, left: 50, right: 14, top: 8, bottom: 40 } as const;
/** Left free beside the first and the last worker count, so that their points stand clear of the edges. */
const CLEAR = 14;
const TEXT_SIZE = 11;
/** Nearer than this two numbers below the picture run into each other. */
const TICK_GAP = 20;
const DASHES = { amdahl: '6 4', gustafson: '6 4', usl: '1.5 3.5' } as const;

export interface PlotPoint {
  workers: number;
  value: number;
  /** 95 %. */
  interval?: Interval | undefined;
  /** Single runs. */
  raw: readonly number[];
}

export type Curve = readonly { workers: number; value: number }[];

/** What is to be drawn over the worker counts. */
export interface PlotScene {
  x: Axis;
  y: Axis;
  yLabel: (value: number) => string;
  points: readonly PlotPoint[];
  /** `strip`: runs side by side, the median across them. `whisker`: runs below one another, the interval through them. */
  style: 'whisker' | 'strip';
  ideal?: Curve | undefined;
  /** Values to be told from the rest of the grid. */
  guides: readonly number[];
  fits: readonly { model: keyof typeof DASHES; name: string; curve: Curve }[];
  /** More workers than this share cores. */
  cores: number;
}

export function drawPlot(scene: PlotScene): Picture {
  const counts = scene.points.map(({ workers }) => workers);
  const shade = shadeFrom(scene.cores, counts);
  const legend = drawLegend(legendOf(scene, shade !== undefined), 0, PLOT.width);
  const top = PLOT.top + legend.height;
  const place = placing(scene, top);
  const bottom = top + PLOT.box;
  const right = PLOT.width - PLOT.right;
  const isWanted = (value: number): boolean => value >= scene.y.low && value <= scene.y.high;
  return {
    width: PLOT.width,
    height: bottom + PLOT.bottom,
    parts: [
      ...(shade === undefined ? [] : [shadeOf(shade === 0 ? PLOT.left : place.x(shade), top)]),
      svgNode(
        'g',
        { 'stroke-width': 1 },
        { stroke: 'grid' },
        scene.y.ticks.map((tick) => horizontal(place.y(tick))),
      ),
      ...scene.guides
        .filter(isWanted)
        .map((value) =>
          svgNode('g', { 'stroke-width': 1, 'stroke-dasharray': '2 3' }, { stroke: 'guide' }, [
            horizontal(place.y(value)),
          ]),
        ),
      ...legend.parts,
      svgNode('g', { 'font-size': TEXT_SIZE, 'text-anchor': 'end' }, { fill: 'label' }, [
        ...scene.y.ticks.map((tick) =>
          svgNode('text', { x: PLOT.left - 6, y: at(place.y(tick)), dy: '0.35em' }, {}, [scene.yLabel(tick)]),
        ),
      ]),
      svgNode('g', { 'font-size': TEXT_SIZE, 'text-anchor': 'middle' }, { fill: 'label' }, [
        ...ticksWithRoom(counts, place.x).map((count) =>
          svgNode('text', { x: at(place.x(count)), y: bottom + 15 }, {}, [String(count)]),
        ),
        svgNode('text', { x: at((PLOT.left + right) / 2), y: bottom + 33 }, {}, ['workers']),
      ]),
      ...curves(scene, place),
      ...(scene.style === 'strip' ? strips(scene.points, place) : whiskers(scene.points, place)),
    ],
  };
}

interface Placing {
  x: (workers: number) => number;
  y: (value: number) => number;
}

function placing({ x, y }: PlotScene, top: number): Placing {
  const clear = x.kind === 'bands' ? 0 : CLEAR;
  const width = PLOT.width - PLOT.left - PLOT.right - 2 * clear;
  return {
    x: (workers) => PLOT.left + clear + shareOf(x, workers) * width,
    y: (value) => top + (1 - shareOf(y, value)) * PLOT.box,
  };
}

/** Halfway from the cores to the first count that has more workers; undefined where none has. */
function shadeFrom(cores: number, counts: readonly number[]): number | undefined {
  const above = counts.find((count) => count > cores);
  if (above === undefined) return undefined;
  const below = counts.findLast((count) => count <= cores);
  return below === undefined ? 0 : Math.sqrt(Math.max(below, cores) * above);
}

function shadeOf(x: number, top: number): SvgNode {
  const attributes = { x: at(x), y: top, width: at(PLOT.width - PLOT.right - x), height: PLOT.box };
  return svgNode('rect', attributes, { fill: 'shade' });
}

function horizontal(y: number): SvgNode {
  return svgNode('line', { x1: PLOT.left, x2: PLOT.width - PLOT.right, y1: at(y), y2: at(y) });
}

/** Of counts that stand close together only those that can be read; the greatest always. */
function ticksWithRoom(counts: readonly number[], x: (count: number) => number): number[] {
  const kept: number[] = [];
  for (const count of [...counts].reverse()) {
    const [right] = kept;
    if (right === undefined || x(right) - x(count) >= TICK_GAP) kept.unshift(count);
  }
  return kept;
}

function curves({ ideal, fits }: PlotScene, place: Placing): SvgNode[] {
  const path = (curve: Curve): string =>
    curve
      .map(
        ({ workers, value }, index) =>
          `${index === 0 ? 'M' : 'L'}${at(place.x(workers))},${at(place.y(value))}`,
      )
      .join('');
  return [
    ...(ideal === undefined
      ? []
      : [svgNode('path', { d: path(ideal), 'stroke-width': 1.5 }, { fill: 'none', stroke: 'ideal' })]),
    ...fits.map(({ model, curve }) =>
      svgNode(
        'path',
        {
          d: path(curve),
          'stroke-width': 1.5,
          'stroke-dasharray': DASHES[model],
          'stroke-linecap': 'round',
        },
        { fill: 'none', stroke: 'fit' },
      ),
    ),
  ];
}

function whiskers(points: readonly PlotPoint[], place: Placing): SvgNode[] {
  return [
    svgNode(
      'g',
      { opacity: 0.28 },
      { fill: 'mark' },
      points.flatMap(({ workers, raw }) =>
        raw.map((value) => svgNode('circle', { cx: at(place.x(workers)), cy: at(place.y(value)), r: 2.5 })),
      ),
    ),
    svgNode(
      'g',
      { 'stroke-width': 1.5 },
      { fill: 'none', stroke: 'mark' },
      points.flatMap(({ workers, interval }) =>
        interval === undefined
          ? []
          : [
              svgNode('path', {
                d: `M${at(place.x(workers) - 4)},${at(place.y(interval.low))}h8m-4,0V${at(place.y(interval.high))}m-4,0h8`,
              }),
            ],
      ),
    ),
    svgNode(
      'g',
      {},
      { fill: 'mark' },
      points.map(({ workers, value }) =>
        svgNode('circle', { cx: at(place.x(workers)), cy: at(place.y(value)), r: 3.5 }),
      ),
    ),
  ];
}

/** Half of a strip's width, and how far its runs stand to either side; by their order, so that the same study always looks the same. */
const STRIP = 13;
const SIDES = [0, 1, -1, 0.5, -0.5] as const;

function strips(points: readonly PlotPoint[], place: Placing): SvgNode[] {
  return [
    svgNode(
      'g',
      { opacity: 0.16 },
      { fill: 'mark' },
      points.flatMap(({ workers, interval }) => {
        if (interval === undefined) return [];
        const top = place.y(interval.high);
        const attributes = {
          x: at(place.x(workers) - STRIP),
          y: at(top),
          width: 2 * STRIP,
          // An interval too narrow to be seen is still there.
          height: at(Math.max(1, place.y(interval.low) - top)),
        };
        return [svgNode('rect', attributes)];
      }),
    ),
    svgNode(
      'g',
      { opacity: 0.5 },
      { fill: 'mark' },
      points.flatMap(({ workers, raw }) =>
        raw.map((value, index) =>
          svgNode('circle', {
            cx: at(place.x(workers) + (SIDES[index % SIDES.length] ?? 0) * (STRIP - 4)),
            cy: at(place.y(value)),
            r: 2,
          }),
        ),
      ),
    ),
    svgNode(
      'g',
      { 'stroke-width': 2 },
      { stroke: 'mark' },
      points.map(({ workers, value }) => {
        const [x, y] = [place.x(workers), at(place.y(value))];
        return svgNode('line', { x1: at(x - STRIP), x2: at(x + STRIP), y1: y, y2: y });
      }),
    ),
  ];
}

function legendOf({ style, points, ideal, fits, cores }: PlotScene, isShaded: boolean): LegendEntry[] {
  const hasIntervals = points.some(({ interval }) => interval !== undefined);
  return [
    { sign: style === 'strip' ? 'bar' : 'point', text: 'median' },
    ...(hasIntervals
      ? [{ sign: style === 'strip' ? 'box' : 'whisker', text: '95 %' } satisfies LegendEntry]
      : []),
    { sign: 'raw', text: 'run' },
    ...(ideal === undefined ? [] : [{ sign: 'ideal', text: 'ideal' } satisfies LegendEntry]),
    ...fits.map(({ model, name }): LegendEntry => ({ sign: 'fit', dash: DASHES[model], text: name })),
    ...(isShaded
      ? [
          {
            sign: 'shade',
            text: `more than ${cores} ${cores === 1 ? 'core' : 'cores'}`,
          } satisfies LegendEntry,
        ]
      : []),
  ];
}
