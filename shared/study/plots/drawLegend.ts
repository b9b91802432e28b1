import { svgNode, type SvgNode } from './SvgNode.ts';

/** What a sign of a plot stands for. */
export interface LegendEntry {
  sign: 'point' | 'raw' | 'whisker' | 'bar' | 'box' | 'ideal' | 'fit' | 'shade';
  /** Of a `fit`. */
  dash?: string | undefined;
  text: string;
}

const LINE = 16;
const SIGN = 18;
const GAP = 10;
/** About the width of a character of this size: fonts differ, and the gap makes up for it. */
const CHARACTER = 6.3;
const TEXT_SIZE = 11;

/** Signs with their names, in as many lines as they take between two abscissas. */
export function drawLegend(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
): { parts: SvgNode[]; height: number } {
  let x = left;
  let line = 0;
  const parts = entries.flatMap((entry) => {
    const width = SIGN + 5 + entry.text.length * CHARACTER;
    if (x > left && x + width > right) {
      x = left;
      line += 1;
    }
    const y = line * LINE + LINE / 2;
    const drawn = [
      signOf(entry, x, y),
      svgNode('text', { x: x + SIGN + 5, y, dy: '0.35em', 'font-size': TEXT_SIZE }, { fill: 'label' }, [
        entry.text,
      ]),
    ];
    x = Math.round(x + width + GAP);
    return drawn;
  });
  return { parts, height: entries.length === 0 ? 0 : (line + 1) * LINE + 4 };
}

function signOf({ sign, dash }: LegendEntry, x: number, y: number): SvgNode {
  const middle = x + SIGN / 2;
  const line = { x1: x, x2: x + SIGN, y1: y, y2: y };
  const box = { x: x + 2, y: y - 5, width: SIGN - 4, height: 10 };
  switch (sign) {
    case 'point':
      return svgNode('circle', { cx: middle, cy: y, r: 3.5 }, { fill: 'mark' });
    case 'raw':
      return svgNode('circle', { cx: middle, cy: y, r: 2.5, opacity: 0.4 }, { fill: 'mark' });
    case 'whisker':
      return svgNode(
        'path',
        { d: `M${middle - 4},${y - 5}h8m-4,0v10m-4,0h8`, 'stroke-width': 1.5 },
        { fill: 'none', stroke: 'mark' },
      );
    case 'bar':
      return svgNode('line', { ...line, 'stroke-width': 2 }, { stroke: 'mark' });
    case 'box':
      return svgNode('rect', { ...box, opacity: 0.16 }, { fill: 'mark' });
    case 'ideal':
      return svgNode('line', { ...line, 'stroke-width': 1.5 }, { stroke: 'ideal' });
    case 'fit':
      return svgNode(
        'line',
        { ...line, 'stroke-width': 1.5, 'stroke-dasharray': dash ?? 'none', 'stroke-linecap': 'round' },
        { stroke: 'fit' },
      );
    case 'shade':
      return svgNode('rect', box, { fill: 'shade', stroke: 'grid' });
  }
}
