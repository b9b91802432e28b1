import { eachPair } from './eachPair.ts';
import { type Fields, type FieldValue, readJsonFields } from './readJsonFields.ts';

/**
 * The fields of a line: of its JSON object ({@link readJsonFields}), else the `name=value` pairs of its text; null when there is none. The
 * record has no prototype. Of two fields with one name the first counts. Takes text without colours.
 */
export function readFields(text: string): Fields | null {
  const json = readJsonFields(text);
  if (json !== null || !text.includes('=')) return json;
  const fields = Object.create(null) as Fields;
  let isEmpty = true;
  eachPair(text, (name, value) => {
    isEmpty = false;
    if (!(name in fields)) fields[name] = value;
    return false;
  });
  return isEmpty ? null : fields;
}

/** One field of {@link readFields}; undefined where the line does not have it. Lines that do not hold its name cost next to nothing. */
export function fieldOf(text: string, name: string): FieldValue | undefined {
  // In JSON the parts of the name may stand apart, and escapes may hide it.
  const lastPart = name.slice(name.lastIndexOf('.') + 1);
  if (!text.includes(lastPart) && !text.includes('\\')) return undefined;
  const json = readJsonFields(text);
  if (json !== null) return json[name];
  let found: FieldValue | undefined;
  eachPair(text, (each, value) => {
    if (each !== name) return false;
    found = value;
    return true;
  });
  return found;
}
