// Direction overrides and isolates, zero-width characters, control characters, line separators.
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A name from outside (service, container, file, image) as it may be shown: what would reorder, hide or break
 * the text around it is replaced by a visible mark, so that two names that differ never look the same.
 */
export function displayName(name: string): string {
  return name.replace(HIDDEN, '\ufffd').replace(LONE_SURROGATES, '\ufffd');
}
