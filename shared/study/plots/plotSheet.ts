import type { PlotTheme } from './plotColours.ts';
import type { StudyPlot } from './studyPlots.ts';
import { type Picture, svgNode, type SvgNode } from './SvgNode.ts';
import { svgFile } from './svgText.ts';

const MARGIN = 20;
const GAP = 28;
const TITLE = 22;
const HEADING = { size: 17, line: 26 } as const;
const TEXT = { size: 12.5, line: 18 } as const;
/** About the width of a character of the text, in its size; rather too wide than too narrow. */
const CHARACTER = 0.54;

/**
 * All plots of a study on one sheet, two beside each other, below what it found: a file of its own.
 * @param theme `auto`: as whoever looks at it prefers
 */
export function plotSheet(
  plots: readonly StudyPlot[],
  { heading, text, theme }: { heading: string; text: string; theme: PlotTheme | 'auto' },
): { svg: string; width: number; height: number } {
  const picture = layOut(plots, heading, text);
  const description = [text, ...plots.map(({ title, description }) => `${title}: ${description}`)].join(' ');
  return { svg: svgFile(picture, { title: heading, description, theme }), ...picture };
}

function layOut(plots: readonly StudyPlot[], heading: string, text: string): Picture {
  const columns = plots.length > 1 ? 2 : 1;
  const column = Math.max(0, ...plots.map(({ picture }) => picture.width));
  const width = 2 * MARGIN + columns * column + (columns - 1) * GAP;
  const lines = wrap(text, (width - 2 * MARGIN) / (TEXT.size * CHARACTER));
  const parts: SvgNode[] = [
    svgNode(
      'text',
      { x: MARGIN, y: MARGIN + HEADING.size, 'font-size': HEADING.size, 'font-weight': 600 },
      { fill: 'text' },
      [heading],
    ),
    svgNode(
      'g',
      { 'font-size': TEXT.size },
      { fill: 'text' },
      lines.map((line, index) =>
        svgNode('text', { x: MARGIN, y: MARGIN + HEADING.line + (index + 1) * TEXT.line }, {}, [line]),
      ),
    ),
  ];
  let y = MARGIN + HEADING.line + lines.length * TEXT.line + GAP;
  for (let row = 0; row < plots.length; row += columns) {
    const those = plots.slice(row, row + columns);
    for (const [index, { title, picture }] of those.entries()) {
      const x = MARGIN + index * (column + GAP);
      parts.push(
        svgNode('g', { transform: `translate(${x},${y})` }, {}, [
          svgNode('text', { x: 0, y: 13, 'font-size': 13, 'font-weight': 600 }, { fill: 'text' }, [title]),
          svgNode('g', { transform: `translate(0,${TITLE})` }, {}, picture.parts),
        ]),
      );
    }
    y += TITLE + Math.max(...those.map(({ picture }) => picture.height)) + GAP / 2;
  }
  const height = Math.round(y - GAP / 2 + MARGIN);
  return { width, height, parts: [svgNode('rect', { width, height }, { fill: 'surface' }), ...parts] };
}

/** Lines of at most so many characters, broken at spaces. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
