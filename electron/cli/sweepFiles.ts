import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { SweepTable } from '#shared/domain/Sweep.ts';
import { describeSweep } from '#shared/sweep/describeSweep.ts';
import { sweepCsv, sweepJson } from '#shared/sweep/sweepTable.ts';
import type { Output } from './Output.ts';
import { usage } from './parseArguments.ts';

/** @throws FlotillaError `invalid-input` where the name does not say as what it is to be written */
export function assertTableFile(path: string | undefined): void {
  if (path !== undefined && !/\.(csv|json)$/i.test(path))
    throw usage(`--output ${path}: give a name that ends in .csv or .json`);
}

/**
 * The text of a table of parameters: the file of that name from where the command is given, or else in the project's folder.
 * @throws FlotillaError `not-found`, `invalid-input` for what is no file or may not be read
 */
export async function readTable(path: string, folder: string): Promise<string> {
  for (const file of new Set([resolve(path), resolve(folder, path)])) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') continue;
      throw new FlotillaError(
        'invalid-input',
        code === 'EISDIR' ? `${path} is a folder, not a table.` : `${path} cannot be read: ${message}.`,
        { hint: TABLE_HINT },
      );
    }
  }
  throw new FlotillaError(
    'not-found',
    `There is no ${path}${isAbsolute(path) ? '' : ', neither here nor in the project’s folder'}.`,
    {
      hint: TABLE_HINT,
    },
  );
}

const TABLE_HINT = 'Give a CSV file: the parameters’ names in its first line, then a line for each job.';

/** Writes a table to a file. @returns its path */
export async function writeTable(table: SweepTable, path: string): Promise<string> {
  const file = resolve(path);
  const text = /\.json$/i.test(file) ? `${JSON.stringify(sweepJson(table), null, 2)}\n` : sweepCsv(table);
  await writeFile(file, text).catch((error: unknown) => {
    throw new FlotillaError('invalid-input', `${path} cannot be written: ${(error as Error).message}`, {
      hint: 'Give a file in a folder that you may write to.',
    });
  });
  return file;
}

/** Prints a table: as JSON, as CSV, or for people. */
export function printTable(output: Output, table: SweepTable, asCsv: boolean): void {
  if (asCsv && !output.isJson) output.raw(sweepCsv(table));
  else output.result({ sweep: sweepJson(table) }, describeSweep(table).join('\n'));
}
