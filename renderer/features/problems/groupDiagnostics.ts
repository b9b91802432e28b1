import type { Diagnostic, Severity } from '#shared/domain/Diagnostic.ts';

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Findings by file: files with the gravest first, within a file in the order of the text. */
export function groupDiagnostics(
  diagnostics: readonly Diagnostic[],
): { file: string; worst: Severity; diagnostics: Diagnostic[] }[] {
  const files = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const found = files.get(diagnostic.file);
    if (found) found.push(diagnostic);
    else files.set(diagnostic.file, [diagnostic]);
  }
  return [...files]
    .map(([file, all]) => ({
      file,
      worst: all.reduce<Severity>(
        (worst, { severity }) => (RANK[severity] < RANK[worst] ? severity : worst),
        'info',
      ),
      diagnostics: all.toSorted(
        (left, right) =>
          (left.range?.start ?? -1) - (right.range?.start ?? -1) ||
          RANK[left.severity] - RANK[right.severity],
      ),
    }))
    .sort((left, right) => RANK[left.worst] - RANK[right.worst] || left.file.localeCompare(right.file));
}
