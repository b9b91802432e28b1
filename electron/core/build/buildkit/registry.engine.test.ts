import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LAB_PASSWORD,
  LAB_USER,
  type LabRegistry,
  startLabRegistry,
  startLabServer,
} from '../../../../e2e/lab/LabRegistry.ts';
import type { BuildView } from '#shared/domain/Build.ts';
import type { CredentialsFor } from '../CredentialsFor.ts';
import { createBuildService } from '../createBuildService.ts';
import { testEngine } from '../testEngine.ts';

const host = process.env['FLOTILLA_TEST_DOCKER_HOST'] ?? '';
const { engine, client, openStreams } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;

/** Base images from a registry: what the session answers when the engine asks for a login, and what refusals become. */
describe('a base image from a registry', () => {
  let registry: LabRegistry;
  let root: string;
  let base: string;

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-registrytest-')));
    registry = await startLabRegistry({ host });
    base = `${registry.address}/base-${unique}`;
    // A layer that the engine does not have once the image is gone again.
    const made = await build('busybox', undefined, {
      tag: `${base}:1`,
      builder: 'classic',
      run: 'head -c 3000000 /dev/urandom > /data',
    });
    expect(made.error).toBeUndefined();
    const pushed = await client.openStream({
      method: 'POST',
      path: `/images/${base}/push`,
      query: { tag: '1' },
      headers: {
        'X-Registry-Auth': Buffer.from(
          JSON.stringify({ username: LAB_USER, password: LAB_PASSWORD }),
        ).toString('base64'),
      },
      purpose: 'push',
    });
    let said = '';
    for await (const chunk of pushed.body) said += String(chunk);
    pushed.close();
    expect(said).not.toContain('errorDetail');
    await client.request({ method: 'DELETE', path: `/images/${base}:1`, query: { force: true } });
  });
  afterAll(async () => {
    await registry.dispose();
    rmSync(root, { recursive: true, force: true });
    expect(openStreams()).toBe(0);
  });

  async function build(
    from: string,
    credentialsFor?: CredentialsFor,
    change: { tag?: string; builder?: 'classic'; run?: string } = {},
  ): Promise<BuildView> {
    writeFileSync(join(root, 'Dockerfile'), `FROM ${from}\nRUN ${change.run ?? 'echo'} # ${unique}\n`);
    const builds = createBuildService({ engine, credentialsFor });
    const tag = change.tag ?? `registrytest-${unique}:latest`;
    try {
      return await builds.wait(
        builds.start({
          appId: 'app',
          service: 'worker',
          tag,
          projectRoot: root,
          labels: {},
          noCache: false,
          builder: change.builder,
          build: { context: '.', dockerfile: 'Dockerfile', args: {} },
        }).id,
      );
    } finally {
      await builds.dispose();
      if (change.tag === undefined)
        for (const image of [tag, `${base}:1`])
          await client
            .request({ method: 'DELETE', path: `/images/${image}`, query: { force: true } })
            .catch(() => undefined);
    }
  }

  it('is refused without a login, said at the FROM with what to do', async () => {
    const asked: string[] = [];
    const view = await build(`${base}:1`, async (name) => {
      asked.push(name);
      return undefined;
    });
    expect(asked).toContain(registry.address);
    expect(view.error).toMatchObject({ file: 'Dockerfile', line: 1 });
    expect(view.error?.hint).toMatch(/log in to its registry first/);
  });

  it('comes with the login for its registry, and is shown while it is fetched', async () => {
    const view = await build(`${base}:1`, async (name) =>
      name === registry.address ? { username: LAB_USER, secret: LAB_PASSWORD } : undefined,
    );
    expect(view.error).toBeUndefined();
    expect(view.steps[0]).toMatchObject({ line: 1, state: 'done' });
    expect(view.steps[0]?.transfer?.totalBytes).toBeGreaterThan(100_000);
    expect(JSON.stringify(view)).not.toContain(LAB_PASSWORD);
  });

  it('comes with the login for its registry to the classic builder too, and to no other', async () => {
    const asked: string[] = [];
    const logIn: CredentialsFor = async (name) => {
      asked.push(name);
      return { username: LAB_USER, secret: LAB_PASSWORD };
    };
    const view = await build(`${base}:1`, logIn, { builder: 'classic' });
    expect(view.error).toBeUndefined();
    expect(asked).toEqual([registry.address]);
    const refused = await build(`${base}:2`, async () => undefined, { builder: 'classic' });
    expect(refused.error).toMatchObject({ file: 'Dockerfile', line: 1 });
    expect(refused.error?.hint).toMatch(/log in to its registry/);
  });

  it('is refused with a wrong password, or under a tag that there is not', async () => {
    const wrong = await build(`${base}:2`, async () => ({ username: LAB_USER, secret: 'wrong' }));
    expect(wrong.error?.hint).toMatch(/log in to its registry/);
    const missing = await build(`${base}:3`, async () => ({ username: LAB_USER, secret: LAB_PASSWORD }));
    expect(missing.error).toMatchObject({ line: 1 });
    expect(missing.error?.hint).toMatch(/knows no such tag/);
  });

  it.each([
    ['403', 'response.writeHead(403).end("{}")', /log in to its registry/],
    ['429', 'response.writeHead(429).end("{}")', /allows no more downloads/],
    ['an answer cut off', 'request.socket.destroy()', /cannot be reached/],
  ])('is explained when the registry answers with %s', async (_, handler, hint) => {
    const server = await startLabServer({ host, handler });
    try {
      const view = await build(`${server.address}/base:1`);
      expect(view.error).toMatchObject({ file: 'Dockerfile', line: 1 });
      expect(view.error?.hint).toMatch(hint);
    } finally {
      await server.dispose();
    }
  });

  it.each(['buildkit', 'classic'] as const)(
    'can be cancelled while the registry answers nothing at all (%s)',
    async (builder) => {
      const server = await startLabServer({ host, handler: 'void 0' });
      const builds = createBuildService({ engine });
      try {
        writeFileSync(join(root, 'Dockerfile'), `FROM ${server.address}/silent:1\n`);
        const { id } = builds.start({
          appId: 'app',
          service: 'worker',
          tag: `registrytest-${unique}:silent`,
          projectRoot: root,
          labels: {},
          noCache: false,
          builder,
          build: { context: '.', dockerfile: 'Dockerfile', args: {} },
        });
        await expect.poll(() => builds.get(id)?.state, { timeout: 30_000 }).toBe('building');
        const asked = Date.now();
        builds.cancel(id);
        expect((await builds.wait(id)).state).toBe('cancelled');
        // The promise of a cancel, not a measure of speed.
        expect(Date.now() - asked).toBeLessThan(2_000);
      } finally {
        await builds.dispose();
        await server.dispose();
      }
    },
  );
});
