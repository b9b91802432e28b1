import { describe, expect, it } from 'vitest';
import { splitWords } from './splitWords.ts';

describe('words of a command line', () => {
  it.each([
    ['', []],
    ['  a   b  ', ['a', 'b']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`''`, ['']],
    [`x''y "a'b"`, ['xy', `a'b`]],
    ['a | b', ['a']],
    ['a 2>&1', ['a']],
    ['echo a$(b c)d', ['echo', 'a$(b c)d']],
    ['a `b c`', ['a', '`b c`']],
    [`'a\\n' a\\nb`, ['a\\n', 'anb']],
  ])('%j', (line, words) => expect(splitWords(line)).toEqual(words));

  it.each([`"a`, `'a`, 'a\\', 'a (b)', 'a )', '`a'])('%j is no command line', (line) =>
    expect(splitWords(line)).toBeUndefined(),
  );
});
