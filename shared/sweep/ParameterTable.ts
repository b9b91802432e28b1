import { FlotillaError } from '../contract/errors.ts';

/** What jobs are to be made of: parameters, and a row of values for each job. */
export interface ParameterTable {
  parameters: string[];
  rows: string[][];
}

/** Jobs of one sweep, at most. */
export const MAX_JOBS = 10_000;
export const MAX_PARAMETERS = 100;
const LONGEST_VALUE = 10_000;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @throws FlotillaError `invalid-input`; its message begins with the place */
export function refuse(place: string, message: string, hint: string): never {
  throw new FlotillaError('invalid-input', `${place}: ${message}`, { hint });
}

/** @throws FlotillaError `invalid-input` for names that no environment variables can have, that are there twice, and for too many */
export function assertNames(names: readonly string[], place: string): void {
  names.forEach((name, at) => {
    if (!NAME.test(name))
      refuse(
        place,
        `${name === '' ? `Column ${at + 1} has no name` : `“${name}” is no name of a parameter`}.`,
        'Parameters are environment variables: letters, digits and _, and no digit first.',
      );
    if (names.indexOf(name) < at)
      refuse(place, `There are two parameters called ${name}.`, 'Give each a name of its own.');
  });
  if (names.length > MAX_PARAMETERS)
    refuse(place, `There are ${names.length} parameters.`, `${MAX_PARAMETERS} are the most.`);
}

/** @throws FlotillaError `invalid-input` for a value that no environment variable can have */
export function assertValue(value: string, name: string, place: string): void {
  if (value.includes('\0')) refuse(place, `The value of ${name} has a zero byte in it.`, 'Take it out.');
  if (value.length > LONGEST_VALUE)
    refuse(
      place,
      `The value of ${name} has ${value.length} characters.`,
      `${LONGEST_VALUE} are the most: put it into a file, and give its name.`,
    );
}

/** @throws FlotillaError `invalid-input` for more jobs than one sweep may have */
export function assertJobs(count: number, place: string): void {
  if (count > MAX_JOBS)
    refuse(
      place,
      `That makes ${count.toLocaleString('en')} jobs.`,
      `${MAX_JOBS.toLocaleString('en')} are the most: make several sweeps of it.`,
    );
}
