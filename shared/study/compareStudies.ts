import { compareTimes, type TimeComparison } from './compareTimes.ts';
import type { StudyPoint } from './measurePoints.ts';
import { intervalWords, percentWords, workersWords } from './words.ts';

export interface StudyComparison {
  /** At each count that both measured. */
  at: (TimeComparison & { workers: number; text: string })[];
  /** The whole as a sentence. */
  text: string;
}

/** A study before a change and one after it, at each worker count that both have; each statement is one of 95 % for itself. */
export function compareStudies(before: readonly StudyPoint[], after: readonly StudyPoint[]): StudyComparison {
  const at = after.flatMap((point) => {
    const other = before.find(({ workers }) => workers === point.workers);
    if (other?.medianMs === undefined || point.medianMs === undefined) return [];
    const comparison = compareTimes(other.timesMs, point.timesMs, point.workers);
    return [{ ...comparison, workers: point.workers, text: sentence(point.workers, comparison) }];
  });
  if (at.length === 0) return { at, text: 'The two have no worker count in common.' };
  const counted = (difference: TimeComparison['difference']): string | undefined => {
    const those = at.filter((one) => one.difference === difference).map(({ workers }) => workers);
    return those.length === 0 ? undefined : those.join(', ');
  };
  const parts = [
    ['Faster at', counted('faster')],
    ['slower at', counted('slower')],
    ['no difference can be told at', counted('unclear')],
  ].flatMap(([words, counts]) => (counts === undefined ? [] : [`${words} ${counts}`]));
  const text = parts.join('; ');
  return { at, text: `${text.charAt(0).toUpperCase()}${text.slice(1)} (workers).` };
}

function sentence(workers: number, { ratio, interval, difference }: TimeComparison): string {
  const change = `${percentWords(Math.abs(ratio - 1))} ${ratio < 1 ? 'less' : 'more'} time`;
  if (interval === undefined)
    return `${workersWords(workers)}: ${change}; too few repetitions to tell whether that is chance`;
  const range = intervalWords(interval, (value) => value.toFixed(3));
  return difference === 'unclear'
    ? `${workersWords(workers)}: no difference can be told (${change}; 95 % interval ${range} times)`
    : `${workersWords(workers)}: ${change} (95 % interval ${range} times)`;
}
