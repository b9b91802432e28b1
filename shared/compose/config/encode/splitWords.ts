/**
 * The words of a command line, split as compose splits them (its library is go-shellwords): quotes and backslashes count, variables
 * and globs do not, and what follows an unquoted `;`, `&`, `|`, `<` or `>` is dropped. Undefined for what is no command line.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | '`' | '$(' | undefined;
  let isEscaped = false;
  for (const char of line) {
    if (isEscaped) {
      word = (word ?? '') + char;
      isEscaped = false;
    } else if (char === '\\' && quote !== "'") isEscaped = true;
    else if (/[ \t\r\n]/.test(char)) {
      if (quote !== undefined) word = (word ?? '') + char;
      else if (word !== undefined) {
        words.push(word);
        word = undefined;
      }
    } else if ((char === '"' || char === "'") && (quote === undefined || quote === char)) {
      quote = quote === char ? undefined : char;
      word ??= '';
    } else if (quote === undefined && ';&|<>'.includes(char)) {
      // `2>` names a stream, it is no word.
      if (char === '>' && /^\d/.test(word ?? '')) word = undefined;
      break;
    } else if (quote === undefined && char === '(') {
      if (word?.endsWith('$') !== true) return undefined;
      quote = '$(';
      word += char;
    } else {
      // One that closes nothing opens, to the library.
      if (char === ')' && (quote === undefined || quote === '$('))
        quote = quote === undefined ? '$(' : undefined;
      else if (char === '`' && (quote === undefined || quote === '`'))
        quote = quote === '`' ? undefined : '`';
      word = (word ?? '') + char;
    }
  }
  if (isEscaped || quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
