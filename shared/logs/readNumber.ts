const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/** The number that the whole text writes (`-2`, `0.05`, `1e-3`); undefined for anything else, and for integers that a double does not hold. */
export function readNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || (INTEGER.test(text) && !Number.isSafeInteger(value))) return undefined;
  return value;
}
