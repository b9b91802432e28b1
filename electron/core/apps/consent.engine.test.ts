import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const compose = (lines: string): string =>
  `services:\n  worker:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s\n    x-flotilla: { role: worker, autoscale: { min: 3, max: 4, interval: 1s, schedule: [{ at: "00:00", replicas: 3 }] } }\n${lines}`;
const HOST_IPC = '    ipc: host\n';
const open = async (name: string, files: Record<string, string>) =>
  test.core.apps.open(test.project(name, files));
const write = (name: string, file: string, text: string): void =>
  writeFileSync(join(test.folder, name, file), text);
const count = (name: string): number =>
  docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${name}`).split('\n').filter(Boolean)
    .length;
const grantAll = async (appId: string): Promise<void> => {
  await test.core.apps.grantDangers(
    appId,
    test.core.apps.get(appId).dangers.map(({ id }) => id),
  );
};
const refused = { code: 'consent-required' };

describe('consent', () => {
  it('is remembered over restarts, and asked for again when a file that brings it changes', async () => {
    const { id } = await open('consent-file', { 'compose.yaml': compose(HOST_IPC) });
    await grantAll(id);
    await test.restart();
    const [granted] = (await test.core.apps.reload(id)).dangers;
    expect(granted).toMatchObject({ granted: true, grantedBefore: false });
    await test.core.apps.up(id, {});
    expect(count('consent-file')).toBe(1);
    write('consent-file', 'compose.yaml', `# more\n${compose(HOST_IPC)}`);
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('worker: ipc host (compose.yaml:8)'),
    });
    expect(test.core.apps.get(id).dangers).toMatchObject([{ granted: false, grantedBefore: true }]);
    // What was consented to was the text before: its id allows nothing any more.
    await expect(test.core.apps.grantDangers(id, [granted?.id ?? ''])).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await grantAll(id);
    await test.core.apps.up(id, {});
  });

  it('means the value that a variable has: another .env asks again', async () => {
    const { id } = await open('consent-env', {
      'compose.yaml': compose('    ipc: ${IPC:-private}\n'),
      '.env': 'IPC=private\n',
    });
    await test.core.apps.up(id, {});
    write('consent-env', '.env', 'IPC=host\n');
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject(refused);
    await grantAll(id);
    await test.core.apps.up(id, {});
    expect(docker('inspect', '--format', '{{.HostConfig.IpcMode}}', 'consent-env-worker-1')).toBe('host');
    write('consent-env', '.env', 'IPC=host\nMORE=1\n');
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject(refused);
  });

  it('is needed by a build that reaches for the host’s network, and only for the services that are built', async () => {
    const text =
      'services:\n  main:\n    build: { context: ., network: host }\n  other:\n    build: .\n    ipc: host\n';
    const { id } = await open('consent-build', {
      'compose.yaml': text,
      Dockerfile: 'FROM scratch\nLABEL a=b\n',
    });
    await expect(test.core.apps.build(id, {})).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/main: build\.network host \(compose\.yaml:3\)\.$/),
    });
    // What its containers reach for is asked for when one is made.
    await test.core.apps.build(id, { services: ['other'] });
    const danger = test.core.apps.get(id).dangers.find(({ kind }) => kind === 'build.network');
    await test.core.apps.grantDangers(id, [danger?.id ?? '']);
    const { buildIds } = await test.core.apps.build(id, {});
    expect(buildIds.map((buildId) => test.core.builds.get(buildId)?.state)).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  it('is needed by whatever makes containers, scaling by hand and by itself too, and by nothing that takes them away', async () => {
    const { id } = await open('consent-scale', { 'compose.yaml': compose('') });
    await test.core.apps.up(id, {});
    await test.core.apps.scale(id, 'worker', 2);
    write('consent-scale', 'compose.yaml', compose(HOST_IPC));
    await test.core.apps.reload(id);
    await expect(test.core.apps.scale(id, 'worker', 3)).rejects.toMatchObject(refused);
    expect(test.core.apps.get(id).services[0]?.requestedReplicas).toBe(2);
    const stop = new AbortController();
    const news: string[] = [];
    await test.core.apps.autoscale(id, {
      signal: stop.signal,
      onNews: (each) => {
        news.push(JSON.stringify(each));
        if (/more than a container/.test(JSON.stringify(each))) stop.abort();
      },
    });
    expect(news.join()).toContain('asks for more than a container may');
    expect(count('consent-scale')).toBe(2);
    // Fewer can always be had, and all can be stopped.
    await test.core.apps.scale(id, 'worker', 1);
    expect(count('consent-scale')).toBe(1);
    await grantAll(id);
    await test.core.apps.scale(id, 'worker', 2);
    expect(docker('inspect', '--format', '{{.HostConfig.IpcMode}}', 'consent-scale-worker-2')).toBe('host');
  });

  it('sees through links out of the project, also through one that was swapped after the files were read', async () => {
    const { id } = await open('consent-link', {
      'compose.yaml': compose('    volumes: ["./data:/data"]\n'),
      'data/inside': '',
    });
    await test.core.apps.up(id, {});
    const data = join(test.folder, 'consent-link', 'data');
    const outside = join(test.folder, 'outside');
    mkdirSync(outside);
    rmSync(data, { recursive: true });
    symlinkSync(outside, data);
    // Nothing was read again: the last look is the one before the container is made.
    await expect(test.core.apps.scale(id, 'worker', 2)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`has become a link to ${outside}`),
    });
    expect(count('consent-link')).toBe(1);
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`./data → ${outside}`),
    });
    await grantAll(id);
    await test.core.apps.up(id, {});
    rmSync(data);
    symlinkSync('/', data);
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject(refused);
    await expect(test.core.apps.scale(id, 'worker', 3)).rejects.toMatchObject(refused);
    expect(count('consent-link')).toBeLessThan(3);
  });
});
