/** Lines such as `progress: 37%`, `Progress 37/100`, `… progress=37.5 % …`, upper and lower case alike. */
export const PROGRESS_EXPRESSION = String.raw`\bprogress\b\W{0,4}(\d+(?:\.\d+)?)\s*(?:%|/\s*(\d+(?:\.\d+)?))`;

/**
 * How much of its work a worker says it has done in a line of its log, from 0 to 1. The first group of the expression is a percentage; with a second that took
 * part, it is what is done of that many.
 *
 * @returns undefined where the line tells nothing of it
 */
export function parseProgress(text: string, expression: RegExp): number | undefined {
  const [, first, second] = expression.exec(text) ?? [];
  const done = Number(first ?? Number.NaN);
  const share = second === undefined ? done / 100 : done / Number(second);
  return Number.isFinite(share) && share >= 0 ? Math.min(1, share) : undefined;
}
