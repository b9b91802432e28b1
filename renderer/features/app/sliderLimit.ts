import { MAX_REPLICAS } from '#shared/domain/limits.ts';

/** Right end of a replica slider: room to double, in steps that keep the scale from twitching. */
export function sliderLimit(requested: number): number {
  if (requested <= 8) return 16;
  const doubled = requested * 2;
  const step = 10 ** Math.floor(Math.log10(doubled));
  return Math.min(MAX_REPLICAS, Math.ceil(doubled / step) * step);
}
