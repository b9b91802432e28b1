import type { FieldOperator, LogFieldTest } from './LogQuery.ts';
import type { FieldValue } from './readJsonFields.ts';
import { readNumber } from './readNumber.ts';

/**
 * Prepares a field's test. Two numbers are compared as numbers, two texts by their characters; a number is neither below nor above a text.
 * `undefined` stands for a line without the field, which passes `!=` alone.
 */
export function compileFieldTest(test: LogFieldTest): (value: FieldValue | undefined) => boolean {
  const { operator } = test;
  const wantedText = test.value;
  const wantedNumber = readNumber(wantedText);
  const lowered = wantedText.toLowerCase();
  return (value) => {
    if (value === undefined) return operator === '!=';
    const text = String(value);
    if (operator === '~') return text.toLowerCase().includes(lowered);
    const number =
      typeof value === 'number' ? value : typeof value === 'string' ? readNumber(value) : undefined;
    if (number !== undefined && wantedNumber !== undefined) return compare(number, operator, wantedNumber);
    const isMixed = (number === undefined) !== (wantedNumber === undefined);
    if (isMixed) return operator === '!=' ? text !== wantedText : operator === '=' && text === wantedText;
    return compare(text, operator, wantedText);
  };
}

function compare<Value extends string | number>(
  left: Value,
  operator: Exclude<FieldOperator, '~'>,
  right: Value,
): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
