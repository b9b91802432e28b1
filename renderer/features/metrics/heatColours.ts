/** Red, green and blue from little to much: one hue, lightness that only falls (light theme) or rises (dark). */
const LIGHT: readonly [number, number, number][] = [
  [238, 242, 250],
  [190, 208, 244],
  [124, 163, 232],
  [58, 110, 210],
  [24, 62, 150],
  [10, 28, 84],
];
const DARK: readonly [number, number, number][] = [
  [30, 34, 44],
  [34, 56, 104],
  [46, 92, 180],
  [92, 144, 232],
  [160, 196, 252],
  [236, 244, 255],
];

/** The colour of a value from 0 to 1. */
export function heatColour(share: number, isDark: boolean): [number, number, number] {
  const stops = isDark ? DARK : LIGHT;
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = stops[Math.floor(at)] as [number, number, number];
  const high = stops[Math.ceil(at)] as [number, number, number];
  const part = at - Math.floor(at);
  return [0, 1, 2].map((channel) =>
    Math.round((low[channel] as number) + ((high[channel] as number) - (low[channel] as number)) * part),
  ) as [number, number, number];
}

/** A bar of all colours, for the legend. */
export const heatGradient = (isDark: boolean): string =>
  `linear-gradient(to right, ${[0, 0.2, 0.4, 0.6, 0.8, 1]
    .map((share) => `rgb(${heatColour(share, isDark).join(' ')})`)
    .join(', ')})`;

/** Four bytes a cell, row by row; what is not known is left see-through. */
export function heatPixels(
  rows: readonly (readonly (number | null)[] | undefined)[],
  cells: number,
  most: number,
  isDark: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows.length * cells * 4);
  const table = Array.from({ length: 65 }, (_, step) => heatColour(step / 64, isDark));
  for (const [row, values] of rows.entries())
    for (let cell = 0; cell < cells; cell += 1) {
      const value = values?.[cell];
      if (value === null || value === undefined) continue;
      const colour = table[Math.round(Math.min(1, Math.max(0, value / most)) * 64)] as [
        number,
        number,
        number,
      ];
      pixels.set([...colour, 255], (row * cells + cell) * 4);
    }
  return pixels;
}
