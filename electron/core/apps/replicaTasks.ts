import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import { byWorth } from '#shared/reconcile/decideReplicas.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { listReplicas, type PresentReplica } from './listReplicas.ts';
import type { Refresh } from './plannedRefresh.ts';

/** One thing to do with one replica. */
export type ReplicaTask =
  | { kind: 'remove' | 'start' | 'replace'; container: PresentReplica }
  | { kind: 'update'; container: PresentReplica }
  | { kind: 'create'; index: number };

/**
 * What brings the replicas that a service has now to a number of them and to what else is asked for.
 * @param owns whether a container with these labels is of the app’s folder
 */
export async function replicaTasks(
  client: EngineClient,
  project: string,
  service: ServiceModel,
  owns: (labels: Readonly<Record<string, string>>) => boolean,
  { replicas, refresh }: { replicas: number; refresh: Refresh },
): Promise<ReplicaTask[]> {
  // What does not run goes first, then what has least to do, then the newest.
  const present = await listReplicas(client, project, service, owns, replicas);
  present.sort(byWorth);
  const leaving = present.slice(0, Math.max(0, present.length - replicas));
  const kept = present.slice(leaving.length).sort((a, b) => a.index - b.index);
  const tasks: ReplicaTask[] = leaving.map((container) => ({ kind: 'remove', container }));
  const planned = typeof refresh === 'object' ? refresh : undefined;
  const mindsImage = refresh === 'image' || planned?.image === true;
  const imageId = mindsImage ? await imageIdOf(client, service) : undefined;
  for (const container of kept) {
    const isStale =
      container.state === 'dead' ||
      planned?.replace.has(container.id) === true ||
      (imageId !== undefined && container.imageId !== imageId);
    if (isStale) tasks.push({ kind: 'replace', container });
    else if (planned?.update.has(container.id) === true) tasks.push({ kind: 'update', container });
    else if (container.state === 'created' || planned?.start.has(container.id) === true)
      tasks.push({ kind: 'start', container });
  }
  const taken = new Set(kept.map((container) => container.index));
  for (let index = 1; taken.size < replicas; index += 1) {
    if (taken.has(index)) continue;
    taken.add(index);
    tasks.push({ kind: 'create', index });
  }
  return tasks;
}

async function imageIdOf(client: EngineClient, { image }: ServiceModel): Promise<string | undefined> {
  try {
    return (await client.request<{ Id?: string }>({ path: `/images/${image}/json` })).Id;
  } catch {
    // Creating will say what is wrong with it.
    return undefined;
  }
}
