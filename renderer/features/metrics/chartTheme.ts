import { useSyncExternalStore } from 'react';

/** Colours as a canvas understands them. */
export interface ChartTheme {
  isDark: boolean;
  text: string;
  grid: string;
  surface: string;
  font: string;
}

/** The colours of now; drawn anew when they change. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, themeNow);
}

let known: { key: string; theme: ChartTheme } | undefined;

/** The same object while nothing changes. */
function themeNow(): ChartTheme {
  const key = themeKey();
  if (known?.key !== key) known = { key, theme: readTheme() };
  return known.theme;
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', listener);
  };
}

const themeKey = (): string =>
  `${document.documentElement.dataset['theme'] ?? 'system'} ${matchMedia('(prefers-color-scheme: dark)').matches} ${matchMedia('(prefers-contrast: more)').matches}`;

/** Only the computed colour of an element has `light-dark()` worked out. */
function readTheme(): ChartTheme {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    text: colour('--color-text-muted'),
    grid: colour('--color-border'),
    surface: colour('--color-surface'),
  };
  const font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  const [red = 255] = (theme.surface.match(/[\d.]+/g) ?? []).map(Number);
  return { ...theme, font, isDark: red < 128 };
}

/** Hues far apart from one another, for lines that lie in one chart. */
const HUES = [262, 45, 155, 330, 95, 200, 20, 290];

/** The colour of the n-th line; readable on the surface in both themes. */
export function lineColour(index: number, isDark: boolean): string {
  return `oklch(${isDark ? 0.76 : 0.55} 0.15 ${HUES[index % HUES.length] ?? 0})`;
}
