import { execFileSync } from 'node:child_process';
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
  });
  afterAll(async () => {
    await lab.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(['classic', 'buildkit'] as const)(
    'is said with what to do, and builds again with room (%s)',
    async (builder) => {
      const { engine, openStreams } = testEngine(lab.host);
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
        execFileSync('mount', ['-o', 'remount,size=48m', join(lab.folder, 'data')]);
        writeFileSync(join(root, 'data'), Buffer.alloc(64 * 1024 ** 2, 'x'));
        const full = await build();
        expect(full.state).toBe('failed');
        expect(`${full.error?.message} ${full.error?.hint}`).toMatch(/no space left on device/i);
        expect(full.error?.hint).toMatch(/The engine’s disk is full/);
        truncateSync(join(root, 'data'), 1_000);
        // Somebody made room; that BuildKit keeps what it had fetched is its own affair.
        execFileSync('mount', ['-o', 'remount,size=200m', join(lab.folder, 'data')]);
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
