/** A table of a TOML file: its keys with their values as written, without comments. */
export interface TomlTable {
  /** `project.scripts`; `bin` for each `[[bin]]`. */
  name: string;
  entries: Map<string, string>;
}

/**
 * The tables of a TOML file, as far as manifests need them: keys, values over several lines, no dotted keys taken apart.
 * Never throws: what cannot be read is left out.
 */
export function readToml(text: string): TomlTable[] {
  const tables: TomlTable[] = [{ name: '', entries: new Map() }];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = withoutComment(lines[at] ?? '').trim();
    const head = /^\[{1,2}\s*([^\]]+?)\s*\]{1,2}$/.exec(line)?.[1];
    if (head !== undefined && !line.includes('=')) {
      tables.push({ name: head.replaceAll(/["'\s]/g, ''), entries: new Map() });
      continue;
    }
    const pair = /^("[^"]+"|'[^']+'|[\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (pair === null) continue;
    let value = pair[2] ?? '';
    while (opened(value) > 0 && at + 1 < lines.length) {
      at += 1;
      value += `\n${withoutComment(lines[at] ?? '')}`;
    }
    tables.at(-1)?.entries.set((pair[1] ?? '').replaceAll(/["']/g, ''), value.trim());
  }
  return tables;
}

/** The value of a key as written; undefined where there is none. */
export function tomlValue(tables: readonly TomlTable[], table: string, key: string): string | undefined {
  return tables.find((candidate) => candidate.name === table && candidate.entries.has(key))?.entries.get(key);
}

/** The text of a string value; undefined where there is none. */
export function tomlString(tables: readonly TomlTable[], table: string, key: string): string | undefined {
  const value = tomlValue(tables, table, key);
  return value === undefined ? undefined : /^(["'])(.*)\1$/s.exec(value)?.[2];
}

/** A `#` inside quotes is none. */
function withoutComment(line: string): string {
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = undefined;
    else if (character === '#' && quote === undefined) return line.slice(0, at);
  }
  return line;
}

/** Brackets and braces that a value has open. */
function opened(value: string): number {
  const bare = value.replaceAll(/"[^"]*"|'[^']*'/g, '');
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0);
}
