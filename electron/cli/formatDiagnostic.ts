import type { Diagnostic } from '#shared/domain/Diagnostic.ts';

/** A finding as a line that editors and CI understand, `FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE]`, why it matters and its fixes below. */
export function formatDiagnostic({
  file,
  range,
  severity,
  message,
  code,
  explanation,
  fixes,
}: Diagnostic): string {
  const place = range === undefined ? file : `${file}:${range.line}:${range.column}`;
  const help = [...(explanation === '' ? [] : [explanation]), ...fixes.map(({ title }) => `fix: ${title}`)]
    .map((line) => `\n    ${line}`)
    .join('');
  return `${place}: ${severity}: ${message} [${code}]${help}`;
}
