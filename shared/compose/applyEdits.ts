import type { TextEdit } from '../domain/Diagnostic.ts';

/**
 * The text with the edits made; all offsets refer to the text as it was.
 * @throws RangeError when edits overlap or lie outside the text
 */
export function applyEdits(
  text: string,
  edits: readonly Pick<TextEdit, 'start' | 'end' | 'newText'>[],
): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length)
      throw new RangeError('Edits overlap or lie outside the text.');
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}
