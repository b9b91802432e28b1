import type { GeneratedFile } from '#shared/domain/Generate.ts';

type Note = GeneratedFile['notes'][number];

/** The notes of a text after it was edited: those of lines that were changed are dropped, those below move with their lines. */
export function shiftNotes(generated: string, edited: string, notes: readonly Note[]): Note[] {
  if (generated === edited) return [...notes];
  const old = generated.split('\n');
  const now = edited.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1;
  const moved = now.length - old.length;
  return notes.flatMap((note) => {
    if (note.to <= head) return [note];
    return note.from > old.length - tail ? [{ ...note, from: note.from + moved, to: note.to + moved }] : [];
  });
}
