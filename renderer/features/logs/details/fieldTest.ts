import { formatLogFilter } from '#shared/logs/parseLogFilter.ts';

/** A test of a field as it is written in the filter field; '' where the language has no words for it. */
export function fieldTest(field: string, operator: '=' | '!=', value: string): string {
  return formatLogFilter({ fields: [{ field, operator, value }] });
}
