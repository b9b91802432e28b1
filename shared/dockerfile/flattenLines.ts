/** The text with line continuations and comment lines made blank, as long as before. */
export function flattenLines(text: string, escape: string): string {
  const blank = (part: string): string => part.replaceAll(/[^\n]/g, ' ').replaceAll('\n', ' ');
  const ends = new RegExp(`${escape === '`' ? '`' : '\\\\'}[ \\t]*\\r?\\n$`);
  let continued = false;
  let flat = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (/^\s*#/.test(line)) {
      flat += continued ? blank(line) : line.replaceAll(/[^\r\n]/g, ' ');
      continue;
    }
    if (continued && line.trim() === '') {
      flat += blank(line);
      continue;
    }
    const end = ends.exec(line);
    continued = end !== null;
    flat += end === null ? line : line.slice(0, end.index) + blank(end[0]);
  }
  return flat;
}

/** An instruction on one line, as builders name it: no continuations, no comments; of a here-document its first line. */
export function onOneLine(text: string, escape: string): string {
  const [first = ''] = flattenLines(text, escape).trim().split('\n');
  return first.trim().replaceAll(/\s+/g, ' ');
}
