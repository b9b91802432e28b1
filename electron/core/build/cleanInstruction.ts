/**
 * The instruction that made a layer, without what builders wrap it in: the shell it ran with, `#(nop)`, build arguments
 * (`|2 A=1 B=2 /bin/sh -c …`), BuildKit's `# buildkit`, checksums of copied files.
 */
export function cleanInstruction(createdBy: string, comment?: string): string {
  const text = createdBy
    .replace(/\s+# buildkit$/, '')
    .replaceAll('\t', ' ')
    .trim();
  if (text === '') return comment === undefined || comment === '' ? '' : comment;
  const nop = /^\/bin\/sh -c #\(nop\) +([^]*)$/.exec(text)?.[1];
  if (nop !== undefined)
    return nop
      .replace(
        /\b(file|dir|multi):[0-9a-f]{64} in /g,
        (_, kind: string) => `${kind === 'multi' ? 'files' : kind} in `,
      )
      .trim();
  const run = /^(?:RUN )?(?:\|\d+ [^]*? )?\/bin\/(?:sh|bash) -c ([^]*)$/.exec(text)?.[1];
  return run === undefined ? text : `RUN ${run.trim()}`;
}
