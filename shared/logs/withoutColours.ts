const ESCAPE = '\u001b';
const CONTROL_INTRODUCER = '\u009b';
/** Titles, links and their kin up to their terminator, control sequences such as colours, then the short escapes. */
const SEQUENCES =
  /\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/** The text as a reader sees it: without colours and every other escape sequence, also those that the line's end cuts. */
export function withoutColours(text: string): string {
  if (!text.includes(ESCAPE) && !text.includes(CONTROL_INTRODUCER)) return text;
  return text.replace(SEQUENCES, '');
}
