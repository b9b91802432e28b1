import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';

/** Tells that compose refuses the project, and where. */
export function refuse(
  findings: Findings,
  { file, start, end }: Pick<Located, 'file' | 'start' | 'end'>,
  code: string,
  message: string,
  explanation: string,
): void {
  findings.add({ code, severity: 'error', file, start, end, message, explanation });
}
