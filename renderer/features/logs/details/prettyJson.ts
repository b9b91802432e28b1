/** More is quicker read as it was written. */
const MOST_CHARACTERS = 100_000;

/** A line that is one JSON object or array, spread over lines; null where it is none. */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARACTERS || !/^[{[]/.test(trimmed)) return null;
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2);
  } catch {
    return null;
  }
}
