/** A test as it is written in the filter field. */
export function fieldTest(field: string, operator: '=' | '!=', value: string): string {
  const written = /^[^\s"]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  return `${field}${operator}${written}`;
}
