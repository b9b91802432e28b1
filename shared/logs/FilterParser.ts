import { LOG_LEVELS, type LogLevel } from '../domain/LogLine.ts';
import { compileExpression } from './compileExpression.ts';
import type { FieldOperator, LogQuery, LogTerm } from './LogQuery.ts';
import { readDelimited } from './readDelimited.ts';

/** Something of a filter that is not understood: `text.slice(from, to)`, and what is wrong with it, for people. */
export interface FilterProblem {
  from: number;
  to: number;
  message: string;
}

/** As many as a query may have. */
const MOST_TERMS = 20;
const LONGEST_TEXT = 1000;
const LONGEST_NAME = 200;
const MOST_NAMES = { workers: 2000, hiddenWorkers: 2000, services: 200 };
const LONGEST_ITEM = { workers: 300, hiddenWorkers: 300, services: 255 };

const BLANKS = /\s*/y;
const WORD = /\S+/y;
const ITEM = /[^\s,]*/y;
const LIST = /(worker|service):/y;
const STREAM = /stream:(\S*)/y;
const LEVEL = /level:(>=|<=|!=|=|>|<)?(\S*)/y;
const COMPARED_LEVEL = /level(>=|<=|!=|=|>|<)([A-Za-z]\S*)/y;
/** `a==b`, `x=>y` and `p->q` are text. */
const FIELD = /([A-Za-z_](?:[\w.-]*\w)?)(!=|<=|>=|=|<|>|~)(?=[^\s=<>~])/y;

/** Reads a filter text from its beginning to its end; `query` and `problems` are what came of it. */
export class FilterParser {
  readonly query: LogQuery = {};
  readonly problems: FilterProblem[] = [];
  readonly #text: string;
  #at = 0;
  /** Where the token begins that is being read. */
  #from = 0;
  #isExcluded = false;

  constructor(text: string) {
    this.#text = text;
    for (;;) {
      this.#match(BLANKS);
      if (this.#at >= text.length) return;
      this.#readToken();
    }
  }

  #readToken(): void {
    this.#from = this.#at;
    this.#isExcluded = /^-\S/.test(this.#text.slice(this.#at, this.#at + 2));
    if (this.#isExcluded) this.#at += 1;
    const first = this.#text[this.#at];
    if (first === '"') return this.#readQuoted();
    if (first === '/') return this.#readExpression();
    const list = this.#match(LIST);
    if (list !== undefined) return this.#readList(list[1] === 'worker' ? 'worker' : 'service');
    const stream = this.#match(STREAM);
    if (stream !== undefined) return this.#addStream(stream[1] ?? '');
    const level = this.#match(LEVEL);
    if (level !== undefined) return this.#addLevels(level[1] ?? '=', level[2] ?? '');
    if (this.#readComparedLevel()) return;
    const field = this.#match(FIELD);
    if (field !== undefined) return this.#readField(field[1] ?? '', field[2] as FieldOperator);
    this.#addTerm({ text: this.#match(WORD)?.[0] ?? '' });
  }

  #readQuoted(): void {
    const { value, matchCase } = this.#delimited('"');
    this.#addTerm({ text: value, ...(matchCase ? { matchCase } : {}) });
  }

  #readExpression(): void {
    const { value, matchCase, isClosed } = this.#delimited('/');
    if (!isClosed) return this.#addTerm({ text: `/${value}` });
    const term: LogTerm = { text: value, regex: true, ...(matchCase ? { matchCase } : {}) };
    try {
      compileExpression(term);
    } catch (error) {
      return this.#complain(error instanceof Error ? error.message : String(error));
    }
    this.#addTerm(term);
  }

  #readList(key: 'worker' | 'service'): void {
    const items: string[] = [];
    for (;;) {
      const item = this.#text[this.#at] === '"' ? this.#delimited('"').value : (this.#match(ITEM)?.[0] ?? '');
      if (item !== '') items.push(item);
      if (this.#text[this.#at] !== ',') break;
      this.#at += 1;
    }
    if (items.length === 0) return this.#complain(`Name a ${key} after “${key}:”, or several with commas.`);
    if (key === 'service' && this.#isExcluded)
      return this.#complain('Services cannot be left out; name the ones to show.');
    const list = key === 'service' ? 'services' : this.#isExcluded ? 'hiddenWorkers' : 'workers';
    if (items.some((item) => item.length > LONGEST_ITEM[list]))
      return this.#complain(`No ${key} has a name of more than ${LONGEST_ITEM[list]} characters.`);
    const all = [...new Set([...(this.query[list] ?? []), ...items])];
    if (all.length > MOST_NAMES[list])
      return this.#complain(`A filter names at most ${MOST_NAMES[list]} of them.`);
    this.query[list] = all;
  }

  #addStream(name: string): void {
    if (name !== 'stdout' && name !== 'stderr')
      return this.#complain(`“${shortened(name)}” is no stream; there are stdout and stderr.`);
    const stream = this.#isExcluded ? (name === 'stdout' ? 'stderr' : 'stdout') : name;
    if (this.query.stream !== undefined && this.query.stream !== stream)
      return this.#complain('A line belongs to one stream only, and the filter asks for both.');
    this.query.stream = stream;
  }

  /** `level>=warn`. Other values than levels belong to a field that is called `level`. */
  #readComparedLevel(): boolean {
    const before = this.#at;
    const match = this.#match(COMPARED_LEVEL);
    if (match === undefined) return false;
    const [, operator = '', names = ''] = match;
    const isEquality = operator === '=' || operator === '!=';
    if (isEquality && !names.split(',').every((name) => levelIndex(name) !== -1)) {
      this.#at = before;
      return false;
    }
    this.#addLevels(operator, names);
    return true;
  }

  #addLevels(operator: string, text: string): void {
    const isList = operator === '=' || operator === '!=';
    const names = isList ? text.split(',').filter((name) => name !== '') : [text];
    const indices: number[] = [];
    for (const name of names) {
      const index = levelIndex(name);
      if (index === -1)
        return this.#complain(`“${shortened(name)}” is no level; there are ${LOG_LEVELS.join(', ')}.`);
      indices.push(index);
    }
    if (indices.length === 0) return this.#complain(`Name a level: ${LOG_LEVELS.join(', ')}.`);
    const { levels } = this.query;
    const left = LOG_LEVELS.filter(
      (level, index) =>
        isWanted(index, operator, indices) !== this.#isExcluded &&
        (levels === undefined || levels.includes(level)),
    );
    if (left.length === 0) return this.#complain('No line can have such a level.');
    this.query.levels = left;
  }

  #readField(field: string, operator: FieldOperator): void {
    const value = this.#text[this.#at] === '"' ? this.#delimited('"').value : (this.#match(WORD)?.[0] ?? '');
    if (field.length > LONGEST_NAME || value.length > LONGEST_TEXT)
      return this.#complain('This is too long to be the test of a field.');
    const used = this.#isExcluded ? OPPOSITES[operator] : operator;
    if (used === undefined)
      return this.#complain('A comparison cannot be left out; write the opposite one, without the minus.');
    const fields = this.query.fields ?? [];
    if (fields.length >= MOST_TERMS) return this.#complain(`A filter tests at most ${MOST_TERMS} fields.`);
    this.query.fields = [...fields, { field, operator: used, value }];
  }

  #addTerm(term: LogTerm): void {
    if (term.text === '') {
      // An open quote at the very end was complained of already.
      if (this.problems.at(-1)?.from !== this.#from) this.#complain('There is nothing to look for in this.');
      return;
    }
    if (term.text.length > LONGEST_TEXT)
      return this.#complain(`Text to look for has at most ${LONGEST_TEXT} characters.`);
    const list = this.#isExcluded ? 'exclude' : 'include';
    const terms = this.query[list] ?? [];
    if (terms.length >= MOST_TERMS) return this.#complain(`A filter looks for at most ${MOST_TERMS} texts.`);
    this.query[list] = [...terms, term];
  }

  #delimited(delimiter: '"' | '/'): ReturnType<typeof readDelimited> {
    const read = readDelimited(this.#text, this.#at, delimiter);
    this.#at = read.end;
    if (!read.isClosed)
      this.#complain(
        delimiter === '"'
          ? 'The quote is not closed.'
          : 'The expression is not closed by a /; text that holds a / goes in quotes.',
      );
    return read;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at += match[0].length;
    return match;
  }

  #complain(message: string): void {
    this.problems.push({ from: this.#from, to: this.#at, message });
  }
}

const OPPOSITES: Partial<Record<FieldOperator, FieldOperator>> = { '=': '!=', '!=': '=' };

function levelIndex(name: string): number {
  return LOG_LEVELS.indexOf(name.toLowerCase() as LogLevel);
}

function isWanted(index: number, operator: string, named: readonly number[]): boolean {
  const [first = 0] = named;
  switch (operator) {
    case '<':
      return index < first;
    case '<=':
      return index <= first;
    case '>':
      return index > first;
    case '>=':
      return index >= first;
    case '!=':
      return !named.includes(index);
    default:
      return named.includes(index);
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
