import { describe, expect, it } from 'vitest';
import { workerHue } from './workerHue.ts';

/** CSS Color 4: OKLCH to linear sRGB, clipped, then relative luminance. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (left: number, right: number) =>
  (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05);

describe('workerHue', () => {
  it('is the same for the same worker, whatever else runs', () => {
    expect(workerHue('worker-3')).toBe(workerHue('worker-3'));
    expect([workerHue('worker-1'), workerHue('worker-2'), workerHue('main-1')]).toMatchInlineSnapshot(`
      [
        287,
        65,
        192,
      ]
    `);
  });
  it('keeps neighbours apart', () => {
    for (let index = 1; index < 30; index += 1) {
      const difference = Math.abs(workerHue(`worker-${index}`) - workerHue(`worker-${index + 1}`));
      expect(Math.min(difference, 360 - difference)).toBeGreaterThan(100);
    }
  });
  it('stays within the circle for hostile names', () => {
    for (const key of ['', '-1', 'x-999999', '\u202e-2', 'a-b-c', 'service-01']) {
      expect(workerHue(key)).toBeGreaterThanOrEqual(0);
      expect(workerHue(key)).toBeLessThan(360);
    }
  });
  it('has AA contrast in both themes at every hue, with the lightness and chroma LogRowLine.module.css uses', () => {
    // White, the light theme's darkest row ground; the dark theme's lightest row ground (about #24272e).
    for (let hue = 0; hue < 360; hue += 1) {
      expect(contrast(luminance(0.5, 0.13, hue), 0.86)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(luminance(0.79, 0.11, hue), 0.021)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
