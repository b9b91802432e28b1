import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { PrunePreview, PruneResult } from '#shared/domain/Image.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { CacheRecord, DiskUsage } from './DiskUsage.ts';

/** BuildKit's records that no build uses now, the largest first. What images share with the cache frees nothing. */
export async function previewBuildCache(client: EngineClient, usage: DiskUsage): Promise<PrunePreview> {
  refusePodman(client);
  const going = (await usage.buildCache(client))
    .filter((record) => record.InUse !== true)
    .sort((a, b) => (b.Size ?? 0) - (a.Size ?? 0));
  return {
    scope: 'build-cache',
    images: going.map((record) => ({
      id: record.ID,
      tags: [],
      digests: [],
      sizeBytes: record.Size ?? 0,
      description: (record.Description ?? record.Type ?? '').slice(0, 500),
      cache: {
        type: record.Type ?? '',
        lastUsedAt: timeOf(record.LastUsedAt),
        shared: record.Shared === true,
      },
    })),
    reclaimableBytes: going.reduce(
      (sum, record) => sum + (record.Shared === true ? 0 : (record.Size ?? 0)),
      0,
    ),
  };
}

/** Takes away those of `ids` that no build uses now; `freedBytes` is what the engine says. */
export async function pruneBuildCache(
  client: EngineClient,
  usage: DiskUsage,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<PruneResult> {
  refusePodman(client);
  const wanted = new Set(ids);
  const records = await usage.buildCache(client);
  const free = records.filter((record) => record.InUse !== true);
  const going = free.filter((record) => wanted.has(record.ID));
  // One request does it where everything free is wanted; else each goes by its id, those that stand on others first.
  const filters = going.length === free.length ? [undefined] : topFirst(going).map((record) => record.ID);
  const failures = new Map<string, string>();
  for (const id of going.length === 0 ? [] : filters) {
    if (signal?.aborted === true) break;
    try {
      await client.request({
        method: 'POST',
        path: '/build/prune',
        query: { all: true, ...(id === undefined ? {} : { filters: JSON.stringify({ id: [id] }) }) },
      });
    } catch (error) {
      if (id === undefined || (error instanceof FlotillaError && error.code === 'engine-unavailable'))
        throw error;
      failures.set(id, toErrorShape(error).message);
    }
  }
  const left = new Set((await usage.buildCache(client)).map((record) => record.ID));
  const known = new Map(records.map((record) => [record.ID, record]));
  const kept = [...wanted].flatMap((id) => {
    if (!known.has(id)) return [{ id, reason: 'It is gone already.' }];
    if (!left.has(id)) return [];
    const reason = known.get(id)?.InUse === true ? 'A build uses it.' : 'Another record stands on it.';
    return [{ id, reason: failures.get(id) ?? reason }];
  });
  // The engine's own sum counts what images still hold, too.
  const freedBytes = going.reduce(
    (sum, { ID, Size = 0, Shared }) => sum + (left.has(ID) || Shared === true ? 0 : Size),
    0,
  );
  return { removed: wanted.size - kept.length, freedBytes, kept };
}

function timeOf(date: string | null | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** Children before their parents: a record that another stands on does not go. */
function topFirst(records: readonly CacheRecord[]): CacheRecord[] {
  const byId = new Map(records.map((record) => [record.ID, record]));
  const ordered: CacheRecord[] = [];
  const seen = new Set<string>();
  const place = (record: CacheRecord): void => {
    if (seen.has(record.ID)) return;
    seen.add(record.ID);
    for (const parent of [...(record.Parents ?? []), record.Parent ?? '']) {
      const below = byId.get(parent);
      if (below !== undefined) place(below);
    }
    ordered.push(record);
  };
  for (const record of records) place(record);
  return ordered.reverse();
}

function refusePodman({ info }: EngineClient): void {
  if (info.product === 'Podman')
    throw new FlotillaError('unsupported', 'Podman has no build cache apart from its images.', {
      hint: 'Prune dangling images instead.',
    });
}
