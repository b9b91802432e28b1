import { parseGoDuration } from '#shared/compose/config/encode/parseGoDuration.ts';
import { parseBytes } from '#shared/compose/quantities.ts';

/** What an engine has to give. */
export interface Capacity {
  cpus: number;
  memoryBytes: number;
}

/** What is to be said of a value; `refused`: it is none, and does not go into the file. */
export interface ValueProblem {
  message: string;
  refused: boolean;
}

const LEAST_MEMORY = 6 * 1024 ** 2;

/** Bytes in the powers of 1024 that compose files count in: `3.8 GiB`. */
export function binaryBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit] ?? ''}`;
}

/** What is wrong with a number of CPUs on an engine; undefined where nothing is, or it cannot be known. */
export function cpusProblem(
  text: string,
  replicas: number,
  capacity: Capacity | undefined,
): ValueProblem | undefined {
  if (text.includes('$')) return undefined;
  const cpus = Number(text);
  if (text.trim() === '' || !Number.isFinite(cpus) || cpus < 0.01)
    return refuse('Write a number from 0.01 on.');
  if (capacity === undefined) return undefined;
  const has = `The engine has ${capacity.cpus} ${capacity.cpus === 1 ? 'CPU' : 'CPUs'}`;
  if (cpus > capacity.cpus) return warn(`${has}: it refuses more for one container.`);
  const all = Math.round(cpus * replicas * 100) / 100;
  return all > capacity.cpus
    ? warn(`${has}; ${replicas} replicas ask for ${all} and will share them.`)
    : undefined;
}

/** What is wrong with an amount of memory on an engine. */
export function memoryProblem(
  text: string,
  replicas: number,
  capacity: Capacity | undefined,
): ValueProblem | undefined {
  if (text.includes('$')) return undefined;
  const bytes = parseBytes(text.trim());
  if (bytes === undefined) return refuse('Write a size such as 512m or 1.5g.');
  if (bytes < LEAST_MEMORY) return refuse('The engine refuses less than 6 MiB.');
  if (capacity === undefined) return undefined;
  const has = `The engine has ${binaryBytes(capacity.memoryBytes)}`;
  if (bytes > capacity.memoryBytes) return warn(`${has}: no container can have more.`);
  return bytes * replicas > capacity.memoryBytes
    ? warn(`${has}; ${replicas} replicas may take ${binaryBytes(bytes * replicas)}.`)
    : undefined;
}

/** What is wrong with a whole number in a range; expressions are left to the checks. */
export function wholeProblem(text: string, least: number, most: number): ValueProblem | undefined {
  if (text.includes('$')) return undefined;
  const number = Number(text);
  return /^\d+$/.test(text.trim()) && number >= least && number <= most
    ? undefined
    : refuse(`Write a whole number from ${least} to ${most}.`);
}

/** What is wrong with a length of time. */
export function durationProblem(text: string): ValueProblem | undefined {
  if (text.includes('$')) return undefined;
  const found = parseGoDuration(text.trim());
  return found === undefined || found < 0n ? refuse('Write a time such as 10s, 1m30s or 500ms.') : undefined;
}

function refuse(message: string): ValueProblem {
  return { message, refused: true };
}

function warn(message: string): ValueProblem {
  return { message, refused: false };
}
