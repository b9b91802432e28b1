/** What each thing of a plot is painted with, in a bright and in a dark surrounding; readable on `surface` in both. */
export const PLOT_COLOURS = {
  surface: { light: '#ffffff', dark: '#1c1d21' },
  text: { light: '#1a1c20', dark: '#e8e9ec' },
  label: { light: '#535963', dark: '#a9aeb8' },
  grid: { light: '#e2e4e8', dark: '#2d3036' },
  guide: { light: '#9aa0aa', dark: '#757b86' },
  ideal: { light: '#8b919b', dark: '#6d737e' },
  fit: { light: '#b2600b', dark: '#dba437' },
  mark: { light: '#3d74e8', dark: '#6f9bff' },
  shade: { light: '#eef0f3', dark: '#26282d' },
} as const;

export type PlotColour = keyof typeof PLOT_COLOURS;
export type PlotTheme = 'light' | 'dark';

/** A CSS variable of that name decides where it is set, else the bright colour. */
export function paintValue(colour: PlotColour | 'none'): string {
  return colour === 'none' ? 'none' : `var(--plot-${colour}, ${PLOT_COLOURS[colour].light})`;
}

/** Declarations that set the variables. */
export function colourVariables(theme: PlotTheme): string {
  return Object.entries(PLOT_COLOURS)
    .map(([name, colours]) => `--plot-${name}:${colours[theme]}`)
    .join(';');
}
