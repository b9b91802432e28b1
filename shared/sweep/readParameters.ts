import { delimitedRows, separatorOf } from '../text/delimitedRows.ts';
import { assertJobs, assertNames, assertValue, type ParameterTable, refuse } from './ParameterTable.ts';

/**
 * Reads a table of parameters: the first line has their names, each further one the values of a job. Separated by commas, semicolons or tabs, whichever the
 * first line has most of; cells may be quoted (RFC 4180); blanks around a cell, and empty lines, do not count.
 *
 * @param file its name, for what is said of it
 * @throws FlotillaError `invalid-input`, with file and line
 */
export function readParameters(text: string, file: string): ParameterTable {
  const { rows: all, openQuote } = delimitedRows(text.replace(/^\uFEFF/, ''), separatorOf(text) ?? ',');
  if (openQuote !== undefined)
    refuse(`${file}:${openQuote}`, 'A quote is opened and never closed.', 'Write a " within quotes twice.');
  const rows = all
    .map(({ cells, line }) => ({ line, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [head, ...jobs] = rows;
  if (head === undefined)
    refuse(
      `${file}:1`,
      'There is nothing in it.',
      'Write the names of the parameters first, then a line for each job.',
    );
  const { cells: parameters } = head;
  assertNames(parameters, `${file}:${head.line}`);
  if (jobs.length === 0)
    refuse(
      `${file}:${head.line}`,
      'There are parameters and no job.',
      'Write a line of values for each job.',
    );
  for (const { cells, line } of jobs) {
    const place = `${file}:${line}`;
    if (cells.length !== parameters.length)
      refuse(
        place,
        `${cells.length === 1 ? 'There is 1 value' : `There are ${cells.length} values`} for ${parameters.length === 1 ? '1 parameter' : `${parameters.length} parameters`}.`,
        `Give one for each of ${parameters.join(', ')}; put quotes around one that holds the separator.`,
      );
    cells.forEach((value, at) => assertValue(value, parameters[at] ?? '', place));
  }
  assertJobs(jobs.length, file);
  return { parameters, rows: jobs.map(({ cells }) => cells) };
}
