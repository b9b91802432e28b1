import { posix } from 'node:path';
import { BuildProblem } from './BuildProblem.ts';
import { compilePattern } from './context/goPattern.ts';
import { excerptAround } from './excerptAround.ts';

interface Rule {
  negated: boolean;
  /** 1-based line in its file. */
  line: number;
  /** As Docker reads it: cleaned, without `!`. */
  pattern: string;
  matches: (path: string) => boolean;
}

/** What the rules say of one path; pass it on when asking about what lies below. */
export interface IgnoreVerdict {
  ignored: boolean;
  /** Line of the rule that decided, when one did. */
  line: number | undefined;
  /** Which rules are known to match the path or a folder above it. */
  hits: readonly boolean[];
}

/** Longest line that Docker's own reader takes. */
const LONGEST_LINE_BYTES = 64 * 1024;

/**
 * The rules of a .dockerignore file with Docker's semantics, quirks included: Go's patterns plus `**`, case-sensitive,
 * the last rule that changes something decides, and a rule that matches a folder holds for all that is in it.
 * Written here because the npm package keeps its results in a plain object (a file called `constructor` can
 * not be ignored), ignores case, and throws a bare SyntaxError for `c++`.
 */
export class IgnoreRules {
  /** What they were read from: a thread is given this, and reads it again. */
  readonly source: { text: string; file: string };
  readonly #rules: readonly Rule[];
  readonly #takesBack: boolean;
  /** An exception with a wildcard may reach into any folder. */
  readonly #takesBackAnywhere: boolean;

  private constructor(rules: readonly Rule[], source: { text: string; file: string }) {
    this.#rules = rules;
    this.source = source;
    const exceptions = rules.filter((rule) => rule.negated).map((rule) => withoutTrailingGlob(rule.pattern));
    this.#takesBack = exceptions.length > 0;
    this.#takesBackAnywhere = exceptions.some((pattern) => /[*?[\]\\^]/.test(pattern));
  }

  static readonly none = new IgnoreRules([], { text: '', file: '.dockerignore' });

  /** @throws BuildProblem at `file:line` for a pattern that means nothing. */
  static parse(text: string, file: string): IgnoreRules {
    const rules: Rule[] = [];
    const lines = text.replace(/^\uFEFF/, '').split('\n');
    for (const [index, raw] of lines.entries()) {
      const fail = (what: string): BuildProblem =>
        new BuildProblem({
          message: `${file}:${index + 1}: ${what}`,
          file,
          line: index + 1,
          ...(raw.length > LONGEST_LINE_BYTES ? {} : { excerpt: excerptAround(lines, index + 1) }),
          hint: 'Correct or remove the line. `*` matches inside one folder, `**` across folders, `!` takes a match back.',
        });
      if (raw.length >= LONGEST_LINE_BYTES / 4 && Buffer.byteLength(raw) >= LONGEST_LINE_BYTES)
        throw fail('the line is longer than 64 KiB, the most that Docker reads.');
      if (raw.startsWith('#')) continue;
      const source = trimSpace(raw);
      if (source === '') continue;
      const pattern = cleanTwice(source);
      const negated = pattern.startsWith('!');
      if (pattern === '!') throw fail('`!` stands alone: it needs a pattern after it.');
      const cleaned = negated ? pattern.slice(1) : pattern;
      const matches = compilePattern(cleaned);
      if (matches === undefined) throw fail(`the pattern \`${source}\` is not valid.`);
      rules.push({ negated, line: index + 1, pattern: cleaned, matches });
    }
    return new IgnoreRules(rules, { text, file });
  }

  /** `above`: the verdict on the folder the path lies in; undefined at the root. */
  judge(path: string, above: IgnoreVerdict | undefined): IgnoreVerdict {
    let ignored = false;
    let line: number | undefined;
    const hits = this.#rules.map((rule, index) => {
      // A rule that would change nothing is not asked, and so does not hold for what lies below either: as in Docker.
      const hit = above?.hits[index] === true || (rule.negated === ignored && rule.matches(path));
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

  /**
   * False when nothing below an ignored folder can be taken back in: it need not be read. As BuildKit decides it; the
   * classic docker client also skips folders that only an exception with a wildcard, e.g. `!*.txt`, reaches into.
   */
  mayTakeBackBelow(folder: string): boolean {
    if (!this.#takesBack) return false;
    if (this.#takesBackAnywhere) return true;
    return this.#rules.some(
      (rule) => rule.negated && `${withoutTrailingGlob(rule.pattern)}/`.startsWith(`${folder}/`),
    );
  }
}

/** As Docker does it: once when the file is read, without the slash in front, once more when the rule is made. */
function cleanTwice(source: string): string {
  const negated = source.startsWith('!');
  let pattern = negated ? trimSpace(source.slice(1)) : source;
  if (pattern !== '') {
    pattern = clean(pattern);
    if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
  }
  return clean(trimSpace(negated ? `!${pattern}` : pattern));
}

const clean = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/s, '');

/** Go's idea of white space, which is not JavaScript's. */
const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, 'g');
const trimSpace = (text: string): string => text.replace(AROUND, '');

const withoutTrailingGlob = (pattern: string): string => pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
