/** The spellings of yaml.org/type/bool.html; no other is a flag to compose. */
const FLAGS = new Map([
  ...['y', 'yes', 'true', 'on'].map((word) => [word, true] as const),
  ...['n', 'no', 'false', 'off'].map((word) => [word, false] as const),
]);

/** A flag written as text, in any case; undefined when it is none. */
export function parseFlag(text: string): boolean | undefined {
  return FLAGS.get(text.toLowerCase());
}
