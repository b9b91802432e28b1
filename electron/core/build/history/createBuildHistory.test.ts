import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildHistory } from './BuildHistory.ts';
import { createBuildHistory } from './createBuildHistory.ts';

let folder: string;
let logged: string[];
const histories: BuildHistory[] = [];
const open = (change: { keptPerApp?: number; keptBytes?: number } = {}): BuildHistory => {
  const history = createBuildHistory({
    folder: join(folder, 'builds'),
    log: (line) => logged.push(line),
    ...change,
  });
  histories.push(history);
  return history;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-history-'));
  logged = [];
});
afterEach(async () => {
  await Promise.all(histories.splice(0).map((history) => history.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

const build = (number: number, change: Partial<BuildView> = {}): BuildView => ({
  id: `id-${number}`,
  appId: 'app',
  service: 'worker',
  tag: 'pi-worker:latest',
  state: 'succeeded',
  startedAt: 1_000 * number,
  begunAt: 1_000 * number + 1,
  endedAt: 1_000 * number + 500,
  noCache: false,
  builder: { kind: 'buildkit', reason: 'The engine offers it.' },
  context: { files: 2, bytes: 100, sentBytes: 100, skipped: [{ path: 'a', reason: 'b' }] },
  steps: [
    { number: 1, total: 2, instruction: 'FROM busybox', line: 1, state: 'done', cached: false },
    {
      number: 2,
      total: 2,
      instruction: 'RUN true',
      state: 'done',
      cached: true,
      startedAt: 5,
      endedAt: 9,
      stage: 'a',
      inputs: [1],
    },
  ],
  imageId: 'sha256:1',
  result: {
    imageId: 'sha256:1',
    digest: 'r@sha256:2',
    sizeBytes: 10 * number,
    layers: [{ createdBy: 'RUN true', sizeBytes: 3 }],
  },
  ...change,
});
const nothing = { lines: [], dropped: 0 };
const files = (app = 'app'): string[] => readdirSync(join(folder, 'builds', app)).sort();

describe('the history of builds', () => {
  it('is there after a restart: entries, whole builds and their output, other people’s too', async () => {
    const first = open();
    const output = {
      lines: [
        { step: 0, text: 'żółw \u001b[31mred' },
        { step: 2, text: 'two\nlines' },
      ],
      dropped: 4,
    };
    first.add(build(1), output);
    first.add(build(2, { service: 'main' }), nothing);
    first.add(
      build(3, {
        state: 'failed',
        result: undefined,
        error: { message: 'No.', file: 'Dockerfile', line: 3 },
      }),
      nothing,
    );
    first.add(build(4), nothing);
    first.add(build(5, { appId: '../../evil', service: 'other' }), nothing);
    await first.dispose();

    const second = open();
    expect((await second.list('app')).map((entry) => entry.id)).toEqual(['id-4', 'id-3', 'id-2', 'id-1']);
    expect(await second.list('app', { service: 'worker', limit: 2 })).toMatchObject([
      {
        id: 'id-4',
        sizeBytes: 40,
        sizeDeltaBytes: 30,
        steps: 1,
        cachedSteps: 1,
        builder: 'buildkit',
        digest: 'r@sha256:2',
      },
      { id: 'id-3', state: 'failed', errorMessage: 'No.' },
    ]);
    expect((await second.find('id-1'))?.build).toEqual(build(1));
    expect(await second.output('id-1')).toEqual(output);
    expect((await second.list('../../evil')).map((entry) => entry.id)).toEqual(['id-5']);
    expect(readdirSync(folder)).toEqual(['builds']);
    // What another Flotilla adds meanwhile is seen too.
    first.add(build(6), nothing);
    await first.dispose();
    expect((await second.list('app', { limit: 1 }))[0]?.id).toBe('id-6');
    expect(logged).toEqual([]);
  });

  it('keeps the last ten thousand lines and says how many it dropped', async () => {
    const history = open();
    const lines = Array.from({ length: 12_000 }, (_, index) => ({ step: 1, text: `line ${index}` }));
    history.add(build(1), { lines, dropped: 5 });
    const kept = await history.output('id-1');
    expect(kept?.dropped).toBe(2_005);
    expect(kept?.lines).toHaveLength(10_000);
    expect(kept?.lines[0]?.text).toBe('line 2000');
  });

  it('sets a corrupt file aside and says so; the others stay', async () => {
    const first = open();
    first.add(build(1), nothing);
    first.add(build(2), nothing);
    await first.dispose();
    const [broken = ''] = files().filter((name) => name.endsWith('id-1.json'));
    writeFileSync(join(folder, 'builds/app', broken), '{"version":1,"build":{"id":7}}');
    const [output = ''] = files().filter((name) => name.endsWith('id-2.output.gz'));
    writeFileSync(join(folder, 'builds/app', output), 'no gzip');

    const second = open();
    expect((await second.list('app')).map((entry) => entry.id)).toEqual(['id-2']);
    expect(files().some((name) => name.startsWith(`${broken}.corrupt-`))).toBe(true);
    expect(logged).toEqual([expect.stringContaining(broken)]);
    expect(await second.find('id-1')).toBeUndefined();
    expect(await second.output('id-2')).toEqual({ lines: [], dropped: 0 });
    expect(logged).toHaveLength(2);
  });

  it('forgets the oldest of an app beyond its number, files and all', async () => {
    const history = open({ keptPerApp: 3 });
    for (let number = 1; number <= 5; number += 1) history.add(build(number), nothing);
    history.add(build(1, { id: 'elsewhere', appId: 'other' }), nothing);
    expect((await history.list('app')).map((entry) => entry.id)).toEqual(['id-5', 'id-4', 'id-3']);
    expect(files()).toHaveLength(6);
    expect(await history.list('other')).toHaveLength(1);
  });

  it('forgets the oldest of all apps beyond the size, but never the newest', async () => {
    const history = open({ keptBytes: 4_000 });
    for (let number = 1; number <= 6; number += 1)
      history.add(build(number, { appId: number % 2 === 0 ? 'app' : 'other' }), nothing);
    await history.list('app');
    const bytes = ['app', 'other'].flatMap((app) =>
      files(app).map((name) => readFileSync(join(folder, 'builds', app, name)).byteLength),
    );
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4_000);
    expect((await history.list('app'))[0]?.id).toBe('id-6');
    const tiny = open({ keptBytes: 1 });
    tiny.add(build(7), nothing);
    expect((await tiny.list('app')).map((entry) => entry.id)).toEqual(['id-7']);
  });

  it('says why a build was not kept, and goes on', async () => {
    const history = open();
    mkdirSync(join(folder, 'builds'), { recursive: true });
    writeFileSync(join(folder, 'builds/app'), 'a file in the place of a folder');
    history.add(build(1), nothing);
    expect(await history.list('app')).toEqual([]);
    expect(logged).toEqual([expect.stringContaining('the build of worker was not kept')]);
    rmSync(join(folder, 'builds/app'));
    history.add(build(2), nothing);
    expect(await history.list('app')).toHaveLength(1);
  });

  it('never looks outside its folder', async () => {
    const history = open();
    writeFileSync(join(folder, 'secret.json'), '{}');
    for (const id of ['../secret', '..', '', 'a/b', 'x'.repeat(200)]) {
      expect(await history.find(id)).toBeUndefined();
      expect(await history.output(id)).toBeUndefined();
    }
  });
});
