// Operating-system commands, device control strings and their kin, up to their terminator or the end of the line.
const STRINGS =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)?/g;
const CONTROL_SEQUENCES = /(?:\u001b\[|\u009b)([0-?]*)([ -/]*)([@-~])?/g;
const OTHER_ESCAPES = /\u001b(?!\[)[ -/]*[0-~]?/g;
const LEFT_CONTROLS = /[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]/g;
const SUSPICIOUS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
// Characters that reorder the text around them; a log must read in the order it was written.
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const COLOURS = /\u001b\[[0-9;:]*m/g;

/**
 * Leaves of a terminal line what a log may show: text and colour (SGR) sequences. Titles, links, cursor movement,
 * screen switches, control characters and direction overrides are taken out; of a line redrawn with carriage
 * returns the last state is kept.
 */
export function cleanTerminalText(raw: string): string {
  let text = raw.replace(BIDI_CONTROLS, '');
  if (!SUSPICIOUS.test(text)) return text;
  text = text.replace(STRINGS, '');
  if (text.includes('\r')) {
    const states = text.split('\r').filter((state) => state !== '');
    text = states[states.length - 1] ?? '';
  }
  text = text.replace(
    CONTROL_SEQUENCES,
    (_whole, parameters: string, intermediates: string, final: string | undefined) =>
      final === 'm' && intermediates === '' && /^[0-9;:]*$/.test(parameters) ? `\u001b[${parameters}m` : '',
  );
  text = text.replace(OTHER_ESCAPES, '');
  return text.replace(LEFT_CONTROLS, '');
}

/** The text without colours: for search and copying. Takes what {@link cleanTerminalText} returned. */
export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(COLOURS, '') : text;
}
