import type { LocatedMap } from './Located.ts';

/** True for what was written in the short form (`build: .`, `"8080:80"`) and reads as the long one: all of it stands at one place. */
export function isShortForm({ entries, file, start, end }: LocatedMap): boolean {
  return [...entries.values()].every(
    ({ value }) => value.file === file && value.start === start && value.end === end,
  );
}
