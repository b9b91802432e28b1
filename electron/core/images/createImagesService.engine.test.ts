import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImagesChange, ImageTransfer } from '#shared/domain/Image.ts';
import {
  authOf,
  LAB_PASSWORD,
  LAB_USER,
  type LabRegistry,
  type LabServer,
  startLabRegistry,
  startLabServer,
  startSlowWay,
  writeDockerConfig,
} from '../../../e2e/lab/LabRegistry.ts';
import { docker, startTestCore, type TestCore, testHost } from '../testCore.ts';
import type { ImagesService } from './ImagesApi.ts';

const NAME = 'flotilla-images-test';
/** The first takes an engine, also one in memory, several of the moments at which progress is told. */
const LAYERS = [48_000_000, 2_000_000];

let registry: LabRegistry;
let bench: TestCore;
let images: ImagesService;
const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
const servers: LabServer[] = [];
const none = new AbortController().signal;

/** A build by the command line, in the order of Dockerfile lines. */
function build(tag: string | undefined, ...lines: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-images-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    const named = tag === undefined ? [] : ['-t', tag];
    return execFileSync('docker', ['-H', testHost(), 'build', '-q', ...named, folder], {
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      stdio: 'pipe',
      encoding: 'utf8',
    }).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const random = (bytes: number, file: string): string => `RUN head -c ${bytes} /dev/urandom > /${file}`;

/** Runs a transfer to its end and keeps all it told. */
async function through(transfer: AsyncGenerator<ImageTransfer[]>): Promise<ImageTransfer[]> {
  const told: ImageTransfer[] = [];
  for await (const batch of transfer) told.push(...batch);
  return told;
}

function useConfig(config: object | string): void {
  env['DOCKER_CONFIG'] = writeDockerConfig(registry.folder, config);
}

async function server(handler: string): Promise<string> {
  const started = await startLabServer({ host: testHost(), handler });
  servers.push(started);
  return started.address;
}

beforeAll(async () => {
  registry = await startLabRegistry({ host: testHost() });
  bench = await startTestCore(testHost(), { env });
  images = bench.core.images;
  build(
    `${NAME}:1`,
    'FROM busybox:latest',
    ...LAYERS.map((bytes, index) => random(bytes, `f${index}`)),
    'ENV SOLVER=jacobi',
    'LABEL com.docker.compose.project=pi com.docker.compose.service=worker',
    'WORKDIR /work',
    'USER 1000',
    'CMD ["sleep", "60"]',
  );
});

afterEach(async () => {
  for (const started of servers.splice(0)) await started.dispose();
  expect(bench.core.engine.liveStreams.list().filter(({ purpose }) => /pull|push/.test(purpose))).toEqual([]);
});

afterAll(async () => {
  const containers = docker('ps', '-aq', '--filter', `name=${NAME}`).split('\n').filter(Boolean);
  if (containers.length > 0) docker('rm', '-f', ...containers);
  const left = docker('images', '--format', '{{.Repository}}:{{.Tag}}')
    .split('\n')
    .filter((tag) => tag.includes(NAME));
  if (left.length > 0) docker('rmi', '-f', ...left);
  await bench.dispose();
  await registry.dispose();
});

describe('images of the engine', () => {
  it('are listed with size, users and what they were built for, and told in detail by layer', async () => {
    docker('create', '--name', `${NAME}-user`, `${NAME}:1`);
    const image = (await images.list()).find(({ tags }) => tags.includes(`${NAME}:1`));
    expect(image).toMatchObject({
      usedBy: [`${NAME}-user`],
      builtFor: { project: 'pi', service: 'worker' },
      digests: [],
    });
    expect(image?.sizeBytes).toBeGreaterThan(50_000_000);
    const details = await images.get(`${NAME}:1`);
    expect(details).toMatchObject({
      command: ['sleep', '60'],
      workingDir: '/work',
      user: '1000',
      environment: expect.arrayContaining(['SOLVER=jacobi']) as string[],
    });
    const steps = details.layers.slice(-7);
    expect(steps.map(({ createdBy }) => createdBy)).toEqual([
      'RUN head -c 48000000 /dev/urandom > /f0',
      'RUN head -c 2000000 /dev/urandom > /f1',
      'ENV SOLVER=jacobi',
      'LABEL com.docker.compose.project=pi com.docker.compose.service=worker',
      'WORKDIR /work',
      'USER 1000',
      'CMD ["sleep", "60"]',
    ]);
    expect(steps.slice(0, 2).map(({ sizeBytes }) => sizeBytes)).toEqual(LAYERS);
    expect(details.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(details.sizeBytes);
  });

  it('are followed: a snapshot, then each change', async () => {
    const stop = new AbortController();
    const told: ImagesChange[] = [];
    const following = (async () => {
      for await (const batch of images.follow(stop.signal)) told.push(...batch);
    })();
    await expect.poll(() => told[0]?.kind).toBe('snapshot');
    docker('tag', `${NAME}:1`, `${NAME}:followed`);
    await expect
      .poll(() => told.some((item) => item.kind === 'image' && item.image.tags.includes(`${NAME}:followed`)))
      .toBe(true);
    const id = build(`${NAME}:short`, 'FROM busybox:latest', 'LABEL short=1');
    await expect.poll(() => told.some((item) => item.kind === 'image' && item.image.id === id)).toBe(true);
    // Also by a container that is no Compose project's; a list every half minute would be too late to go by.
    const users = (): string[] | undefined =>
      told.flatMap((item) => (item.kind === 'image' && item.image.id === id ? [item.image] : [])).at(-1)
        ?.usedBy;
    docker('create', '--name', `${NAME}-follower`, `${NAME}:short`);
    await expect.poll(users).toEqual([`${NAME}-follower`]);
    docker('rm', `${NAME}-follower`);
    await expect.poll(users).toEqual([]);
    docker('rmi', `${NAME}:followed`, `${NAME}:short`);
    await expect.poll(() => told.some((item) => item.kind === 'removed' && item.id === id)).toBe(true);
    stop.abort();
    await following;
    expect(told.filter(({ kind }) => kind === 'snapshot' || kind === 'failed')).toHaveLength(1);
  });

  it('get tags and lose them; the last one takes the image, unless a container uses it', async () => {
    const id = build(`${NAME}:tagged`, 'FROM busybox:latest', 'LABEL tagged=1');
    await expect(images.tag(`${NAME}:tagged`, 'BB/X:y')).rejects.toThrow(/“BB\/X:y” is no image reference/);
    await expect(images.tag(`${NAME}:absent`, 'x:y')).rejects.toMatchObject({ code: 'not-found' });
    await expect(images.get('../containers/json?')).rejects.toMatchObject({ code: 'invalid-input' });
    const summary = await images.tag(id, `localhost:5000/${NAME}:2`);
    expect(summary.tags.sort()).toEqual([`${NAME}:tagged`, `localhost:5000/${NAME}:2`].sort());
    const container = docker('create', '--name', `${NAME}-stopped`, `${NAME}:tagged`);
    // One of two tags may go; the whole image may not, and nothing of it goes.
    expect((await images.remove(`localhost:5000/${NAME}:2`, {})).untagged).toContain(
      `localhost:5000/${NAME}:2`,
    );
    const other = build(`${NAME}:other`, 'FROM busybox:latest', 'LABEL other=1');
    const taken = images.tag(id, `docker.io/library/${NAME}:other`);
    await expect(taken).rejects.toMatchObject({
      code: 'conflict',
      detail: { owner: { id: other, tags: [`${NAME}:other`] } },
    });
    expect((await images.get(other)).tags).toEqual([`${NAME}:other`]);
    expect((await images.tag(id, `${NAME}:other`, { replace: true })).id).toBe(id);
    // Its own name is no other's.
    expect((await images.tag(id, `${NAME}:other`)).id).toBe(id);
    await images.remove(`${NAME}:other`, {});
    await images.remove(other, {});
    await images.tag(id, `${NAME}:again`);
    await expect(images.remove(id, {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`^The image ${NAME}:(tagged|again) is used by stopped container ${NAME}-stopped`),
      ) as string,
      detail: { containers: [`${NAME}-stopped`], forcible: true },
    });
    expect((await images.get(id)).tags).toHaveLength(2);
    docker('start', container);
    await expect(images.remove(id, { force: true })).rejects.toMatchObject({ detail: { forcible: false } });
    docker('rm', '-f', container);
    const { untagged, removed } = await images.remove(id, {});
    expect(untagged).toEqual(expect.arrayContaining([`${NAME}:tagged`, `${NAME}:again`]));
    expect(removed).toContain(id);
    await expect(images.get(id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('pruning', () => {
  it('counts shared layers once, removes what was shown and keeps what came into use', async () => {
    const before = await images.prunePreview('dangling');
    const base = build(`${NAME}:base`, 'FROM busybox:latest', random(3_000_000, 'base'));
    const left = build(undefined, `FROM ${NAME}:base`, random(1_000_000, 'left'));
    const right = build(undefined, `FROM ${NAME}:base`, random(500_000, 'right'));
    // With its name gone only the two hold the layers of the base.
    docker('rmi', `${NAME}:base`);
    const preview = await images.prunePreview('dangling');
    // Lists leave the nameless base out, and it goes all the same.
    const added = preview.images.filter(({ id }) => !before.images.some((image) => image.id === id));
    // The engine tells whole seconds: which of the two is the newer may not be known.
    expect(
      added
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([left, right].sort());
    expect(added.slice(2)).toEqual([
      expect.objectContaining({
        id: base,
        tags: [],
        under: expect.toSatisfy((id) => id === left || id === right),
      }),
    ]);
    expect(preview.reclaimableBytes - before.reclaimableBytes).toBe(4_500_000);
    docker('create', '--name', `${NAME}-late`, right);
    const gone = `sha256:${'0'.repeat(64)}`;
    expect(await images.prune('dangling', [right, gone, left])).toEqual({
      removed: 1,
      // What the base brought is still needed by the other.
      freedBytes: 1_000_000,
      kept: [
        { id: right, reason: `It is used by ${NAME}-late.` },
        { id: gone, reason: 'It is gone already.' },
      ],
    });
    docker('rm', `${NAME}-late`);
    docker('tag', right, `${NAME}:named`);
    expect((await images.prune('dangling', [right])).kept).toEqual([
      { id: right, reason: `It has a name now: ${NAME}:named.` },
    ]);
    docker('tag', right, `${NAME}:named-too`);
    // Of the two, just what was asked for: the base would go with its last child otherwise.
    expect(await images.prune('unused', [right])).toEqual({ removed: 1, freedBytes: 500_000, kept: [] });
    expect(await images.prune('unused', [base])).toEqual({ removed: 1, freedBytes: 3_000_000, kept: [] });
  });

  it('does not offer what stays anyway, for images that stay stand on it; children go before their parents', async () => {
    const base = build(`${NAME}:under`, 'FROM busybox:latest', 'LABEL under=1');
    const child = build(`${NAME}:over`, `FROM ${NAME}:under`, 'LABEL over=1');
    docker('create', '--name', `${NAME}-over`, child);
    const ids = async (): Promise<string[]> =>
      (await images.prunePreview('unused')).images.map(({ id }) => id);
    expect(await ids()).not.toContain(base);
    docker('rm', `${NAME}-over`);
    expect(await ids()).toEqual(expect.arrayContaining([base, child]));
    expect(await images.prune('unused', [base, child])).toMatchObject({ removed: 2, kept: [] });
  });

  it('takes away exactly the chosen records of the build cache', async () => {
    /** Leaves records only: an image that stands on them would hold what they weigh. */
    const buildKit = async (step: string): Promise<void> => {
      const { docker: engine } = bench.core.engine.client();
      const context = pack();
      context.entry({ name: 'Dockerfile' }, `FROM busybox:latest\nRUN ${step}\n`);
      context.finalize();
      const stream = context as unknown as NodeJS.ReadableStream;
      const answer = await engine.buildImage(stream, { version: '2' });
      let told = '';
      for await (const chunk of answer) told += String(chunk);
      docker('rmi', /"ID":"(sha256:[0-9a-f]{64})"/.exec(told)?.[1] ?? '');
    };
    await buildKit('head -c 700000 /dev/urandom > /one');
    await buildKit('head -c 600000 /dev/urandom > /two');
    const preview = await images.prunePreview('build-cache');
    const one = preview.images.find(({ description }) => description?.includes('700000'));
    const two = preview.images.find(({ description }) => description?.includes('600000'));
    expect(one?.sizeBytes).toBeGreaterThanOrEqual(700_000);
    expect(one?.cache).toMatchObject({ type: 'regular', shared: false });
    expect(Date.now() - (one?.cache?.lastUsedAt ?? 0)).toBeLessThan(60_000);
    const sizes = preview.images.map(({ sizeBytes }) => sizeBytes);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const { freedBytes, ...rest } = await images.prune('build-cache', [one?.id ?? '']);
    expect(rest).toEqual({ removed: 1, kept: [] });
    expect(freedBytes).toBeGreaterThanOrEqual(700_000);
    const after = await images.prunePreview('build-cache');
    expect(after.images.map(({ id }) => id)).not.toContain(one?.id);
    expect(after.images.map(({ id }) => id)).toContain(two?.id);
    const all = after.images.map(({ id }) => id);
    expect(await images.prune('build-cache', all)).toMatchObject({ removed: all.length, kept: [] });
    expect((await images.prunePreview('build-cache')).images).toEqual([]);
  });

  it('several previews at once do not trip an old engine', async () => {
    const scopes = ['dangling', 'unused', 'build-cache', 'unused'] as const;
    expect(await Promise.all(scopes.map((scope) => images.prunePreview(scope)))).toHaveLength(4);
  });
});

describe('pulling and pushing', () => {
  it('goes there and back with each layer told and the digest the same', async () => {
    useConfig({ auths: { [registry.address]: authOf() } });
    const reference = `${registry.address}/team/${NAME}:1`;
    await images.tag(`${NAME}:1`, reference);
    const pushed = await through(images.push(reference, none));
    const { result } = pushed.at(-1) ?? {};
    expect(result).toMatchObject({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      upToDate: false,
    });
    expect(pushed.at(-1)?.layers.length).toBeGreaterThanOrEqual(3);
    expect(pushed.at(-1)?.layers.every(({ done }) => done)).toBe(true);
    expect(
      pushed.some(({ layers }) => layers.some(({ totalBytes }) => (totalBytes ?? 0) >= LAYERS[0]!)),
    ).toBe(true);
    expect((await through(images.push(reference, none))).at(-1)?.result).toMatchObject({
      digest: result?.digest,
      upToDate: true,
    });
    docker('rm', '-f', `${NAME}-user`);
    await images.remove((await images.get(reference)).id, {});
    await expect(images.get(reference)).rejects.toMatchObject({ code: 'not-found' });
    const pulled = await through(images.pull(reference, none));
    expect(pulled.at(-1)?.result).toMatchObject({ digest: result?.digest, upToDate: false });
    expect(pulled.some(({ layers }) => layers.some(({ status }) => status === 'Extracting'))).toBe(true);
    expect(pulled.at(-1)?.layers.every(({ done }) => done)).toBe(true);
    expect((await images.get(reference)).digests).toEqual([
      `${registry.address}/team/${NAME}@${result?.digest}`,
    ]);
    expect(
      (await through(images.pull(`${registry.address}/team/${NAME}@${result?.digest}`, none))).at(-1)?.result,
    ).toMatchObject({ upToDate: true });
    docker('tag', reference, `${NAME}:1`);
  });

  it('asks a credential helper, and says who was asked when the sign-in is refused', async () => {
    const reference = `${registry.address}/team/${NAME}:1`;
    const bin = join(bench.folder, 'bin');
    mkdirSync(bin);
    const helper = (name: string, secret: string): void => {
      const answer = JSON.stringify({ ServerURL: registry.address, Username: LAB_USER, Secret: secret });
      writeFileSync(
        join(bin, `docker-credential-${name}`),
        `#!/bin/sh\nread -r server\n[ "$1" = get ] && [ "$server" = "${registry.address}" ] && echo '${answer}' && exit 0\necho credentials not found in native keychain\nexit 1\n`,
      );
      chmodSync(join(bin, `docker-credential-${name}`), 0o755);
    };
    helper('lab', LAB_PASSWORD);
    helper('wrong', 'not-it');
    const path = env['PATH'];
    env['PATH'] = `${bin}:${path}`;
    try {
      useConfig({ credHelpers: { [registry.address]: 'lab' }, credsStore: 'wrong' });
      expect((await through(images.pull(reference, none))).at(-1)?.result?.digest).toMatch(/^sha256:/);
      useConfig({ credsStore: 'wrong' });
      await expect(through(images.pull(reference, none))).rejects.toMatchObject({
        code: 'permission-denied',
        message: `The image ${reference} could not be pulled: ${registry.address} does not accept the sign-in of lab.`,
        hint: `It came from docker-credential-wrong. Sign in again: docker login ${registry.address}`,
        detail: { reason: 'wrong-credentials' },
      });
      const error: unknown = await through(images.push(reference, none)).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ detail: { reason: 'wrong-credentials' } });
      expect(JSON.stringify(error)).not.toContain('not-it');
    } finally {
      env['PATH'] = path;
    }
  });

  it('explains missing credentials, also those that a broken configuration hides', async () => {
    const reference = `${registry.address}/team/${NAME}:1`;
    useConfig({});
    await expect(through(images.pull(reference, none))).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('wants a sign-in, and there is none') as string,
      hint: expect.stringMatching(
        new RegExp(`^Asked for one: .*/config\\.json\\. Sign in: docker login ${registry.address}$`),
      ) as string,
      detail: { reason: 'no-credentials' },
    });
    await expect(through(images.push(reference, none))).rejects.toMatchObject({
      detail: { reason: 'no-credentials' },
    });
    useConfig('{ "auths": {\n  "x": nonsense');
    await expect(through(images.pull(reference, none))).rejects.toMatchObject({
      detail: { reason: 'no-credentials' },
      hint: expect.stringMatching(
        /config\.json cannot be used: it is no JSON, at line 2, column 8/,
      ) as string,
    });
  });

  it.each([
    ['an unknown tag', () => `${registry.address}/team/${NAME}:absent`, 'not-found'],
    ['an unknown repository', () => `${registry.address}/team/absent:1`, 'not-found'],
    ['a registry that is not there', () => '127.0.0.1:1/x:1', 'unreachable'],
    ['a host that is not there', () => 'nowhere.invalid/x:1', 'dns'],
  ])('explains %s', async (_, reference, reason) => {
    useConfig({ auths: { [registry.address]: authOf() } });
    await expect(through(images.pull(reference(), none))).rejects.toMatchObject({ detail: { reason } });
  });

  it.each([
    [
      'a rate limit',
      429,
      '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}',
      'rate-limited',
      /Try again later, or sign in/,
    ],
    [
      'a refusal',
      403,
      '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}',
      'denied',
      /docker login/,
    ],
  ])('explains %s (HTTP %i)', async (_, status, body, reason, hint) => {
    useConfig({});
    const address = await server(
      `if (${status} === 403 && request.url === '/v2/') return response.end('{}');
       response.writeHead(${status}, { 'content-type': 'application/json' }); response.end('${body}');`,
    );
    await expect(through(images.pull(`${address}/x:1`, none))).rejects.toMatchObject({
      detail: { reason },
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('a push of what the engine does not have, or of a digest, is refused', async () => {
    useConfig({ auths: { [registry.address]: authOf() } });
    await expect(through(images.push(`${registry.address}/absent:1`, none))).rejects.toMatchObject({
      code: 'not-found',
      detail: { reason: 'unknown-image' },
    });
    await expect(through(images.push(`x@sha256:${'0'.repeat(64)}`, none))).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('cancelled while the registry says nothing, it ends', async () => {
    useConfig({});
    const address = await server('void request;');
    const stop = new AbortController();
    const transfer = images.pull(`${address}/x:1`, stop.signal);
    expect((await transfer.next()).value).toMatchObject([{ status: 'Waiting for the registry' }]);
    const ended = expect(transfer.next()).rejects.toMatchObject({ code: 'cancelled' });
    await expect
      .poll(() =>
        bench.core.engine.liveStreams.list().some(({ purpose }) => purpose === `pull ${address}/x:1`),
      )
      .toBe(true);
    stop.abort();
    await ended;
  });

  it('cancelled in the midst of a layer, the engine lets go of it and nothing is left', async () => {
    const way = await startSlowWay({ host: testHost(), registry });
    servers.push(way);
    useConfig({ auths: { [way.address]: authOf() } });
    const reference = `${way.address}/team/${NAME}:1`;
    docker('rmi', '-f', `${registry.address}/team/${NAME}:1`, `${NAME}:1`);
    const stop = new AbortController();
    const told: ImageTransfer[] = [];
    const pulling = (async () => {
      for await (const batch of images.pull(reference, stop.signal)) {
        told.push(...batch);
        if (batch.some(({ layers }) => layers.some(({ doneBytes }) => (doneBytes ?? 0) > 0))) stop.abort();
      }
    })();
    await expect(pulling).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => way.output(), { timeout: 10_000 }).toMatch(/left .*\/blobs\/sha256:/);
    await expect(images.get(reference)).rejects.toMatchObject({ code: 'not-found' });
    // Leaving the loop is a cancel too.
    for await (const [transfer] of images.pull(reference, none))
      if ((transfer?.layers.length ?? 0) > 0) break;
    await expect(images.get(reference)).rejects.toMatchObject({ code: 'not-found' });
    // A new attempt goes through.
    useConfig({ auths: { [registry.address]: authOf() } });
    await through(images.pull(`${registry.address}/team/${NAME}:1`, none));
  });

  it('a registry that dies in the midst of a push is told while the engine tries again, and the push can be cancelled', async () => {
    const way = await startSlowWay({ host: testHost(), registry });
    servers.push(way);
    useConfig({ auths: { [way.address]: authOf() } });
    build(`${NAME}:push`, 'FROM busybox:latest', random(2_500_000, 'pushed'));
    const reference = `${way.address}/other/${NAME}:push`;
    await images.tag(`${NAME}:push`, reference);
    const stop = new AbortController();
    const told: ImageTransfer[] = [];
    const pushing = (async () => {
      for await (const batch of images.push(reference, stop.signal)) {
        told.push(...batch);
        const { layers = [] } = batch.at(-1) ?? {};
        if (layers.some(({ status, doneBytes }) => status === 'Pushing' && (doneBytes ?? 0) > 0))
          await way.dispose();
        if (layers.some(({ status }) => status.startsWith('Retrying'))) stop.abort();
      }
    })();
    await expect(pushing).rejects.toMatchObject({ code: 'cancelled' });
    expect(
      told.some(({ layers }) => layers.some(({ status }) => /^Retrying in \d+ second/.test(status))),
    ).toBe(true);
  });

  it('an app whose image is in a private registry is pulled and started', async () => {
    useConfig({ auths: { [registry.address]: authOf() } });
    const reference = `${registry.address}/team/${NAME}:1`;
    docker('rmi', '-f', reference);
    const app = await bench.core.apps.open(
      bench.project(`${NAME}-app`, {
        'compose.yaml': `services:\n  worker:\n    image: ${reference}\n    init: true\n    stop_grace_period: 0s\n`,
      }),
    );
    await bench.core.apps.up(app.id, {});
    await expect
      .poll(() => bench.core.apps.views()[0]?.workers[0]?.phase, { timeout: 20_000 })
      .toBe('running');
    await bench.core.apps.down(app.id, {});
  });
});

describe('registries', () => {
  it('are listed without secrets, each with what is wrong', async () => {
    useConfig({
      auths: { [registry.address]: authOf(), 'https://index.docker.io/v1/': { auth: '!!!' }, empty: {} },
      credHelpers: { 'r.lab': 'absent' },
    });
    const { logins, file } = await images.registries();
    expect(file).toMatch(/config\.json$/);
    expect(logins).toMatchObject([
      { server: registry.address, username: LAB_USER, source: 'file' },
      {
        server: 'https://index.docker.io/v1/',
        source: 'file',
        problem: expect.stringMatching(/cannot be read/) as string,
      },
      {
        server: 'r.lab',
        source: 'helper',
        helper: 'absent',
        problem: 'The credential helper docker-credential-absent is not installed.',
      },
    ]);
    expect(JSON.stringify(logins)).not.toContain(LAB_PASSWORD);
    expect(JSON.stringify(logins)).not.toContain(authOf().auth);
  });
});
