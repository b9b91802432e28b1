import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangePlan } from '#shared/reconcile/ChangePlan.ts';
import { dockerPlugins } from '../../../e2e/lab/dockerPlugins.ts';
import { docker, leftOf, startTestCore, type TestCore, testHost } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const SLEEP = 'image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s';
const service = (name: string, more = ''): string => `  ${name}:\n    ${SLEEP}\n${more}`;
const TWO = `services:\n${service('main')}${service('worker', '    depends_on: [main]\n    scale: 2\n')}`;

const open = async (name: string, compose = TWO) =>
  (await test.core.apps.open(test.project(name, { 'compose.yaml': compose }))).id;
const write = (name: string, compose: string): void =>
  writeFileSync(join(test.folder, name, 'compose.yaml'), compose);
/** Ids by name, of containers in any state. */
const containers = (project: string): Record<string, string> =>
  Object.fromEntries(
    docker('ps', '-a', '--no-trunc', '--format', '{{.Names}} {{.ID}}', '--filter', `name=^${project}-`)
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(project.length + 1).split(' ') as [string, string]),
  );
const startedAt = (name: string): string => docker('inspect', '--format', '{{.State.StartedAt}}', name);
/** Brings the app up and answers what was planned, as `kind subject`; a second time there must be nothing left. */
const up = async (appId: string, options: { removeOrphans?: boolean; retryFailed?: boolean } = {}) => {
  let plan: ChangePlan | undefined;
  await test.core.apps.up(appId, { ...options, onPlan: (made) => (plan = made) });
  expect((await test.core.apps.plan(appId, options)).steps).toEqual([]);
  return plan?.steps.map(({ kind, subject }) => `${kind} ${subject}`);
};

describe('apps.up on an app that runs', () => {
  it('leaves alone what runs as declared and what is done', async () => {
    const id = await open(
      'up-again',
      `services:\n${service('main')}  worker: { image: "busybox:latest", command: ["true"], scale: 2 }\n`,
    );
    await test.core.apps.up(id, {});
    await expect.poll(async () => (await test.core.apps.plan(id)).notes).toHaveLength(2);
    const before = [containers('up-again'), startedAt('up-again-main-1'), startedAt('up-again-worker-1')];
    expect(await up(id)).toEqual([]);
    expect([containers('up-again'), startedAt('up-again-main-1'), startedAt('up-again-worker-1')]).toEqual(
      before,
    );
    // Of one that was stopped as a whole everything starts, also what was done.
    await test.core.apps.stop(id);
    await test.core.apps.up(id, {});
    expect(startedAt('up-again-worker-1')).not.toBe(before[2]);
    expect(containers('up-again')).toEqual(before[0]);
  });

  it('leaves what failed to its restart policy, unless it is asked to try again', async () => {
    const id = await open(
      'up-failed',
      `services:\n${service('main')}  worker: { image: "busybox:latest", command: ["false"] }\n`,
    );
    await test.core.apps.up(id, {});
    await expect
      .poll(async () => (await test.core.apps.plan(id)).notes.map(({ text }) => text))
      .toEqual(['worker-1 failed with code 1, and its restart policy is “no”']);
    const before = startedAt('up-failed-worker-1');
    expect(await up(id)).toEqual([]);
    expect(startedAt('up-failed-worker-1')).toBe(before);
    await test.core.apps.up(id, { retryFailed: true });
    expect(startedAt('up-failed-worker-1')).not.toBe(before);
  });

  it('makes a network anew whose settings changed, with what hangs on it and nothing else', async () => {
    const compose = (internal: boolean): string =>
      `services:
${service('main', '    volumes: ["data:/data"]\n')}${service('worker', '    depends_on: [main]\n    scale: 2\n')}${service('alone', '    networks: [back]\n')}volumes: { data: {} }
networks: { default: { internal: ${internal} }, back: {} }
`;
    const id = await open('up-network', compose(false));
    await test.core.apps.up(id, {});
    docker('exec', 'up-network-main-1', 'touch', '/data/kept');
    const before = containers('up-network');
    write('up-network', compose(true));
    expect(await up(id)).toEqual([
      'remove-container worker-1',
      'remove-container worker-2',
      'remove-container main-1',
      'recreate-network up-network_default',
      'create-container main-1',
      'create-container worker-1',
      'create-container worker-2',
    ]);
    const after = containers('up-network');
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(Object.keys(after).filter((name) => after[name] === before[name])).toEqual(['alone-1']);
    expect(docker('network', 'inspect', '--format', '{{.Internal}}', 'up-network_default')).toBe('true');
    expect(docker('exec', 'up-network-main-1', 'ls', '/data')).toBe('kept');
    expect(test.core.apps.get(id).workers.map(({ phase }) => phase)).toEqual(Array(4).fill('running'));
  });

  it('recovers from a network that somebody removed', async () => {
    const id = await open('up-lost');
    await test.core.apps.up(id, {});
    await test.core.apps.stop(id);
    docker('network', 'rm', 'up-lost_default');
    await test.core.apps.up(id, {});
    expect(test.core.apps.get(id).status).toBe('running');
    expect(await up(id)).toEqual([]);
  });

  it('removes orphans and idle networks on request, nothing of others', async () => {
    const back = `networks: { back: {} }\n`;
    const id = await open('up-orphans', `${TWO}${service('old', '    networks: [back]\n')}${back}`);
    await test.core.apps.up(id, {});
    docker(
      'run',
      '-d',
      '--name',
      'up-orphans-theirs',
      '--network',
      'up-orphans_default',
      'busybox',
      'sleep',
      '99',
    );
    try {
      write('up-orphans', TWO);
      expect(await up(id)).toEqual([]);
      expect(Object.keys(containers('up-orphans'))).toContain('old-1');
      expect(await up(id, { removeOrphans: true })).toEqual([
        'remove-orphan up-orphans-old-1',
        'remove-network up-orphans_back',
      ]);
      expect(Object.keys(containers('up-orphans')).sort()).toEqual([
        'main-1',
        'theirs',
        'worker-1',
        'worker-2',
      ]);
      expect(docker('network', 'ls', '--format', '{{.Name}}', '--filter', 'name=up-orphans')).toBe(
        'up-orphans_default',
      );
    } finally {
      docker('rm', '-f', 'up-orphans-theirs');
    }
  });

  it('brings a lower number about that was asked for while nothing ran', async () => {
    const id = await open('up-fewer');
    await test.core.apps.up(id, {});
    await test.core.apps.stop(id);
    await test.core.apps.scale(id, 'worker', 1);
    expect(await up(id)).toEqual([
      'remove-container worker-2',
      'start-container main-1',
      'start-container worker-1',
    ]);
    expect(Object.keys(containers('up-fewer')).sort()).toEqual(['main-1', 'worker-1']);
  });

  it('takes away what does not run before what does', async () => {
    const id = await open('up-worth', TWO.replace('scale: 2', 'scale: 3'));
    await test.core.apps.up(id, {});
    docker('kill', 'up-worth-worker-1');
    await test.core.apps.scale(id, 'worker', 2);
    expect(Object.keys(containers('up-worth')).sort()).toEqual(['main-1', 'worker-2', 'worker-3']);
    await test.core.apps.scale(id, 'worker', 1);
    expect(Object.keys(containers('up-worth')).sort()).toEqual(['main-1', 'worker-2']);
    await test.core.apps.scale(id, 'worker', 2);
    expect(Object.keys(containers('up-worth')).sort()).toEqual(['main-1', 'worker-1', 'worker-2']);
  });

  it('does not replace a container whose new name is taken, does the rest, and fails', async () => {
    const id = await open('up-taken');
    await test.core.apps.up(id, {});
    docker('run', '-d', '--name', 'up-taken-theirs', 'busybox', 'sleep', '99');
    try {
      const before = containers('up-taken');
      write(
        'up-taken',
        TWO.replace('main:', 'main:\n    container_name: up-taken-theirs').replace('scale: 2', 'scale: 3'),
      );
      await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
        code: 'conflict',
        message:
          'main-1 cannot be made: the name “up-taken-theirs” belongs to a container that is not the app’s.',
      });
      expect(containers('up-taken')).toMatchObject(before);
      expect(docker('inspect', '--format', '{{.State.Running}}', 'up-taken-main-1')).toBe('true');
      expect(Object.keys(containers('up-taken'))).toContain('worker-3');
    } finally {
      docker('rm', '-f', 'up-taken-theirs');
    }
  });

  it('goes on after it was broken off half way, and leaves nothing', async () => {
    const id = await open('up-broken', TWO.replace('scale: 2', 'scale: 6'));
    await test.core.apps.up(id, {});
    write('up-broken', `${TWO.replace('scale: 2', 'scale: 6')}networks: { default: { internal: true } }\n`);
    const abort = new AbortController();
    const broken = test.core.apps
      .up(id, { signal: abort.signal, onPlan: () => setTimeout(() => abort.abort(), 300) })
      .catch((error: { code: string }) => error.code);
    expect(await broken).toBe('cancelled');
    await up(id);
    expect(Object.keys(containers('up-broken'))).toHaveLength(7);
    expect(docker('ps', '-q', '--filter', 'name=^up-broken-').split('\n')).toHaveLength(7);
    await test.core.apps.down(id, {});
    expect(leftOf('up-broken')).toEqual([]);
  });
});

const plugins = dockerPlugins();

describe.skipIf('missing' in plugins)('an app that docker compose started', () => {
  it('is taken over: up replaces nothing, scale adds, a change replaces what it is about', async () => {
    const id = await open('up-compose');
    const outcome = spawnSync('docker', ['-H', testHost(), 'compose', 'up', '-d'], {
      cwd: join(test.folder, 'up-compose'),
      env: { ...process.env, DOCKER_CONFIG: 'folder' in plugins ? plugins.folder : '' },
      encoding: 'utf8',
    });
    expect(outcome.status, outcome.stderr).toBe(0);
    const before = containers('up-compose');
    expect(await up(id)).toEqual([]);
    await test.core.apps.scale(id, 'worker', 3);
    expect(containers('up-compose')).toMatchObject(before);
    write('up-compose', TWO.replace('[main]', '[main]\n    environment: { SEED: "1" }'));
    expect(await up(id)).toEqual([1, 2, 3].map((index) => `recreate-container worker-${index}`));
    expect(containers('up-compose')['main-1']).toBe(before['main-1']);
  });
});
