const GOLDEN_ANGLE = 137.508;

/**
 * Hue in degrees, the same for the same worker in every session and window. Neighbouring indexes lie far
 * apart; lightness and chroma are set per theme in CSS so that every hue keeps AA contrast.
 */
export function workerHue(workerKey: string): number {
  const match = /^(.*)-(\d+)$/.exec(workerKey);
  const service = match?.[1] ?? workerKey;
  const index = match ? Number(match[2]) : 1;
  let hash = 0x811c9dc5;
  for (let at = 0; at < service.length; at += 1) {
    hash = Math.imul(hash ^ service.charCodeAt(at), 0x01000193) >>> 0;
  }
  return Math.round((hash % 360) + (index - 1) * GOLDEN_ANGLE) % 360;
}
