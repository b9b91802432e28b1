export type FieldValue = string | number | boolean | null;
export type Fields = Record<string, FieldValue>;

/** Most fields that are read of a line; the rest is passed over. */
export const MAX_FIELDS = 200;
const DEEPEST = 5;
const LONGEST_LIST = 1000;
// Python writes these into JSON, which has no word for them. Strings are matched first, so that they are left alone.
const STRINGS_AND_NON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * The fields of a line that is a JSON object; null when it is none, or an empty one. Nested names are joined by dots (`loss.train`), lists are given
 * as JSON, at most 1000 characters of it, so are objects nested deeper than 5; numbers that are none as text (`NaN`). At most 200 fields.
 */
export function readJsonFields(text: string): Fields | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  const object = parse(trimmed) ?? parseWithNonNumbers(trimmed);
  if (object === undefined) return null;
  const fields = Object.create(null) as Fields;
  return flatten(object, '', 1, fields, 0) === 0 ? null : fields;
}

/** Puts the object's fields in; answers how many there are now. Of two with one name the first counts. */
function flatten(object: object, prefix: string, depth: number, fields: Fields, count: number): number {
  let filled = count;
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    if (filled >= MAX_FIELDS) break;
    const name = prefix + key;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST) {
      filled = flatten(value, `${name}.`, depth + 1, fields, filled);
      continue;
    }
    const field = typeof value === 'object' && value !== null ? listText(value) : (value as FieldValue);
    if (field === undefined || name in fields) continue;
    fields[name] = field;
    filled += 1;
  }
  return filled;
}

function listText(list: object): string | undefined {
  try {
    return JSON.stringify(list).slice(0, LONGEST_LIST);
  } catch {
    // Nested beyond what can be written again.
    return undefined;
  }
}

function parse(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function parseWithNonNumbers(text: string): object | undefined {
  if (!text.includes('NaN') && !text.includes('Infinity')) return undefined;
  return parse(text.replace(STRINGS_AND_NON_NUMBERS, (part) => (part.startsWith('"') ? part : `"${part}"`)));
}
