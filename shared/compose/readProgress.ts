import { compileExpression } from '../logs/compileExpression.ts';
import { PROGRESS_EXPRESSION } from '../metrics/parseProgress.ts';
import { toErrorShape } from '../contract/errors.ts';
import { get, isNothing, kindName, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

const WHAT = 'x-flotilla.progress';
const CODE = 'bad-progress';
const EXAMPLE =
  'Write progress: true for lines such as “progress: 37%” and “progress 37/100”, or an expression with a group for the percentage, or two for done and all: progress: "step (\\d+) of (\\d+)".';
const LONGEST = 500;

/** By which lines of its log a service tells how far it is (`x-flotilla.progress`); undefined: none, or none that can be understood. */
export function readProgress(reader: ServiceReader): string | undefined {
  const node = get(reader.at('x-flotilla'), 'progress');
  if (node === undefined || isNothing(node)) return undefined;
  const text = textOf(node);
  if (text === 'true') return PROGRESS_EXPRESSION;
  if (text === 'false') return undefined;
  const refuse = (message: string): undefined => {
    reader.error(CODE, node, `${WHAT}${message}`, EXAMPLE);
    return undefined;
  };
  if (text === undefined) return refuse(` must be true or an expression, not ${kindName(node)}.`);
  if (text.length > LONGEST) return refuse(` is longer than ${LONGEST} characters.`);
  try {
    const groups = new RegExp(`${compileExpression({ text, regex: true }).source}|`).exec('')?.length ?? 1;
    return groups === 2 || groups === 3 ? text : refuse(` has ${groups - 1} groups, not one or two.`);
  } catch (error) {
    return refuse(`: ${toErrorShape(error).message}`);
  }
}
