import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { canRunPodman, type LabPodman, startLabPodman } from '../../../e2e/lab/LabPodman.ts';
import { endpoint } from '../engine/findEndpoints.ts';
import { identifyEngine } from '../engine/negotiate.ts';
import type { BuildService } from './BuildApi.ts';
import { createBuildService } from './createBuildService.ts';
import { testEngine } from './testEngine.ts';

describe.skipIf(!canRunPodman)('a build by Podman', () => {
  let root: string;
  let podman: LabPodman;
  let builds: BuildService;
  let openStreams: () => number;

  beforeAll(async () => {
    podman = await startLabPodman();
    root = join(podman.folder, 'project');
    mkdirSync(root);
    const test = testEngine(podman.host, 'Podman');
    openStreams = test.openStreams;
    builds = createBuildService({ engine: test.engine });
  });
  afterAll(async () => {
    await builds.dispose();
    await podman.dispose();
  });

  async function build(
    dockerfile: string,
    change: Partial<BuildModel> = {},
    builder?: 'buildkit',
  ): Promise<BuildView> {
    writeFileSync(join(root, 'Dockerfile'), dockerfile);
    const { id } = builds.start({
      appId: 'app',
      service: 'worker',
      projectRoot: root,
      tag: 'localhost/podmantest:latest',
      labels: { mine: 'yes' },
      noCache: false,
      builder,
      build: { context: '.', dockerfile: 'Dockerfile', args: {}, ...change },
    });
    return builds.wait(id);
  }

  it('uses its own builder and says why, with steps, output, result and cache', async () => {
    writeFileSync(join(root, 'a.txt'), 'hello from a\n');
    const text = 'FROM busybox\nCOPY a.txt /\nRUN cat /a.txt\n';
    const view = await build(text);
    expect(view.error).toBeUndefined();
    expect(view.builder).toEqual({
      kind: 'classic',
      reason: 'Podman of the tests has no BuildKit. The classic builder is used.',
    });
    expect(view.steps.slice(0, 3).map((step) => [step.line, step.state])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
    ]);
    expect(builds.output(view.id).lines).toContainEqual({ step: 3, text: 'hello from a' });
    expect(view.result?.sizeBytes).toBeGreaterThan(1_000_000);
    expect(openStreams()).toBe(0);
    const again = await build(text);
    expect(again.imageId).toBe(view.imageId);
    expect(again.steps[2]?.cached).toBe(true);
  });

  it('builds by a text of the compose file', async () => {
    const text = 'FROM busybox\nCOPY . /c/\nRUN ls -A /c; exit 3\n';
    const view = await build('RUN false\n', {
      dockerfileInline: { text, file: 'compose.yaml', line: 4, firstLine: 5 },
    });
    expect(view.error).toMatchObject({ file: 'compose.yaml', line: 7 });
    const printed = builds.output(view.id).lines.map((line) => line.text);
    expect(printed).toContain('Dockerfile');
    expect(printed).not.toContain('.flotilla.Dockerfile');
  });

  it('fails at the line', async () => {
    const view = await build('FROM busybox\n\nRUN echo going; exit 3\n');
    expect(view.state).toBe('failed');
    expect(view.error).toMatchObject({ file: 'Dockerfile', line: 3 });
    expect(view.error?.message).toMatch(/exit code 3\.$/);
  });

  it('cancels within 2 s: the command is gone', async () => {
    const marker = `podmancancel${process.pid}`;
    const runs = (): boolean =>
      spawnSync('pgrep', ['-f', `^/bin/sh -c .*${marker}`], { stdio: 'ignore' }).status === 0;
    const started = new Promise<string>((resolve) => {
      builds.onBuild((view, lines) => {
        if (lines.some((line) => line.text === 'started')) resolve(view.id);
      });
    });
    const building = build(
      `FROM busybox\nRUN trap '' TERM; echo started; while true; do sleep 1; done # ${marker}\n`,
    );
    const id = await started;
    expect(runs()).toBe(true);
    const asked = Date.now();
    builds.cancel(id);
    expect((await building).state).toBe('cancelled');
    while (runs() && Date.now() - asked < 2_000) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(runs()).toBe(false);
  });

  it('is known to have no way of changing limits while a container runs', async () => {
    expect(await identifyEngine(endpoint('flag', 'Podman', podman.host))).toMatchObject({
      product: 'Podman',
      updatesLimits: false,
    });
  });

  it('refuses what only BuildKit does before anything is sent', async () => {
    writeFileSync(join(root, 'tok'), 'x');
    const secret = await build('FROM busybox\n', { secrets: [{ id: 'tok', file: 'tok' }] });
    expect(secret.error?.message).toMatch(/^Build secrets need BuildKit/);
    const wanted = await build('FROM busybox\n', {}, 'buildkit');
    expect(wanted.error?.message).toBe(
      'BuildKit was asked for, but is not to be had: Podman of the tests has no BuildKit.',
    );
    expect((await builds.builders()).map((choice) => choice.kind)).toEqual(['classic']);
  });
});
