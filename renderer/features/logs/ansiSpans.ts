import Anser from 'anser';

/** A run of text in one look. Colours are names of the palette, or `r, g, b`. */
export interface AnsiSpan {
  text: string;
  foreground?: string;
  background?: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
}

const PLAIN = { bold: false, dim: false, italic: false, underline: false, strike: false };

/** Splits cleaned text into runs of one look. Only data: nothing here is ever parsed as HTML. */
export function ansiSpans(text: string): AnsiSpan[] {
  if (!text.includes('\u001b')) return [{ ...PLAIN, text }];
  const spans: AnsiSpan[] = [];
  for (const entry of Anser.ansiToJson(text, { json: true, use_classes: true, remove_empty: true })) {
    // What anser did not understand it leaves in the text.
    const content = entry.content.replace(/\u001b(?:\[[0-9;:]*m?)?/g, '');
    if (content === '') continue;
    const has = (name: string) => entry.decorations.some((decoration) => decoration === name);
    let foreground = colourOf(entry.fg, entry.fg_truecolor);
    let background = colourOf(entry.bg, entry.bg_truecolor);
    if (has('reverse')) [foreground, background] = [background ?? 'inverse', foreground ?? 'ink'];
    spans.push({
      text: content,
      ...(foreground === undefined ? {} : { foreground }),
      ...(background === undefined ? {} : { background }),
      bold: has('bold'),
      dim: has('dim') || has('hidden'),
      italic: has('italic'),
      underline: has('underline'),
      strike: has('strikethrough'),
    });
  }
  return spans;
}

function colourOf(name: string | null, truecolor: string | null): string | undefined {
  if (!name) return undefined;
  if (name === 'ansi-truecolor') return truecolor ?? undefined;
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette) return paletteColour(Number(palette[1]));
  return name.replace(/^ansi-/, '');
}

/** The xterm colour cube (16–231) and grey ramp (232–255). */
function paletteColour(index: number): string | undefined {
  if (index >= 232 && index <= 255) {
    const grey = 8 + (index - 232) * 10;
    return `${grey}, ${grey}, ${grey}`;
  }
  if (index < 16 || index > 231) return undefined;
  const levels = [0, 95, 135, 175, 215, 255];
  const cube = index - 16;
  const red = levels[Math.floor(cube / 36)] ?? 0;
  const green = levels[Math.floor(cube / 6) % 6] ?? 0;
  const blue = levels[cube % 6] ?? 0;
  return `${red}, ${green}, ${blue}`;
}
