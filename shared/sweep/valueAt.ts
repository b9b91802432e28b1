const LONGEST_VALUE = 1_000;

/**
 * The value at a place of a JSON document, as text: `a.b[0].c`, or `a.b.0.c`; an empty path is the document. What is no text and no number is given as JSON.
 * @returns undefined where there is none
 */
export function valueAt(document: unknown, path: string): string | undefined {
  const steps = path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '');
  let value = document;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
