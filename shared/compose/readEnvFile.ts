/**
 * Variables of a `.env` file: `NAME=value`, an optional `export`, `#` comments, single quotes (literal) and double quotes (with \n, \t, \", \\), which may
 * span lines. Lines that are none of this are told by number.
 */
export function readEnvFile(text: string): { variables: Map<string, string>; badLines: number[] } {
  const variables = new Map<string, string>();
  const badLines: number[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=\s*(.*))?$/s.exec(line);
    if (match === null) {
      badLines.push(at + 1);
      continue;
    }
    const [, name = '', raw] = match;
    // A name without a value would be taken from the environment, which is not ours to pass on.
    if (raw === undefined) continue;
    const quote = raw[0];
    if (quote !== '"' && quote !== "'") {
      variables.set(name, raw.replace(/\s+#.*$/, '').trim());
      continue;
    }
    let body = raw.slice(1);
    const first = at;
    while (closingQuote(body, quote) === -1 && at + 1 < lines.length) {
      at += 1;
      body += `\n${lines[at] ?? ''}`;
    }
    const end = closingQuote(body, quote);
    if (end === -1) {
      badLines.push(first + 1);
      at = first;
      continue;
    }
    const inner = body.slice(0, end);
    variables.set(
      name,
      quote === "'"
        ? inner
        : inner.replace(
            /\\([nrt"\\$])/g,
            (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter,
          ),
    );
  }
  return { variables, badLines };
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}
