import type { Diagnostic } from '#shared/domain/Diagnostic.ts';

/** A finding as a line that editors and CI understand, `FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE]`, its fixes below. */
export function formatDiagnostic({ file, range, severity, message, code, fixes }: Diagnostic): string {
  const place = range === undefined ? file : `${file}:${range.line}:${range.column}`;
  const help = fixes.map((fix) => `\n    fix: ${fix.title}`).join('');
  return `${place}: ${severity}: ${message} [${code}]${help}`;
}
