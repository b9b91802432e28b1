const USUAL_BYTES = 2 * 1024 ** 3;
const LEAST_BYTES = 8 * 1024 ** 2;
const UNITS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Bytes that the kept log of one app may take: `FLOTILLA_LOG_LIMIT`, e.g. `512m` or `8g`; 2 GiB where it is not set or says nothing
 * sensible, and never less than 8 MiB.
 */
export function readLogLimit(text: string | undefined): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text ?? '');
  if (match === null) return USUAL_BYTES;
  const bytes = Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
  return Number.isFinite(bytes) ? Math.max(LEAST_BYTES, Math.floor(bytes)) : USUAL_BYTES;
}
