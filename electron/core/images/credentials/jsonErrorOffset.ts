const BLANK = /[ \t\r\n]*/y;
const ATOM =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Where a text stops being JSON, in UTF-16 units; undefined where it is JSON. `JSON.parse` tells it only sometimes. */
export function jsonErrorOffset(text: string): number | undefined {
  let at = 0;
  const closers: ('}' | ']')[] = [];
  let expects: 'value' | 'key' | 'first' | 'after' = 'value';
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  for (;;) {
    take(BLANK);
    const sign = text[at];
    const closer = closers.at(-1);
    if (expects === 'after') {
      if (closer === undefined) return sign === undefined ? undefined : at;
      if (sign === closer) closers.pop();
      else if (sign === ',') expects = closer === '}' ? 'key' : 'value';
      else return at;
      at += 1;
    } else if (expects === 'first' && sign === closer) {
      closers.pop();
      at += 1;
      expects = 'after';
    } else if (closer === '}' && (expects === 'key' || expects === 'first')) {
      if (!take(STRING)) return at;
      take(BLANK);
      if (text[at] !== ':') return at;
      at += 1;
      expects = 'value';
    } else if (sign === '{' || sign === '[') {
      closers.push(sign === '{' ? '}' : ']');
      at += 1;
      expects = 'first';
    } else if (take(ATOM)) expects = 'after';
    else return at;
  }
}
