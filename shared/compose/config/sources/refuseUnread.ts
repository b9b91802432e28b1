import type { FileText } from '../../ComposeApi.ts';
import type { Findings } from '../../Findings.ts';
import type { Located } from '../../Located.ts';
import { refuse } from './refuse.ts';

/** What a file was wanted for that could not be read. */
interface Wanted {
  /** Begins the code of the finding: `extends-missing`, `include-outside`. */
  by: 'extends' | 'include' | 'env-file';
  /** Comes before what the reader says; nothing unless given. */
  words?: string;
  explanation: string;
}

/** Tells of a file that cannot be read where it is named. One that lies outside of what may be read has a code of its own. */
export function refuseUnread(
  findings: Findings,
  place: Pick<Located, 'file' | 'start' | 'end'>,
  found: Exclude<FileText, { ok: true }>,
  { by, words = '', explanation }: Wanted,
): void {
  if (found.reason === 'outside')
    refuse(
      findings,
      place,
      `${by}-outside`,
      found.message,
      'Flotilla reads nothing outside the folder you opened. Copy the file into it, or open the folder that holds both.',
    );
  else
    refuse(
      findings,
      place,
      by === 'env-file' ? 'env-file-unreadable' : `${by}-missing`,
      `${words}${found.message}`,
      explanation,
    );
}
