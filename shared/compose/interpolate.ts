import type { Findings } from './Findings.ts';
import type { Located, LocatedMap, LocatedScalar } from './Located.ts';

export type Variables = Pick<ReadonlyMap<string, string>, 'get'>;

interface Outcome {
  text: string;
  /** Names without a value and without a default. */
  unset: string[];
  /** `${NAME:?message}` that was not satisfied, or a form that does not exist. */
  errors: string[];
}

const DEEPEST = 20;

/**
 * Fills in `$NAME`, `${NAME}`, `${NAME:-default}`, `-`, `:?`, `?`, `:+`, `+` and `$$` (Compose specification, Interpolation). Defaults may hold
 * further variables.
 */
export function interpolate(text: string, variables: Variables): Outcome {
  const outcome: Outcome = { text: '', unset: [], errors: [] };
  outcome.text = expand(text, variables, outcome, 0);
  return outcome;
}

function expand(text: string, variables: Variables, outcome: Outcome, depth: number): string {
  if (depth > DEEPEST) {
    outcome.errors.push('Variables are nested too deeply.');
    return text;
  }
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) return result + text.slice(at);
    result += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === '$') {
      result += '$';
      at = dollar + 2;
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 2);
      if (end === -1) {
        outcome.errors.push('“${” is not closed.');
        return result + text.slice(dollar);
      }
      result += braced(text.slice(dollar + 2, end), variables, outcome, depth);
      at = end + 1;
    } else {
      const name = /^[A-Za-z_]\w*/.exec(text.slice(dollar + 1, dollar + 256))?.[0];
      // A dollar sign that begins no variable is one.
      if (name === undefined) {
        result += '$';
        at = dollar + 1;
        continue;
      }
      result += value(name, variables, outcome);
      at = dollar + 1 + name.length;
    }
  }
  return result;
}

function braced(inner: string, variables: Variables, outcome: Outcome, depth: number): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inner);
  if (match === null) {
    outcome.errors.push(`“\${${inner.slice(0, 40)}}” is no variable.`);
    return '';
  }
  const [, name = '', operator, operand = ''] = match;
  if (operator === undefined) return value(name, variables, outcome);
  const present = variables.get(name);
  const isSet = present !== undefined && (operator.length === 1 || present !== '');
  switch (operator.at(-1)) {
    case '-':
      return isSet ? (present ?? '') : expand(operand, variables, outcome, depth + 1);
    case '+':
      return isSet ? expand(operand, variables, outcome, depth + 1) : '';
    default:
      if (isSet) return present ?? '';
      outcome.errors.push(
        `${name} must be set${operand === '' ? '' : `: ${expand(operand, variables, outcome, depth + 1)}`}.`,
      );
      return '';
  }
}

function value(name: string, variables: Variables, outcome: Outcome): string {
  const present = variables.get(name);
  if (present === undefined && !outcome.unset.includes(name)) outcome.unset.push(name);
  return present ?? '';
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '$' && text[at + 1] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** Fills in every scalar value below `root` (keys stay), telling what is missing. */
export function interpolateAll(root: Located, variables: Variables, findings: Findings): Located {
  if (root.kind === 'map') {
    // Copied only where something is filled in.
    let entries: LocatedMap['entries'] | undefined;
    for (const [name, { key, value: said }] of root.entries) {
      const filled = interpolateAll(said, variables, findings);
      if (filled === said) continue;
      entries ??= new Map(root.entries);
      entries.set(name, { key, value: filled });
    }
    return entries === undefined ? root : { ...root, entries };
  }
  if (root.kind === 'list') {
    const items = root.items.map((item) => interpolateAll(item, variables, findings));
    return items.every((item, at) => item === root.items[at]) ? root : { ...root, items };
  }
  return interpolateScalar(root, variables, findings);
}

function interpolateScalar(scalar: LocatedScalar, variables: Variables, findings: Findings): LocatedScalar {
  if (typeof scalar.value !== 'string' || !scalar.value.includes('$')) return scalar;
  const { text, unset, errors } = interpolate(scalar.value, variables);
  const { file, start, end } = scalar;
  for (const message of errors)
    findings.add({
      code: 'interpolation',
      severity: 'error',
      file,
      start,
      end,
      message,
      explanation:
        'Variables come from the project’s .env file only, never from the environment Flotilla runs in. $$ writes a dollar sign.',
    });
  for (const name of unset)
    findings.add({
      code: 'unset-variable',
      severity: 'warning',
      file,
      start,
      end,
      message: `The variable ${name} is not set; it counts as empty.`,
      explanation: 'Set it in the project’s .env file, or give a default: ${' + name + ':-value}.',
    });
  return { ...scalar, value: text, interpolated: true };
}
