import {
  assertJobs,
  assertNames,
  assertValue,
  MAX_JOBS,
  type ParameterTable,
  refuse,
} from './ParameterTable.ts';

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:\.\.(-?\d+(?:\.\d+)?))?$/;

/** Begins as a range and is none: `1..x`, `1..5..`. A path such as `../data` does not. */
const HALF_RANGE = /^-?\d+(?:\.\d+)?\.\./;
const RANGE_HINT = 'Write FROM..TO or FROM..TO..STEP, with a step towards the end.';

/** A parameter of a grid and its values. */
export interface GridAxis {
  name: string;
  values: string[];
}

/**
 * Reads an axis of a grid: `name=1,2,4`, `name=1..5`, `name=0..1..0.25` (with its step), and all of these mixed.
 * @param place what is said of it begins so, e.g. `--grid`
 * @throws FlotillaError `invalid-input`
 */
export function readAxis(text: string, place: string): GridAxis {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const here = `${place} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
  if (at < 1) refuse(here, 'That is no axis of a grid.', 'Write it as in threads=1,2,4 or seed=1..5.');
  assertNames([name], here);
  const values = text
    .slice(at + 1)
    .split(',')
    .flatMap((part) => {
      const item = part.trim();
      if (item === '') refuse(here, 'A value is missing.', 'Write values with a comma between them.');
      return rangeOf(item, here) ?? [item];
    });
  for (const value of values) assertValue(value, name, here);
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined)
    refuse(here, `The value ${twice} is there twice.`, 'Each makes jobs of its own: give it once.');
  return { name, values };
}

function rangeOf(text: string, place: string): string[] | undefined {
  const [, from = '', to = '', given] = RANGE.exec(text) ?? [];
  if (from === '') {
    if (HALF_RANGE.test(text)) refuse(place, `${text} is no range of numbers.`, RANGE_HINT);
    return undefined;
  }
  const step = given ?? (Number(to) < Number(from) ? '-1' : '1');
  const decimals = Math.max(decimalsOf(from), decimalsOf(step));
  // Counted in whole steps, so that 0..1..0.1 ends with 1 and no value drifts.
  const count = Math.floor((Number(to) - Number(from)) / Number(step) + 1e-9) + 1;
  if (!(count >= 1) || !Number.isFinite(count)) refuse(place, `${text} leads nowhere.`, RANGE_HINT);
  if (count > MAX_JOBS) assertJobs(count, place);
  return Array.from({ length: count }, (_, index) => (Number(from) + index * Number(step)).toFixed(decimals));
}

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/**
 * All combinations of what a table has (when there is one) and the values of some axes, those of the last axis next to each other.
 * @throws FlotillaError `invalid-input` for a name that is there twice, and for more jobs than a sweep may have
 */
export function expandGrid(axes: readonly GridAxis[], table?: ParameterTable): ParameterTable {
  const parameters = [...(table?.parameters ?? []), ...axes.map(({ name }) => name)];
  if (parameters.length === 0)
    refuse('The sweep', 'There is no parameter.', 'Give a table of them, or an axis as in seed=1..5.');
  assertNames(parameters, 'The grid');
  const before = table?.rows ?? [[]];
  assertJobs(
    axes.reduce((count, { values }) => count * values.length, before.length),
    'The grid',
  );
  return {
    parameters,
    rows: axes.reduce<string[][]>(
      (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
      before,
    ),
  };
}
