import type { ChangedCode } from '../domain/Build.ts';

/** Files that an image lacks, in words: `a.py and 2 more files have changed since the image of worker was built`. */
export function changedCodeWords({ service, files, newest }: ChangedCode): string {
  const [first = '', second, third] = newest;
  const subject =
    files === 1
      ? `${first} has`
      : files === 2 && second !== undefined
        ? `${first} and ${second} have`
        : files === 3 && second !== undefined && third !== undefined
          ? `${first}, ${second} and ${third} have`
          : `${first} and ${(files - 1).toLocaleString('en')} more files have`;
  return `${subject} changed since the image of ${service} was built`;
}
