import { posix } from 'node:path';
import { BuildProblem } from './BuildProblem.ts';
import { excerptAround } from './excerptAround.ts';

interface Rule {
  negated: boolean;
  /** 1-based line in its file. */
  line: number;
  pattern: RegExp;
  /** The pattern cut at `/`, each part alone; null stands for `**`. */
  parts: (RegExp | null)[];
}

/** What the rules say of one path; pass it on when asking about what lies below. */
export interface IgnoreVerdict {
  ignored: boolean;
  /** Line of the rule that decided, when one did. */
  line: number | undefined;
  /** Which rules matched the path or a folder above it. */
  hits: readonly boolean[];
}

/**
 * The rules of a .dockerignore file with Docker's semantics: Go's `filepath.Match` plus `**`, case-sensitive,
 * the last matching rule decides, and a rule that matches a folder holds for all that is in it.
 * Written here because the npm package keeps its results in a plain object (a file called `constructor` can
 * not be ignored), ignores case, and throws a bare SyntaxError for `c++`.
 */
export class IgnoreRules {
  readonly #rules: readonly Rule[];

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  static readonly none = new IgnoreRules([]);

  /** @throws BuildProblem at `file:line` for a pattern that means nothing. */
  static parse(text: string, file: string): IgnoreRules {
    const rules: Rule[] = [];
    const lines = text.replace(/^\uFEFF/, '').split('\n');
    for (const [index, raw] of lines.entries()) {
      if (raw.startsWith('#')) continue;
      let source = raw.trim();
      if (source === '') continue;
      const fail = (what: string): BuildProblem =>
        new BuildProblem({
          message: `${file}:${index + 1}: ${what}`,
          file,
          line: index + 1,
          excerpt: excerptAround(lines, index + 1),
          hint: 'Correct or remove the line. `*` matches inside one folder, `**` across folders, `!` takes a match back.',
        });
      const negated = source.startsWith('!');
      if (negated) {
        source = source.slice(1).trim();
        if (source === '') throw fail('`!` stands alone: it needs a pattern after it.');
      }
      let cleaned = posix.normalize(source).replace(/(?<=.)\/$/, '');
      if (cleaned.length > 1 && cleaned.startsWith('/')) cleaned = cleaned.slice(1);
      const whole = translate(cleaned);
      if (whole === undefined) throw fail(`the pattern \`${source}\` is not valid.`);
      // A class that spans a slash leaves its pieces meaningless: then anything below may match.
      const parts = cleaned.split('/').map((part) => {
        const piece = part.includes('**') ? undefined : translate(part);
        return piece === undefined ? null : toRegExp(piece);
      });
      rules.push({ negated, line: index + 1, pattern: toRegExp(whole), parts });
    }
    return new IgnoreRules(rules);
  }

  /** `above`: the verdict on the folder the path lies in; undefined at the root. */
  judge(path: string, above: IgnoreVerdict | undefined): IgnoreVerdict {
    let ignored = false;
    let line: number | undefined;
    const hits = this.#rules.map((rule, index) => {
      const hit = above?.hits[index] === true || rule.pattern.test(path);
      if (hit) {
        ignored = !rule.negated;
        line = rule.line;
      }
      return hit;
    });
    return { ignored, line, hits };
  }

  /** The verdict on a path none of whose folders has been judged. */
  judgeDeep(path: string): IgnoreVerdict {
    const names = path.split('/');
    let verdict: IgnoreVerdict | undefined;
    for (let depth = 1; depth <= names.length; depth += 1)
      verdict = this.judge(names.slice(0, depth).join('/'), verdict);
    return verdict ?? { ignored: false, line: undefined, hits: [] };
  }

  /** False when nothing below an ignored folder can be taken back in: it need not be read. */
  mayTakeBackBelow(folder: string): boolean {
    const names = folder.split('/');
    return this.#rules.some((rule) => {
      if (!rule.negated) return false;
      for (const [depth, name] of names.entries()) {
        const part = rule.parts[depth];
        if (part === null) return true;
        if (part === undefined || !part.test(name)) return false;
      }
      return rule.parts.length > names.length;
    });
  }
}

function toRegExp(body: string): RegExp {
  return new RegExp(`^${body}$`, 'su');
}

const escapeLiteral = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/u, '\\$&');

/** A pattern as the body of a regular expression; undefined when Go would call it malformed. */
function translate(pattern: string): string | undefined {
  const characters = Array.from(pattern);
  let body = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') {
      if (characters[at + 1] !== '*') {
        body += '[^/]*';
        continue;
      }
      at += 1;
      if (characters[at + 1] === '/') at += 1;
      body += at + 1 >= characters.length ? '.*' : '(?:.*/)?';
    } else if (character === '?') {
      body += '[^/]';
    } else if (character === '\\') {
      at += 1;
      const next = characters[at];
      if (next === undefined) return undefined;
      body += escapeOutsideClass(next);
    } else if (character === '[') {
      const found = translateClass(characters, at + 1);
      if (found === undefined) return undefined;
      body += found.body;
      at = found.end;
    } else body += escapeOutsideClass(character);
  }
  return body;
}

/** `-` may be escaped only inside a class under the `u` flag. */
function escapeOutsideClass(character: string): string {
  return character === '-' ? '-' : escapeLiteral(character);
}

function translateClass(characters: string[], start: number): { body: string; end: number } | undefined {
  let at = start;
  let body = '[';
  if (characters[at] === '^') {
    body += '^';
    at += 1;
  }
  const take = (): string | undefined => {
    let character = characters[at];
    if (character === undefined || character === '-' || character === ']') return undefined;
    if (character === '\\') {
      at += 1;
      character = characters[at];
      if (character === undefined) return undefined;
    }
    at += 1;
    return character;
  };
  let ranges = 0;
  while (!(characters[at] === ']' && ranges > 0)) {
    const low = take();
    if (low === undefined) return undefined;
    let high = low;
    if (characters[at] === '-') {
      at += 1;
      const taken = take();
      if (taken === undefined) return undefined;
      high = taken;
    }
    // Go lets `[z-a]` stand and match nothing; a regular expression would throw.
    if ((low.codePointAt(0) ?? 0) <= (high.codePointAt(0) ?? 0))
      body += low === high ? escapeLiteral(low) : `${escapeLiteral(low)}-${escapeLiteral(high)}`;
    ranges += 1;
  }
  return { body: `${body}]`, end: at };
}
