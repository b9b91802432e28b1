import type { Json } from './encode/Json.ts';

/** The value with every `$` doubled, so that it can be read as a compose file again without being filled in. */
export function escapeDollars(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replaceAll('$', '$$$$'), escapeDollars(inner)]),
  );
}
