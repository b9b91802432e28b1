/** White space that Docker strips from the ends of a line. */
const SPACE = /^[\s\u0085]$/;

/**
 * The line of an ignore file that means exactly this path, e.g. `data/` or `a\*b`. A line break in a name cannot be written
 * there: `?`, any one character, stands for it.
 * @param path inside the context, with `/`; a folder's may end with one
 */
export function ignoreLine(path: string): string {
  const characters = Array.from(path);
  const last = characters.length - 1;
  return characters
    .map((character, at) => {
      if (character === '\n' || character === '\r') return '?';
      if ((at === 0 || at === last) && SPACE.test(character)) return character === ' ' ? '[ ]' : '?';
      if (at === 0 && (character === '#' || character === '!')) return `\\${character}`;
      if (at === 0 && character === '\uFEFF') return '?';
      return '\\*?[^'.includes(character) ? `\\${character}` : character;
    })
    .join('');
}
