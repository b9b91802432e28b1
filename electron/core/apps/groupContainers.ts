import type { ContainerRecord, EngineService } from '../engine/EngineApi.ts';

/** Answers the containers by project, one-off ones aside; grouped once per revision of the snapshot. */
export function groupContainers(
  engine: Pick<EngineService, 'snapshot'>,
): () => ReadonlyMap<string, ContainerRecord[]> {
  let grouped = {
    revision: -1,
    source: engine.snapshot.containers,
    byProject: new Map<string, ContainerRecord[]>(),
  };
  return () => {
    const { revision, containers } = engine.snapshot;
    if (grouped.revision === revision && grouped.source === containers) return grouped.byProject;
    const byProject = new Map<string, ContainerRecord[]>();
    for (const container of containers.values()) {
      if (container.oneOff) continue;
      const list = byProject.get(container.project);
      if (list === undefined) byProject.set(container.project, [container]);
      else list.push(container);
    }
    grouped = { revision, source: containers, byProject };
    return byProject;
  };
}
