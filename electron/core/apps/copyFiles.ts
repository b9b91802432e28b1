import type { CopiedFile } from '#shared/domain/ServiceModel.ts';
import { endOfTar, tarFile } from '../build/context/tarFile.ts';
import type { EngineClient } from '../engine/EngineApi.ts';

/**
 * Copies secrets and configs that are no files into a container that does not run yet (Docker Engine API, `PUT /containers/{id}/archive`). They go from
 * memory to the engine and stand on no disk but the container's own.
 */
export async function copyFiles(
  client: EngineClient,
  containerId: string,
  files: readonly CopiedFile[] | undefined,
): Promise<void> {
  if (files === undefined || files.length === 0) return;
  const modifiedMs = Date.now();
  const entries = files.map(({ target, text, mode, uid, gid }) =>
    tarFile(target.replace(/^\/+/, ''), Buffer.from(text), { mode, modifiedMs, owner: { uid, gid } }),
  );
  await client.request({
    method: 'PUT',
    path: `/containers/${containerId}/archive`,
    query: { path: '/' },
    headers: { 'content-type': 'application/x-tar' },
    body: Buffer.concat([...entries, endOfTar()]),
  });
}
