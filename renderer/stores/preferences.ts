import { create } from 'zustand';
import type { Preferences } from '#shared/contract/calls.ts';

export const usePreferences = create<Preferences>(() => ({
  theme: 'system',
  askBeforeChanges: true,
  corePrice: 0,
  gpuPrice: 0,
}));

/** Puts the theme where the tokens look for it. */
export function applyTheme(theme: Preferences['theme'], root: HTMLElement = document.documentElement): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}
