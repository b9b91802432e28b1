import type { Diagnostic } from '../domain/Diagnostic.ts';

/** A part of a file of which everything was told. */
export interface ToldPlace {
  file: string;
  start: number;
  end: number;
}

/** What is wrong with the text itself: other findings at the place may only follow from it. */
export const CAUSES: ReadonlySet<string> = new Set([
  'alias-cycle',
  'bad-merge',
  'duplicate-key',
  'file-too-large',
  'interpolation',
  'key-not-text',
  'nested-too-deeply',
  'tab-indentation',
  'too-many-aliases',
  'too-many-files',
  'too-many-values',
  'too-much-text',
  'unknown-alias',
  'unknown-tag',
  'yaml-syntax',
]);

const WEIGHT = { error: 2, warning: 1, info: 0 };

/**
 * What readers of the model found, with what the resolver found besides: of one thing at one place only the readers tell, who know what it is for,
 * unless the resolver takes it more seriously.
 * @param told places of which the readers told everything there is to say
 */
export function joinDiagnostics(
  ofReaders: readonly Diagnostic[],
  ofResolver: readonly Diagnostic[],
  told: readonly ToldPlace[],
): Diagnostic[] {
  const isTold = (found: Diagnostic): boolean => {
    const { range } = found;
    if (range === undefined || CAUSES.has(found.code)) return false;
    const place = { file: found.file, start: range.start, end: range.end };
    return (
      told.some((other) => overlap(place, other)) ||
      ofReaders.some(
        (other) =>
          other.range !== undefined &&
          overlap(place, { file: other.file, start: other.range.start, end: other.range.end }) &&
          WEIGHT[other.severity] >= WEIGHT[found.severity] &&
          (found.severity === 'error' || other.code === found.code),
      )
    );
  };
  const added = ofResolver.filter((found) => !isTold(found));
  // Reading on, the resolver may refuse one value in several ways.
  const seen = new Set<string>();
  const once = added.filter(({ file, range, severity, code }) => {
    if (range === undefined || CAUSES.has(code)) return true;
    const key = `${file}:${range.start}:${severity === 'error' ? '' : code}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  return [...ofReaders, ...once].sort(
    (a, b) =>
      WEIGHT[b.severity] - WEIGHT[a.severity] ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}

function overlap(a: ToldPlace, b: ToldPlace): boolean {
  return a.file === b.file && (a.start === b.start || (a.start < b.end && b.start < a.end));
}
