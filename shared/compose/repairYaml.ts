import { GLUABLE_KEYS } from './knownKeys.ts';

export interface Repaired {
  text: string;
  /** Offsets in the original text before which a space is missing. */
  missingSpaces: number[];
  /** Turns an offset of the repaired text into one of the original. */
  original(offset: number): number;
}

/**
 * The text read as it was meant where `key:value` lacks the space that YAML wants after the colon. Only keys that Compose knows are
 * touched, and never inside block texts, so that `image:tag` in a script stays what it is.
 */
export function repairYaml(text: string): Repaired {
  const missingSpaces: number[] = [];
  let blockIndent: number | undefined;
  let offset = 0;
  for (const lineWithEnd of text.split(/(?<=\n)/)) {
    const line = lineWithEnd.replace(/\r?\n$/, '');
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '') {
      if (blockIndent !== undefined && indent > blockIndent) {
        offset += lineWithEnd.length;
        continue;
      }
      blockIndent = undefined;
      const match = /^(\s*)([a-z][a-z_]*):([^\s:/].*)$/.exec(line);
      if (match !== null && GLUABLE_KEYS.has(match[2] ?? '') && !line.trimStart().startsWith('#')) {
        missingSpaces.push(offset + (match[1] ?? '').length + (match[2] ?? '').length + 1);
      }
      if (/(?:^|[:\-\s])[|>][+-]?\d?[+-]?\s*(?:#.*)?$/.test(line)) blockIndent = indent;
    }
    offset += lineWithEnd.length;
  }
  let repaired = '';
  let at = 0;
  for (const missing of missingSpaces) {
    repaired += `${text.slice(at, missing)} `;
    at = missing;
  }
  repaired += text.slice(at);
  return {
    text: repaired,
    missingSpaces,
    original: (repairedOffset) => {
      let inserted = 0;
      for (const missing of missingSpaces) {
        if (missing + inserted < repairedOffset) inserted += 1;
        else break;
      }
      return repairedOffset - inserted;
    },
  };
}
