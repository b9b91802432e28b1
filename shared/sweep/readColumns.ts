import type { SweepColumn } from '../domain/Sweep.ts';
import { compileExpression } from '../logs/compileExpression.ts';
import { FlotillaError, toErrorShape } from '../contract/errors.ts';

const MOST_COLUMNS = 50;

function invalid(message: string, hint: string): FlotillaError {
  return new FlotillaError('invalid-input', message, { hint });
}

/** `loss=final loss ([0-9.]+)`. @param place said before what is wrong, such as the option. @throws FlotillaError `invalid-input` */
export function readLogColumn(text: string, place = ''): SweepColumn {
  const here = place === '' ? '' : `${place} `;
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const pattern = text.slice(at + 1).trim();
  if (name === '' || pattern === '')
    throw invalid(
      `${here}“${text}” is no column of the log.`,
      'Write a name and a regular expression, as in loss=final loss ([0-9.]+).',
    );
  try {
    expressionOf(pattern);
  } catch (error) {
    throw new FlotillaError('invalid-input', `${here}${name}: ${toErrorShape(error).message}`, {
      hint: 'Put a backslash before characters that are meant as they are, such as ( [ * + ?.',
      cause: error,
    });
  }
  return { name, from: 'log', pattern };
}

/** `loss=out.json:losses[0].mean`. @param place as of {@link readLogColumn}. @throws FlotillaError `invalid-input` */
export function readFileColumn(text: string, place = ''): SweepColumn {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const rest = text.slice(at + 1).trim();
  const colon = rest.lastIndexOf(':');
  const file = colon === -1 ? rest : rest.slice(0, colon);
  if (name === '' || file === '')
    throw invalid(
      `${place === '' ? '' : `${place} `}“${text}” is no column of a results file.`,
      'Write a name, a JSON file and the place in it, as in loss=out.json:losses[0].mean.',
    );
  return { name, from: 'file', file, path: colon === -1 ? '' : rest.slice(colon + 1).trim() };
}

/** @throws FlotillaError `invalid-input` for one that is none */
export const expressionOf = (pattern: string): RegExp =>
  compileExpression({ text: pattern, regex: true, matchCase: true });

/** @throws FlotillaError `invalid-input` where two columns, or a column and a parameter, have one name, and for too many */
export function assertColumns(columns: readonly SweepColumn[], parameters: readonly string[]): void {
  const names = [...parameters, ...columns.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw invalid(`There are two columns called ${twice}.`, 'Give each a name of its own.');
  if (columns.length > MOST_COLUMNS)
    throw invalid(`There are ${columns.length} columns.`, `${MOST_COLUMNS} are the most.`);
}
