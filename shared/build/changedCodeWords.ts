import type { ChangedCode } from '../domain/Build.ts';
import { listWords } from '../reconcile/listWords.ts';

/** Files that an image lacks, in words: `a.py and 2 more files have changed since the image of worker was built`. */
export function changedCodeWords({ service, files, newest }: ChangedCode): string {
  const [first = ''] = newest;
  const more = (files - 1).toLocaleString('en');
  const subject = files === newest.length ? listWords(newest) : `${first} and ${more} more files`;
  return `${subject} ${files === 1 ? 'has' : 'have'} changed since the image of ${service} was built`;
}
