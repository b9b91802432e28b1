import type { ServiceText, TextPlace } from '#shared/compose/edit/ServiceText.ts';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import { buildKeys, fieldKeys, rangeKeys } from './fieldKeys.ts';

/** Fields of the form that always have the same keys. */
const FIELDS: readonly (readonly string[])[] = [
  ['x-flotilla', 'autoscale', 'cpu'],
  ['x-flotilla', 'role'],
  ['image'],
  ['command'],
  ['healthcheck', 'test'],
  ['healthcheck', 'interval'],
  ['healthcheck', 'timeout'],
  ['healthcheck', 'retries'],
  ['healthcheck', 'start_period'],
  ['restart'],
  ['stop_grace_period'],
  ['init'],
  ['networks'],
  ['secrets'],
  ['gpus'],
];

interface FieldProblems {
  /** By the keys of a field joined with `.`; items of lists by their number, pairs by their name. */
  byField: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Of the service, but of no field that the form has. */
  others: readonly Diagnostic[];
}

/** Findings of a service at the fields whose text they are about. */
export function fieldProblems(
  service: ServiceText,
  path: string,
  diagnostics: readonly Diagnostic[],
): FieldProblems {
  const places: [string, TextPlace][] = [];
  for (const [at, { place }] of service.items('ports').entries()) places.push([`ports.${at}`, place]);
  for (const [at, { place }] of service.items('volumes').entries()) places.push([`volumes.${at}`, place]);
  for (const { name, place } of service.pairs('environment')) places.push([`environment.${name}`, place]);
  for (const keys of [...FIELDS, ...movedFields(service)]) {
    const { place } = service.field(...keys);
    if (place !== undefined) places.push([keys.join('.'), place]);
  }
  const byField = new Map<string, Diagnostic[]>();
  const others: Diagnostic[] = [];
  const own = service.place;
  for (const found of diagnostics) {
    const { range } = found;
    const isHere = found.file === path && range !== undefined;
    const field = isHere ? places.find(([, place]) => holds(place, range.start))?.[0] : undefined;
    if (field !== undefined) byField.set(field, [...(byField.get(field) ?? []), found]);
    else if (found.service === service.name || (isHere && holds(own, range.start))) others.push(found);
  }
  return { byField, others };
}

/** Fields that a file can say in several ways: as the form shows them. What is said in the other way is told above the form. */
function movedFields(service: ServiceText): (readonly string[])[] {
  const elsewhere = new Map();
  return [
    fieldKeys(service, 'replicas', elsewhere),
    fieldKeys(service, 'cpus', elsewhere),
    fieldKeys(service, 'memory', elsewhere),
    rangeKeys(service, 'min'),
    rangeKeys(service, 'max'),
    buildKeys(service),
  ];
}

function holds({ start, end }: TextPlace, offset: number): boolean {
  return offset >= start && offset < Math.max(end, start + 1);
}
