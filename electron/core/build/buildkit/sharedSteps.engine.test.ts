import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildService } from '../BuildApi.ts';
import { createBuildService } from '../createBuildService.ts';
import { testEngine } from '../testEngine.ts';

const { engine, client, openStreams } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;

let root: string;
let builds: BuildService;
const tagOf = (target: string): string => `sharedtest-${unique}-${target}:latest`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-shared-')));
  builds = createBuildService({ engine });
});
afterEach(async () => {
  await builds.dispose();
  rmSync(root, { recursive: true, force: true });
  for (const target of ['one', 'two'])
    await client
      .request({ method: 'DELETE', path: `/images/${tagOf(target)}`, query: { force: true } })
      .catch(() => {});
  expect(openStreams()).toBe(0);
});

/** Two services of one Dockerfile, built at once. */
function start(dockerfile: string): [one: string, two: string] {
  writeFileSync(join(root, 'Dockerfile'), dockerfile);
  for (const name of ['in.txt', 'one.sh', 'two.sh'])
    writeFileSync(join(root, name), `${name} ${Math.random()}\n`);
  const begin = (target: string): string =>
    builds.start({
      appId: 'app',
      service: target,
      projectRoot: root,
      labels: {},
      noCache: false,
      tag: tagOf(target),
      build: { context: '.', dockerfile: 'Dockerfile', target, args: {} },
    }).id;
  return [begin('one'), begin('two')];
}

const linesOf = (id: string): string[] => builds.output(id).lines.map(({ text }) => text);
const stepAt = (view: BuildView | undefined, line: number) => view?.steps.find((step) => step.line === line);

const TARGETS = 'FROM base AS one\nCOPY one.sh /\nFROM base AS two\nCOPY two.sh /\n';

describe('services of one Dockerfile built together', () => {
  it('each show every step, also one that the engine does for both, with its output while it runs', async () => {
    const [one, two] = start(
      `FROM busybox AS base\nCOPY in.txt /\nRUN echo begun; sleep 2; echo ended # ${Math.random()}\n${TARGETS}`,
    );
    const both = (check: (id: string) => boolean): boolean => [one, two].every(check);
    await expect
      .poll(
        () => both((id) => stepAt(builds.get(id), 3)?.state === 'running' && linesOf(id).includes('begun')),
        {
          timeout: 10_000,
        },
      )
      .toBe(true);
    const views = await Promise.all([builds.wait(one), builds.wait(two)]);
    for (const [view, own] of [
      [views[0], 5],
      [views[1], 7],
    ] as const) {
      expect(view.error).toBeUndefined();
      expect(
        view.steps.filter(({ line }) => line !== undefined).map(({ line, state }) => [line, state]),
      ).toEqual([
        [1, 'done'],
        [2, 'done'],
        [3, 'done'],
        [own, 'done'],
      ]);
      expect(linesOf(view.id).filter((text) => text === 'ended')).toHaveLength(1);
    }
  });

  it('both fail at the line of the step they share, with what it printed', async () => {
    const [one, two] = start(
      `FROM busybox AS base\nCOPY in.txt /\nRUN echo the reason; sleep 1; exit 4 # ${Math.random()}\n${TARGETS}`,
    );
    for (const id of [one, two]) {
      const view = await builds.wait(id);
      expect(view.state).toBe('failed');
      expect(view.error).toMatchObject({ file: 'Dockerfile', line: 3 });
      expect(view.error?.message).toMatch(/^`RUN echo the reason.*ended with exit code 4\.$/);
      expect(view.error?.excerpt?.length).toBeGreaterThan(1);
      expect(linesOf(id)).toContain('the reason');
      expect(stepAt(view, 3)?.state).toBe('failed');
      expect(stepAt(view, 2)?.state).toBe('done');
    }
  });

  it('go on when the one that was told of the work is cancelled', async () => {
    const [one, two] = start(
      `FROM busybox AS base\nCOPY in.txt /\nRUN echo begun; sleep 2; echo ended # ${Math.random()}\n${TARGETS}`,
    );
    await expect
      .poll(() => linesOf(one).includes('begun') && linesOf(two).includes('begun'), { timeout: 10_000 })
      .toBe(true);
    builds.cancel(one);
    const [first, second] = await Promise.all([builds.wait(one), builds.wait(two)]);
    expect(first.state).toBe('cancelled');
    expect(second.error).toBeUndefined();
    expect(stepAt(second, 3)?.state).toBe('done');
  });
});
