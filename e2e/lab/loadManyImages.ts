import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { LabEngine } from './LabEngine.ts';

/** An archive without files is two empty blocks. */
const EMPTY_LAYER = Buffer.alloc(1024);

/** Puts images `NAME-0:1`, `NAME-1:1`, … into an engine, by one archive. Each holds nothing but its number. */
export async function loadManyImages(engine: LabEngine, name: string, count: number): Promise<void> {
  const archive = pack();
  const manifest: { Config: string; RepoTags: string[]; Layers: string[] }[] = [];
  archive.entry({ name: 'empty/layer.tar' }, EMPTY_LAYER);
  for (let at = 0; at < count; at += 1) {
    const config = JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-01T00:00:00Z',
      config: { Labels: { at: String(at) } },
      history: [{ created: '2026-01-01T00:00:00Z', created_by: '/bin/sh -c true' }],
      rootfs: {
        type: 'layers',
        diff_ids: [`sha256:${createHash('sha256').update(EMPTY_LAYER).digest('hex')}`],
      },
    });
    archive.entry({ name: `${at}.json` }, config);
    manifest.push({ Config: `${at}.json`, RepoTags: [`${name}-${at}:1`], Layers: ['empty/layer.tar'] });
  }
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
  archive.finalize();
  execFileSync('docker', ['-H', engine.host, 'load'], {
    input: await buffer(archive),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}
