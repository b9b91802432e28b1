import type { PlotColour } from './plotColours.ts';

/** A part of a picture, for a window to build elements of and for a file to be written from: both show the very same. */
export interface SvgNode {
  tag: 'g' | 'path' | 'circle' | 'line' | 'rect' | 'text';
  /** Names as SVG has them. Numbers are in units of the picture, one a pixel where it is as wide as its units. */
  attributes: Readonly<Record<string, string | number>>;
  fill?: PlotColour | 'none' | undefined;
  stroke?: PlotColour | 'none' | undefined;
  children: readonly (SvgNode | string)[];
}

export interface Picture {
  width: number;
  height: number;
  parts: SvgNode[];
}

type Paint = Pick<SvgNode, 'fill' | 'stroke'>;

export function svgNode(
  tag: SvgNode['tag'],
  attributes: SvgNode['attributes'],
  paint: Paint = {},
  children: SvgNode['children'] = [],
): SvgNode {
  return { tag, attributes, ...paint, children };
}

/** A coordinate as it is written: a hundredth of a pixel is seen by nobody. */
export function at(value: number): number {
  return Math.round(value * 100) / 100;
}
