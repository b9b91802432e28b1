import type { AppModel } from '../../../domain/ServiceModel.ts';
import type { Json } from '../encode/Json.ts';
import { readFields } from './readFields.ts';
import { recordedFields } from './recordedFields.ts';

/** A project as compose prints it, dollar signs not doubled. */
export interface Answer {
  name: string;
  services?: Record<string, { [key: string]: Json }>;
  secrets?: Record<string, { [key: string]: Json }>;
  configs?: Record<string, { [key: string]: Json }>;
}

/**
 * Fields in which services of the app differ from what compose answered, by `SERVICE.FIELD`; `services` where there are others, `name` for the
 * project's.
 */
export function differingFields(
  model: AppModel | null,
  answer: Answer,
): Map<string, { field: string; read: unknown; wanted: unknown }> {
  const recorded = answer.services ?? {};
  const read = new Map((model?.services ?? []).map((service) => [service.name, readFields(service)]));
  const differing = new Map<string, { field: string; read: unknown; wanted: unknown }>();
  const compare = (place: string, field: string, one: unknown, other: unknown): void => {
    if (sorted(one) !== sorted(other)) differing.set(place, { field, read: one, wanted: other });
  };
  compare('services', 'services', [...read.keys()].sort(), Object.keys(recorded).sort());
  // Where there is nothing to run, there is no model.
  if (model !== null) compare('name', 'name', model.name, answer.name);
  for (const [service, fields] of read) {
    const wanted = recordedFields(service, recorded[service] ?? {}, answer);
    if (recorded[service] !== undefined)
      for (const field of Object.keys(wanted))
        compare(`${service}.${field}`, field, fields[field], wanted[field]);
  }
  return differing;
}

/** The value as text, whatever the order of its keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
