import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * An examination of a page by axe, to be narrowed down and begun by `analyze()`. It goes on in the page alone: the builder's usual
 * way opens a blank page for each, for the sake of frames from elsewhere, which no page of ours has.
 */
export const axe = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode();

/** @param what is looked at, for whoever reads of a fault */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await axe(page)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const places = violations.map(
    ({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
  expect(places).toEqual([]);
}

/** The same in light and in dark, one after the other. Nothing is to move: a colour in transition has no contrast to speak of. */
export async function expectAccessibleThemes(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}
