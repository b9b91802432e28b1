import type { RequirementResult } from '#shared/study/Requirement.ts';

const MARKS = { pass: 'pass   ', fail: 'FAIL   ', unknown: 'UNKNOWN', pending: 'NOT YET' } as const;

/** A line for each requirement: whether it is met, and what was measured. */
export function describeRequirements(results: readonly RequirementResult[]): string[] {
  return results.map(({ status, text }) => `${MARKS[status]}  ${text}`);
}
