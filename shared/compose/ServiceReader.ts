import type { Findings, FixDraft } from './Findings.ts';
import { get, isNothing, kindName, type Located, textOf } from './Located.ts';
import { splitWords } from './config/encode/splitWords.ts';
import { parseGoDuration } from './config/encode/parseGoDuration.ts';
import { formatScalar } from './config/scalars/formatScalar.ts';
import { parseFlag } from './config/scalars/parseFlag.ts';
import { parseBytes } from './quantities.ts';

/** Reads values of one service, telling precisely what is wrong with each. */
export class ServiceReader {
  readonly name: string;
  readonly node: Located;
  readonly findings: Findings;

  constructor(name: string, node: Located, findings: Findings) {
    this.name = name;
    this.node = node;
    this.findings = findings;
  }

  at(key: string): Located | undefined {
    const value = get(this.node, key);
    return isNothing(value) ? undefined : value;
  }

  error(code: string, at: Located, message: string, explanation: string, fixes: FixDraft[] = []): void {
    this.#add('error', code, at, message, explanation, fixes);
  }

  warn(code: string, at: Located, message: string, explanation: string, fixes: FixDraft[] = []): void {
    this.#add('warning', code, at, message, explanation, fixes);
  }

  text(value: Located | undefined, what: string): string | undefined {
    if (value === undefined || isNothing(value)) return undefined;
    const text = textOf(value);
    if (text === undefined)
      this.error(
        'wrong-kind',
        value,
        `${what} must be a text, not ${kindName(value)}.`,
        'Write one value after the colon.',
      );
    else if (text.includes('\0')) {
      this.error(
        'zero-byte',
        value,
        `${what} contains a zero byte.`,
        'The kernel ends texts there; the engine refuses it.',
      );
      return undefined;
    }
    return text;
  }

  flag(value: Located | undefined, what: string): boolean | undefined {
    if (value === undefined || isNothing(value)) return undefined;
    if (value.kind === 'scalar') {
      if (typeof value.value === 'boolean') return value.value;
      const flag = parseFlag(String(value.value));
      if (flag !== undefined) return flag;
    }
    this.error(
      'wrong-kind',
      value,
      `${what} must be true or false, not ${kindName(value)}.`,
      'Write true or false.',
    );
    return undefined;
  }

  /** A finite number. With `unquoted`, one in quotes is told, too (and read): compose takes it, but it is seldom meant so. */
  number(
    value: Located | undefined,
    what: string,
    range: { least: number; most: number; whole: boolean; unquoted?: boolean },
  ): number | undefined {
    if (value === undefined || isNothing(value)) return undefined;
    const isText = value.kind === 'scalar' && typeof value.value === 'string';
    const number =
      value.kind !== 'scalar' || (isText && String(value.value).trim() === '')
        ? Number.NaN
        : Number(value.value);
    const inQuotes =
      range.unquoted === true && value.kind === 'scalar' && value.quoted && !value.interpolated;
    const isNumber =
      value.kind === 'scalar' && !inQuotes && typeof value.value !== 'boolean' && Number.isFinite(number);
    if (
      isNumber &&
      number >= range.least &&
      number <= range.most &&
      (!range.whole || Number.isInteger(number))
    )
      return number;
    const asText =
      value.kind === 'scalar' &&
      (inQuotes || typeof value.value === 'string') &&
      (textOf(value) ?? '').trim() !== '' &&
      Number.isFinite(Number(value.value));
    this.error(
      'bad-number',
      value,
      `${what} must be ${range.whole ? 'a whole number' : 'a number'} from ${range.least} to ${range.most}, not ${kindName(value)}.`,
      asText ? 'In quotes it is a text; write it without.' : 'Write such a number.',
      asText
        ? [
            {
              id: 'unquote',
              title: 'Remove the quotes',
              edits: [
                {
                  file: value.file,
                  start: value.start,
                  end: value.end,
                  newText: (textOf(value) ?? '').trim(),
                },
              ],
            },
          ]
        : [],
    );
    return inQuotes && Number.isFinite(number) ? number : undefined;
  }

  bytes(value: Located | undefined, what: string): number | undefined {
    // Compose takes a float such as 1e6 for nothing given.
    if (value?.kind === 'scalar' && typeof value.value === 'number') return undefined;
    const text = this.text(value, what);
    return text === undefined || value === undefined ? undefined : this.size(text, value, what);
  }

  /** Bytes of a text that stands at, or in, a node. */
  size(text: string, at: Located, what: string): number | undefined {
    const bytes = parseBytes(text);
    if (bytes === undefined || bytes > 2 ** 50)
      this.error(
        'bad-size',
        at,
        `${what}: “${text}” is no size${bytes === undefined ? '' : ' any machine has'}.`,
        'Write for example 512m, 1.5g or 1GiB.',
      );
    return bytes !== undefined && bytes <= 2 ** 50 ? bytes : undefined;
  }

  duration(value: Located | undefined, what: string): number | undefined {
    const text = this.text(value, what);
    if (text === undefined || value === undefined) return undefined;
    const nanoseconds = parseGoDuration(text);
    if (nanoseconds === undefined || nanoseconds < 0n)
      this.error(
        'bad-duration',
        value,
        `${what}: “${text}” is no duration.`,
        'Write for example 10s, 1m30s or 500ms.',
      );
    return nanoseconds === undefined || nanoseconds < 0n ? undefined : Number(nanoseconds) / 1e6;
  }

  /** Items of a list of texts; a single text counts as a list of one. */
  texts(value: Located | undefined, what: string): string[] {
    if (value === undefined || isNothing(value)) return [];
    if (value.kind === 'scalar') return [textOf(value) ?? ''];
    if (value.kind === 'map') {
      this.error(
        'wrong-kind',
        value,
        `${what} must be a list, not a mapping.`,
        'Write each item on a line that begins with “- ”.',
      );
      return [];
    }
    return value.items.flatMap((item) => this.text(item, what) ?? []);
  }

  /** `{KEY: value}` or `[KEY=value]`; a key alone has the value null. */
  pairs(
    value: Located | undefined,
    what: string,
  ): { key: string; value: string | null; at: Located; keyAt: Located }[] {
    if (value === undefined || isNothing(value)) return [];
    if (value.kind === 'map') {
      return [...value.entries].flatMap(([key, entry]) => {
        const written = isNothing(entry.value) ? null : this.text(entry.value, `${what} ${key}`);
        const text = typeof written === 'string' ? plainText(entry.value) : written;
        return text === undefined ? [] : [{ key, value: text, at: entry.value, keyAt: entry.key }];
      });
    }
    if (value.kind === 'scalar') {
      this.error(
        'wrong-kind',
        value,
        `${what} must be a list or a mapping, not ${kindName(value)}.`,
        'Write KEY: value on lines of their own.',
      );
      return [];
    }
    return value.items.flatMap((item) => {
      const name = textOf(item)?.split('=', 1)[0] ?? '';
      const text = this.text(item, name === '' ? what : `${what} ${name.slice(0, 60)}`);
      if (text === undefined) return [];
      const equals = text.indexOf('=');
      return [
        {
          key: equals === -1 ? text : text.slice(0, equals),
          value: equals === -1 ? null : text.slice(equals + 1),
          at: item,
          keyAt: item,
        },
      ];
    });
  }

  /** `pairs` as a mapping; a key alone has an empty value. */
  record(value: Located | undefined, what: string): Record<string, string> {
    return Object.fromEntries(this.pairs(value, what).map((pair) => [pair.key, pair.value ?? '']));
  }

  /** A command: a list as it is, a text split as a shell would split it into words. */
  command(value: Located | undefined, what: string): string[] | undefined {
    if (value === undefined || isNothing(value)) return undefined;
    if (value.kind === 'list') return value.items.flatMap((item) => this.text(item, what) ?? []);
    const text = this.text(value, what);
    if (text === undefined) return undefined;
    const words = splitWords(text);
    if (words === undefined)
      this.error(
        'bad-command',
        value,
        `${what}: a quote is not closed.`,
        'Close it, or write the command as a list.',
      );
    return words;
  }

  #add(
    severity: 'error' | 'warning',
    code: string,
    at: Located,
    message: string,
    explanation: string,
    fixes: FixDraft[],
  ): void {
    this.findings.add({
      code,
      severity,
      file: at.file,
      start: at.start,
      end: at.end,
      message: `${this.name}: ${message}`,
      explanation,
      service: this.name,
      fixes,
    });
  }
}

/** The text that compose makes of a scalar: numbers are not as they were written. */
function plainText(value: Located): string | undefined {
  return value.kind === 'scalar' && value.value !== null ? formatScalar(value.value) : undefined;
}
