import type { Drift } from '../domain/AppView.ts';
import type { ContainerLimits } from '../domain/ContainerLimits.ts';
import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { differingSettings } from './changedSettings.ts';
import { effectiveSettings, hasLimits } from './liveLimits.ts';
import { parseSettings, settingsOf } from './settingsOf.ts';

interface Wanted {
  service: ServiceModel;
  settings: Record<string, string>;
  label: string;
}

/** Views are made many times for each reading of the files. */
const wantedByApp = new WeakMap<AppModel, ReadonlyMap<string, Wanted>>();

/**
 * Where an app's containers differ from its files, by their labels and limits alone: quick enough to be asked at every change on the engine. What a
 * container misses, and what others made, only a plan tells. Undefined: nowhere.
 *
 * @param containers `label`: the text of our own label (SETTINGS_LABEL), where there is one; `limits`: as in ContainerFacts
 * @param placed a service as this replica of it is to be made; undefined: nobody knows yet
 */
export function findDrift(
  app: AppModel,
  containers: readonly {
    name: string;
    service: string;
    index: number;
    label: string | undefined;
    limits?: ContainerLimits | undefined;
  }[],
  placed: (service: ServiceModel, index: number) => ServiceModel | undefined = (service) => service,
): Drift | undefined {
  const wanted = wantedOf(app);
  const services = new Set<string>();
  const orphans: string[] = [];
  for (const { name, service, index, label, limits } of containers) {
    const same = wanted.get(service);
    if (same === undefined) orphans.push(name);
    else if (!services.has(service)) {
      const replica = placed(same.service, index);
      if (replica === undefined) continue;
      const now = replica === same.service ? same : wantedAs(app, replica);
      if (label === now.label && (limits === undefined || hasLimits(limits, now.service))) continue;
      const made = parseSettings(label);
      if (made === undefined) continue;
      const before = effectiveSettings(made, now.service, now.settings, limits);
      if (differingSettings(before, now.settings).length > 0) services.add(service);
    }
  }
  return services.size === 0 && orphans.length === 0
    ? undefined
    : { services: [...services].sort(), orphans: orphans.sort() };
}

function wantedOf(app: AppModel): ReadonlyMap<string, Wanted> {
  const known = wantedByApp.get(app);
  if (known !== undefined) return known;
  const wanted = new Map(app.services.map((service) => [service.name, wantedAs(app, service)]));
  wantedByApp.set(app, wanted);
  return wanted;
}

const wantedByService = new WeakMap<ServiceModel, Wanted>();

function wantedAs(app: AppModel, service: ServiceModel): Wanted {
  const known = wantedByService.get(service);
  if (known !== undefined) return known;
  const settings = settingsOf(app, service);
  const wanted = { service, settings, label: JSON.stringify(settings) };
  wantedByService.set(service, wanted);
  return wanted;
}
