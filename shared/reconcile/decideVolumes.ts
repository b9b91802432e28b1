import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { PlanNote } from './ChangePlan.ts';
import type { EngineFacts } from './EngineFacts.ts';
import { isSameRecord } from './isSameRecord.ts';

/** A named volume that containers mount and the engine has not, or that is external and missing. */
export interface VolumeDecision {
  key: string;
  name: string;
  action: 'create' | 'missing';
}

/** Volumes hold data: one that differs from the file is told, never replaced. */
export function decideVolumes(app: AppModel, facts: EngineFacts, notes: PlanNote[]): VolumeDecision[] {
  const present = new Map(facts.volumes.map((volume) => [volume.name, volume]));
  const mounted = new Set(app.services.flatMap(volumesOf));
  const decisions: VolumeDecision[] = [];
  for (const volume of app.volumes) {
    if (!mounted.has(volume.key)) continue;
    const found = present.get(volume.name);
    if (found === undefined) {
      decisions.push({ key: volume.key, name: volume.name, action: volume.external ? 'missing' : 'create' });
      if (volume.external)
        notes.push({
          kind: 'blocked',
          subject: volume.name,
          text: `volume ${volume.name} does not exist, and it is external: somebody else makes it`,
          hint: `Create it: docker volume create ${volume.name}`,
        });
      continue;
    }
    const differs =
      (volume.driver ?? 'local') !== found.driver || !isSameRecord(volume.driverOpts, found.options);
    if (!volume.external && found.own && differs)
      notes.push({
        kind: 'kept',
        subject: volume.name,
        text: `volume ${volume.name} stays as it is though its driver or its options changed: it holds data`,
        hint: 'Save what it holds, then remove the app with its volumes: flotilla down DIR --volumes',
      });
  }
  return decisions;
}

/** Keys of the named volumes that a service mounts. */
export function volumesOf(service: ServiceModel): string[] {
  return service.mounts.flatMap((mount) =>
    mount.kind === 'volume' && mount.source !== undefined ? [mount.source] : [],
  );
}
