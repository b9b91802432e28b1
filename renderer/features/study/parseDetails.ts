import type { CallInput } from '#shared/contract/calls.ts';
import type { StudyDetailTexts } from './StudyDetails.tsx';

const MOST_SEED = 2 ** 32 - 1;
const MOST_REPETITIONS = 1_000;
/** Minutes in a week. */
const LONGEST_MINUTES = 10_080;
const LONGEST_TEXT = 1_000;

type Options = Pick<
  CallInput<'studies.start'>,
  'name' | 'from' | 'to' | 'seed' | 'timeoutMs' | 'mostRepetitions' | 'cpusPerWorker'
>;

export type DetailErrors = { [Name in keyof StudyDetailTexts]?: string };

/** What is typed into the further fields, as a call takes it; empty ones are left out. Without options where one of them is wrong. */
export function parseDetails(
  texts: StudyDetailTexts,
  { repetitions, cpus }: { repetitions: number; cpus: number },
): { options?: Options; errors: DetailErrors } {
  const errors: DetailErrors = {};
  const whole = (name: keyof StudyDetailTexts, least: number, most: number): number | undefined => {
    const text = texts[name].trim();
    if (text === '') return undefined;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    errors[name] = `Give a whole number from ${least} to ${most}.`;
    return undefined;
  };
  const words = (name: keyof StudyDetailTexts): string | undefined => {
    // Spaces within a line of a log may matter.
    const text = name === 'name' ? texts[name].trim() : texts[name];
    if (text.length > LONGEST_TEXT) errors[name] = `At most ${LONGEST_TEXT} characters.`;
    return text.trim() === '' ? undefined : text;
  };
  const minutes = whole('timeout', 1, LONGEST_MINUTES);
  const options: Options = {
    name: words('name'),
    from: words('from'),
    to: words('to'),
    seed: whole('seed', 0, MOST_SEED),
    timeoutMs: minutes === undefined ? undefined : minutes * 60_000,
    mostRepetitions: whole('mostRepetitions', repetitions, MOST_REPETITIONS),
    cpusPerWorker: whole('cpusPerWorker', 1, cpus),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return {
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    errors,
  };
}
