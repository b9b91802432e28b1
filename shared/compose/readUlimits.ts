import type { Ulimit } from '../domain/ServiceModel.ts';
import { get, type Located } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** `name: number`, or `name: { soft, hard }`. */
export function readUlimits(reader: ServiceReader, node: Located | undefined): Ulimit[] {
  if (node?.kind !== 'map') return [];
  const range = { least: -1, most: Number.MAX_SAFE_INTEGER, whole: true };
  return [...node.entries].flatMap(([name, { value }]) => {
    const soft = reader.number(value.kind === 'map' ? get(value, 'soft') : value, `ulimit ${name}`, range);
    const hard = value.kind === 'map' ? reader.number(get(value, 'hard'), `ulimit ${name}`, range) : soft;
    return soft === undefined || hard === undefined ? [] : [{ name, soft, hard }];
  });
}
