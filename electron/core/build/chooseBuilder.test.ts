import { describe, expect, it } from 'vitest';
import type { EngineClient } from '#core/engine/EngineApi.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from './BuildProblem.ts';
import { SessionRefused } from './buildkit/openSession.ts';
import { createChooseBuilder } from './chooseBuilder.ts';
import { findBuildKitOnly } from './findBuildKitOnly.ts';
import { hintInOutput } from './hintInOutput.ts';

function client(
  product: 'Docker' | 'Podman',
  headers: Record<string, string> = {},
): EngineClient & { pings: number } {
  const one = {
    pings: 0,
    info: { product, version: '1' },
    async openStream() {
      one.pings += 1;
      return { statusCode: 200, headers, close() {} };
    },
  };
  return one as unknown as EngineClient & { pings: number };
}

const model = (change: Partial<BuildModel> = {}): BuildModel => ({
  context: '.',
  dockerfile: 'Dockerfile',
  args: {},
  ...change,
});
const problemOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof BuildProblem ? error.failure.message : String(error)),
  );

describe('the choice of a builder', () => {
  it.each([
    [
      'Docker 20.10, which tells nothing',
      client('Docker', { ostype: 'linux' }),
      undefined,
      'buildkit',
      /offers BuildKit/,
    ],
    ['Docker 23', client('Docker', { 'builder-version': '2' }), 'v1', 'buildkit', /offers BuildKit/],
    [
      'BuildKit turned off',
      client('Docker', { 'builder-version': '1' }),
      undefined,
      'classic',
      /settings turn BuildKit off/,
    ],
    [
      'BuildKit turned off beside buildx',
      client('Docker', { 'builder-version': '1' }),
      'v1',
      'buildx',
      /turn BuildKit off.*v1/,
    ],
    ['Windows containers', client('Docker', { ostype: 'windows' }), undefined, 'classic', /Windows/],
    ['Podman', client('Podman'), undefined, 'classic', /Podman 1 has no BuildKit/],
    ['Podman beside buildx', client('Podman'), 'v1', 'classic', /Podman/],
  ])('is right for %s', async (_, engine, buildx, kind, reason) => {
    const choose = createChooseBuilder(async () => buildx);
    const choice = await choose(engine, { build: model() });
    expect(choice.kind).toBe(kind);
    expect(choice.reason).toMatch(reason);
    expect((await choose.all(engine))[0]?.kind).toBe(kind);
    expect(engine.pings).toBeLessThanOrEqual(1);
  });

  it.each([
    [{ ssh: ['default'] }],
    [{ cacheTo: ['type=registry,ref=x'] }],
    [{ cacheFrom: ['type=local,src=x'] }],
    [{ provenance: 'mode=max' }],
    [{ sbom: 'true' }],
    [{ platforms: ['linux/amd64', 'linux/arm64'] }],
  ])('is buildx for %j, which says when it is missing', async (change) => {
    const engine = client('Docker');
    const request = { build: model(change) };
    expect((await createChooseBuilder(async () => 'v1')(engine, request)).kind).toBe('buildx');
    expect(await problemOf(createChooseBuilder(async () => undefined)(engine, request))).toMatch(
      /needs the command `docker buildx`/,
    );
    expect(await problemOf(createChooseBuilder(async () => 'v1')(client('Podman'), request))).toMatch(
      /does not work with Podman/,
    );
    expect(
      await problemOf(createChooseBuilder(async () => 'v1')(engine, { ...request, builder: 'buildkit' })),
    ).toMatch(/cannot be served/);
  });

  it('stays BuildKit for what the session serves', async () => {
    const build = model({
      cacheTo: ['type=inline'],
      cacheFrom: ['x:1', 'type=registry,ref=x'],
      platforms: ['linux/amd64'],
      secrets: [{ id: 'a', file: 'a' }],
    });
    expect((await createChooseBuilder(async () => 'v1')(client('Docker'), { build })).kind).toBe('buildkit');
  });

  it('is what was asked for, or a reason why not', async () => {
    const choose = createChooseBuilder(async () => undefined);
    expect((await choose(client('Docker'), { build: model(), builder: 'classic' })).kind).toBe('classic');
    expect(await problemOf(choose(client('Docker'), { build: model(), builder: 'buildx' }))).toMatch(
      /not installed/,
    );
    expect(await problemOf(choose(client('Podman'), { build: model(), builder: 'buildkit' }))).toMatch(
      /Podman 1 has no BuildKit/,
    );
  });

  it('remembers a refused session for that engine only', async () => {
    const choose = createChooseBuilder(async () => undefined);
    const [refusing, other] = [client('Docker'), client('Docker')];
    choose.refused(refusing, new SessionRefused(403, 'no'));
    expect(await choose(refusing, { build: model() })).toEqual({
      kind: 'classic',
      reason: 'The engine gives no build sessions (HTTP 403: no). The classic builder is used.',
    });
    expect((await choose(other, { build: model() })).kind).toBe('buildkit');
  });
});

describe('what a classic builder will refuse', () => {
  it('is found with its line', () => {
    const text =
      'FROM x\nRUN --mount=type=cache,target=/c true\nCOPY --link a b\nCOPY --from=x a b\nRUN <<EOF\necho\nEOF\nRUN cat << 1\nADD --chown=1 a b\n';
    expect(findBuildKitOnly(text, 'Docker').map((one) => [one.line, one.what])).toEqual([
      [2, '`RUN --mount`'],
      [3, '`COPY --link`'],
      [5, '`RUN <<` (a text of several lines)'],
    ]);
    expect(findBuildKitOnly(text, 'Podman').map((one) => one.line)).toEqual([5]);
  });
});

describe('the likely cause in what a step printed', () => {
  it.each([
    [
      'E: Unable to locate package libopenmpi-devel',
      /apt knows no package `libopenmpi-devel`.*apt-get update/,
    ],
    ['ERROR: No matching distribution found for numpy==9', /pip finds no `numpy==9`/],
    ['curl: (6) Could not resolve host: example.org', /could not reach the network/],
    ["wget: bad address 'example.org'", /could not reach the network/],
    ['main.c:1:10: fatal error: mpi.h: No such file or directory', /The header `mpi\.h` is not in the image/],
    ["ModuleNotFoundError: No module named 'numpy'", /Python module `numpy`/],
    ['/bin/sh: 1: mpicc: not found', /The program `mpicc` is not in the image/],
    ['cp: error writing: No space left on device', /disk is full/],
    ["mkdir: can't create directory '/x': Permission denied", /may not do this as its user/],
    ['c++: fatal error: Killed signal terminated program cc1plus\nKilled', /Memory ran out/],
  ])('%j', (printed, hint) => {
    expect(hintInOutput([...printed.split('\n'), 'make: *** [all] Error 1'])).toMatch(hint);
  });
  it('is nothing where nothing is known', () => expect(hintInOutput(['assertion failed'])).toBeUndefined());
});
