const MOST_PRICE = 1e9;

/** `0.04`, or `0,04` as much of the world writes it; nothing is 0. Undefined: no price. */
export function parsePrice(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return 0;
  const price = /^\d*\.?\d+$|^\d+\.$/.test(plain) ? Number(plain) : Number.NaN;
  return price <= MOST_PRICE ? price : undefined;
}

/** A whole number from 1; undefined: none. */
export function parseWorkers(text: string): number | undefined {
  const workers = /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : 0;
  return workers >= 1 ? workers : undefined;
}
