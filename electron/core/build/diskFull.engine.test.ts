import { mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabEngine, startLabEngine } from '../../../e2e/lab/LabEngine.ts';
import { createBuildService } from './createBuildService.ts';
import { testEngine } from './testEngine.ts';

describe('an engine whose disk is full', () => {
  let lab: LabEngine;
  let root: string;
  beforeAll(async () => {
    lab = await startLabEngine({ images: false, diskSize: '48m' });
    root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-full-')));
    writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\nCOPY data /data\n');
    writeFileSync(join(root, 'data'), Buffer.alloc(64 * 1024 ** 2, 'x'));
  });
  afterAll(async () => {
    await lab.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(['classic', 'buildkit'] as const)(
    'is said with what to do, and builds again with room (%s)',
    async (builder) => {
      const { engine, client, openStreams } = testEngine(lab.host);
      const builds = createBuildService({ engine });
      const build = () =>
        builds.wait(
          builds.start({
            appId: 'app',
            service: 'worker',
            tag: `diskfull-${builder}`,
            projectRoot: root,
            labels: {},
            noCache: false,
            builder,
            build: { context: '.', dockerfile: 'Dockerfile', args: {} },
          }).id,
        );
      try {
        truncateSync(join(root, 'data'), 64 * 1024 ** 2);
        const full = await build();
        expect(full.state).toBe('failed');
        expect(`${full.error?.message} ${full.error?.hint}`).toMatch(/no space left on device/i);
        expect(full.error?.hint).toMatch(/The engine’s disk is full/);
        truncateSync(join(root, 'data'), 1_000);
        // As the hint says: BuildKit keeps what it had fetched.
        await client.request({ method: 'POST', path: '/build/prune', query: { all: true } });
        const small = await build();
        expect(small.error).toBeUndefined();
        expect(small.state).toBe('succeeded');
        expect(openStreams()).toBe(0);
      } finally {
        await builds.dispose();
      }
    },
  );
});
