import { escapeXml } from '../../text/escapeXml.ts';
import { colourVariables, paintValue, PLOT_COLOURS, type PlotColour, type PlotTheme } from './plotColours.ts';
import type { Picture, SvgNode } from './SvgNode.ts';

/** Fonts of a file that is looked at anywhere. */
export const FILE_FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif";

/** A part of a picture as SVG. */
export function svgText(node: SvgNode): string {
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) => ` ${name}="${escapeXml(String(value))}"`,
  );
  const head = `<${node.tag}${attributes.join('')}${paintText('fill', node.fill)}${paintText('stroke', node.stroke)}${styleText(node)}`;
  if (node.children.length === 0) return `${head}/>`;
  const inner = node.children.map((child) => (typeof child === 'string' ? escapeXml(child) : svgText(child)));
  return `${head}>${inner.join('')}</${node.tag}>`;
}

/** Programs that know no variables take the attribute, all others the style. */
function paintText(name: 'fill' | 'stroke', colour: PlotColour | 'none' | undefined): string {
  if (colour === undefined) return '';
  return ` ${name}="${colour === 'none' ? 'none' : PLOT_COLOURS[colour].light}"`;
}

function styleText({ fill, stroke }: SvgNode): string {
  const declarations = [
    ...(fill === undefined || fill === 'none' ? [] : [`fill:${paintValue(fill)}`]),
    ...(stroke === undefined || stroke === 'none' ? [] : [`stroke:${paintValue(stroke)}`]),
  ];
  return declarations.length === 0 ? '' : ` style="${declarations.join(';')}"`;
}

/**
 * A whole SVG file, that needs nothing but itself.
 * @param theme `auto`: as whoever looks at it prefers
 */
export function svgFile(
  { width, height, parts }: Picture,
  { title, description, theme }: { title: string; description: string; theme: PlotTheme | 'auto' },
): string {
  const style =
    theme === 'auto'
      ? `svg{${colourVariables('light')}}@media (prefers-color-scheme: dark){svg{${colourVariables('dark')}}}`
      : `svg{${colourVariables(theme)}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escapeXml(FILE_FONT)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<style>${style}</style>`,
    ...parts.map(svgText),
    '</svg>',
    '',
  ].join('\n');
}

/** A picture as an element within an HTML page that sets the variables itself. */
export function inlineSvg({ width, height, parts }: Picture, label: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(label)}">${parts.map(svgText).join('')}</svg>`;
}
