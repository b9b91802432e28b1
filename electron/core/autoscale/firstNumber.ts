import { FlotillaError } from '#shared/contract/errors.ts';

/**
 * The number a text begins with, blanks aside; `42 jobs` is 42.
 * @throws FlotillaError `invalid-input` naming what it read when there is none, or one below 0
 */
export function firstNumber(text: string, what: string): number {
  const found = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)/i.exec(text)?.[1];
  const number = Number(found);
  if (found !== undefined && Number.isFinite(number)) return number;
  const shown = text.trim().split('\n')[0]?.slice(0, 80) ?? '';
  throw new FlotillaError(
    'invalid-input',
    `${what} ${shown === '' ? 'answers nothing' : `answers “${shown}”`}, no number of jobs.`,
    {
      hint: 'It must print or answer a number first, such as 42.',
    },
  );
}
