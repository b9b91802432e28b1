import type { EngineClient } from '#core/engine/EngineApi.ts';

/** The engine takes its own containers away when a build is broken off; this waits that long before it helps. */
const GRACE_MS = 1_500;

/**
 * Makes sure that the intermediate containers of a build that did not succeed are gone, within about 3 s.
 * Never rejects: an engine that has gone away took them with it or will be asked by nobody.
 */
export async function removeLeftovers(client: EngineClient, containers: Iterable<string>): Promise<void> {
  await Promise.all(
    [...containers].map(async (id) => {
      const deadline = Date.now() + GRACE_MS;
      while (Date.now() < deadline) {
        if (!(await exists(client, id))) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await client
        .request({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } })
        .catch(() => undefined);
    }),
  );
}

/**
 * Removes images (oldest first in `images`) that builds without success left as cache. The engine refuses for those
 * that have become part of another image; tagged ones are not touched. Never rejects.
 */
export async function removeStaleImages(
  client: EngineClient,
  images: Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  const limit = signal === undefined ? {} : { signal };
  // The newest first: with it go those of its parents that nothing else needs.
  for (const id of [...images].reverse()) {
    if (signal?.aborted === true) return;
    try {
      const image = await client.request<{ RepoTags?: string[] | null }>({
        path: `/images/${id}/json`,
        ...limit,
      });
      if ((image.RepoTags ?? []).length > 0) continue;
      await client.request({ method: 'DELETE', path: `/images/${id}`, ...limit });
    } catch {
      // In use or gone: both are fine.
    }
  }
}

async function exists(client: EngineClient, id: string): Promise<boolean> {
  try {
    await client.request({ path: `/containers/${id}/json` });
    return true;
  } catch {
    return false;
  }
}
