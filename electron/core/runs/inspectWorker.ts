import type { RunWorker } from '#shared/domain/Run.ts';
import { hasStatus } from '../apps/stopContainer.ts';
import { type ContainerInspection, type HostLimits, recordOfInspection } from '../engine/containerRecord.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import { ranOutOfMemory } from '../engine/ranOutOfMemory.ts';
import { hideValue } from './describeStart.ts';

/** `GET /containers/{id}/json` (Docker Engine API 1.41), as far as a run's entry is read from it. */
interface Inspection extends ContainerInspection {
  RestartCount?: number;
  Config?: ContainerInspection['Config'] & { Env?: string[] | null };
  HostConfig?: HostLimits & { DeviceRequests?: { DeviceIDs?: string[] | null }[] | null };
}

/** A container in full, and what a run's entry says of it; undefined when it is gone. */
export async function inspectWorker(
  client: EngineClient,
  id: string,
): Promise<{ record: ContainerRecord; details: Partial<RunWorker> } | undefined> {
  let inspection: Inspection;
  try {
    inspection = await client.request<Inspection>({ path: `/containers/${id}/json` });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
  const record = recordOfInspection(inspection, client.info.updatesLimits);
  if (record === undefined) return undefined;
  const { CpusetCpus, CpusetMems, NanoCpus, Memory, PidsLimit, DeviceRequests } = inspection.HostConfig ?? {};
  const gpus = (DeviceRequests ?? []).flatMap(({ DeviceIDs }) => DeviceIDs ?? []);
  const restarts = inspection.RestartCount ?? 0;
  return {
    record: { ...record, oomKilled: await ranOutOfMemory(client, inspection) },
    details: {
      imageId: record.imageId,
      ...(restarts > 0 ? { restarts } : {}),
      placement: {
        ...(CpusetCpus === undefined || CpusetCpus === '' ? {} : { cpuset: CpusetCpus }),
        ...(CpusetMems === undefined || CpusetMems === '' ? {} : { cpusetMems: CpusetMems }),
        ...(gpus.length === 0 ? {} : { gpus }),
        ...(NanoCpus === undefined || NanoCpus === 0 ? {} : { cpus: NanoCpus / 1e9 }),
        ...(Memory === undefined || Memory === 0 ? {} : { memoryBytes: Memory }),
        ...(typeof PidsLimit === 'number' && PidsLimit > 0 ? { pidsLimit: PidsLimit } : {}),
      },
      environment: Object.fromEntries(
        (inspection.Config?.Env ?? []).map((line) => {
          const at = line.indexOf('=');
          const name = at < 0 ? line : line.slice(0, at);
          return [name, hideValue(name, at < 0 ? '' : line.slice(at + 1))];
        }),
      ),
    },
  };
}
