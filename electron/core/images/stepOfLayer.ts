const LONGEST_STEP = 4_000;

/** An entry of an image's history, as the engine tells it. */
export interface HistoryEntry {
  Created?: number;
  CreatedBy?: string;
  Comment?: string;
  Size?: number;
}

/**
 * The Dockerfile instruction that made a layer: without the shell it was run with, the marks of the builders
 * (`#(nop)`, `# buildkit`) and the values of build arguments, which the classic builder writes in front.
 */
export function stepOfLayer({ CreatedBy = '', Comment = '' }: HistoryEntry): string {
  const text = CreatedBy.trim().slice(0, LONGEST_STEP);
  if (text === '') return Comment.trim().slice(0, LONGEST_STEP) || 'Unknown step';
  const nop = /^(?:\/bin\/sh -c |cmd \/S \/C )?#\(nop\)\s+(.*)$/s.exec(text);
  if (nop !== null) return withoutChecksums(tidy(nop[1] ?? ''));
  const isBuildKit = Comment.startsWith('buildkit.') || text.endsWith(' # buildkit');
  const step = text.replace(/\s*# buildkit$/, '');
  const run =
    /^(RUN\s+)?(?:\|\d+ (?:\w+=.*? )*?)?(?:\/bin\/sh -c|\/bin\/bash -(?:o pipefail -)?c|cmd \/S \/C)\s+(.*)$/s.exec(
      step,
    );
  if (run !== null) return `RUN ${tidy(run[2] ?? '')}`;
  return isBuildKit || /^[A-Z]+\s/.test(step) ? tidy(step) : `RUN ${tidy(step)}`;
}

function tidy(step: string): string {
  const plain = step.trim().replace(/[\t ]{2,}/g, ' ');
  // Engines keep lists without the commas between.
  return /^(?:CMD|ENTRYPOINT|SHELL|VOLUME|RUN) \[".*"\]$/.test(plain)
    ? plain.replace(/(?<!\\)" "/g, '", "')
    : plain;
}

/** `COPY file:0a1b…(64 digits) in /app` as `COPY file in /app`: the same step, whatever was copied. */
function withoutChecksums(step: string): string {
  return step.replace(
    /\b(file|dir|multi):[0-9a-f]{64} in /g,
    (_, kind: string) => `${kind === 'multi' ? 'files' : kind} in `,
  );
}
