import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import { loadBusybox } from '../../../e2e/lab/baseImages.ts';
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
const THREE = `services:
  db:
    ${SLEEP}
    volumes: ["data:/data"]
  main:
    ${SLEEP}
    depends_on: [db]
  worker:
    ${SLEEP}
    depends_on: [main]
    scale: 2
volumes: { data: {} }
`;

const open = async (name: string, compose = THREE) =>
  (await test.core.apps.open(test.project(name, { 'compose.yaml': compose }))).id;
const write = (name: string, compose: string): void =>
  writeFileSync(join(test.folder, name, 'compose.yaml'), compose);
const planned = async (appId: string, removeOrphans = false): Promise<string[]> =>
  (await test.core.apps.plan(appId, { removeOrphans })).steps.map(
    ({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`,
  );
const idOf = (name: string): string => docker('inspect', '--format', '{{.Id}}', name);

describe('apps.plan on an engine', () => {
  it('tells what a fresh project needs, and has nothing to do once it runs', async () => {
    const id = await open('plan-fresh');
    const fresh = await test.core.apps.plan(id);
    expect(describePlan(fresh)).toEqual([
      'networks and volumes',
      '  create  network plan-fresh_default  it is not there yet',
      '  create  volume plan-fresh_data      it is not there yet',
      '',
      'db',
      '  create  db-1                        it is not there yet',
      '',
      'main, after db',
      '  create  main-1                      it is not there yet',
      '',
      'worker, after main',
      '  create  worker-1,2                  the number is 2 and none runs',
      '',
      'To do: create 1 network, 1 volume and 4 containers.',
    ]);
    // It only looks.
    expect(docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=plan-fresh')).toBe('');
    expect(docker('network', 'ls', '-q', '--filter', 'name=plan-fresh')).toBe('');
    await test.core.apps.up(id, {});
    expect(describePlan(await test.core.apps.plan(id))).toEqual(['Nothing to do.']);
    // Another core, which has no memory of the start, reads the same off the engine.
    await test.restart();
    expect(await planned(id)).toEqual([]);
  });

  it('names what changed, and means only the service that did', async () => {
    const id = await open('plan-change');
    await test.core.apps.up(id, {});
    write('plan-change', THREE.replace('depends_on: [db]', 'depends_on: [db]\n    user: "1"'));
    expect(await planned(id)).toEqual(['recreate-container main-1: its user changed']);
    const before = ['db-1', 'worker-1', 'worker-2'].map((name) => idOf(`plan-change-${name}`));
    const main = idOf('plan-change-main-1');
    await test.core.apps.up(id, {});
    expect(['db-1', 'worker-1', 'worker-2'].map((name) => idOf(`plan-change-${name}`))).toEqual(before);
    expect(idOf('plan-change-main-1')).not.toBe(main);
    expect(await planned(id)).toEqual([]);
  });

  it('sees what others did: removed, stopped, ended, off the network', async () => {
    const id = await open('plan-others');
    await test.core.apps.up(id, {});
    docker('rm', '-f', 'plan-others-worker-1');
    docker('stop', '-t', '0', 'plan-others-worker-2');
    docker('network', 'disconnect', 'plan-others_default', 'plan-others-db-1');
    expect(await planned(id)).toEqual([
      'recreate-container db-1: it is not on the network plan-others_default',
      'start-container worker-2: it was stopped',
      'create-container worker-1: the number is 2 and one does not run',
    ]);
    docker('stop', '-t', '0', 'plan-others-main-1', 'plan-others-db-1');
    docker('network', 'rm', 'plan-others_default');
    expect(await planned(id)).toEqual([
      'create-network plan-others_default: it is not there yet',
      'recreate-container db-1: it is not on the network plan-others_default',
      'recreate-container main-1: its network plan-others_default was removed',
      'recreate-container worker-2: its network plan-others_default was removed',
      'create-container worker-1: the number is 2 and one does not run',
    ]);
  });

  it('tells a newer image from one that is not there', async () => {
    const tag = `plan-image-${process.pid}:latest`;
    docker('tag', 'busybox:latest', tag);
    try {
      const id = await open(
        'plan-image',
        `services:\n  main:\n    ${SLEEP.replace('busybox:latest', tag)}\n`,
      );
      await test.core.apps.up(id, {});
      loadBusybox(testHost(), tag);
      expect(await planned(id)).toEqual([`recreate-container main-1: the image ${tag} is a newer one`]);
      docker('rmi', tag);
      expect(await planned(id)).toEqual([`pull-image ${tag}: the engine does not have it`]);
    } finally {
      spawnSync('docker', ['-H', testHost(), 'rmi', tag]);
    }
  });

  it('takes a worker that ended well for done', async () => {
    const id = await open(
      'plan-done',
      `services:\n  main:\n    ${SLEEP}\n  worker: { image: "busybox:latest", command: ["true"], scale: 2 }\n`,
    );
    await test.core.apps.up(id, {});
    await expect
      .poll(async () => describePlan(await test.core.apps.plan(id)))
      .toEqual(['Left as it is', '  worker-1,2 ended with code 0: done, not missing', '', 'Nothing to do.']);
  });

  it('lists an orphan, and would remove it only on request', async () => {
    const id = await open('plan-orphan');
    await test.core.apps.up(id, {});
    write(
      'plan-orphan',
      `services:\n  db:\n    ${SLEEP}\n    volumes: ["data:/data"]\nvolumes: { data: {} }\n`,
    );
    docker('run', '-d', '--name', 'plan-orphan-theirs', '--network', 'none', 'busybox:latest', 'sleep', '9');
    try {
      expect(await planned(id)).toEqual([]);
      const { notes } = await test.core.apps.plan(id);
      expect(notes.map(({ kind, subject }) => `${kind} ${subject}`).sort()).toEqual([
        'orphan plan-orphan-main-1',
        'orphan plan-orphan-worker-1',
        'orphan plan-orphan-worker-2',
      ]);
      expect((await planned(id, true)).sort()).toEqual([
        'remove-orphan plan-orphan-main-1: the file has no service “main”',
        'remove-orphan plan-orphan-worker-1: the file has no service “worker”',
        'remove-orphan plan-orphan-worker-2: the file has no service “worker”',
      ]);
    } finally {
      docker('rm', '-f', 'plan-orphan-theirs');
    }
  });

  it('refuses a folder whose files are wrong', async () => {
    const id = await open('plan-bad', 'services: { a: { image: x, depends_on: [b] } }\n');
    await expect(test.core.apps.plan(id)).rejects.toMatchObject({ code: 'project-invalid' });
    await expect(test.core.apps.plan('nonesuch')).rejects.toMatchObject({ code: 'not-found' });
  });
});

const plugins = dockerPlugins();

describe.skipIf('missing' in plugins)('an app beside docker compose', () => {
  const COMPOSED = `services:
  db:
    image: busybox:latest
    command: [sleep, "1000"]
    stop_grace_period: 0s
    volumes: ["data:/data", "./files:/files:ro"]
    mem_limit: 64m
    cpus: 0.5
    pids_limit: 100
    ports: ["80", "9000"]
    user: "0"
    working_dir: /tmp
    restart: unless-stopped
    healthcheck: { test: ["CMD", "true"], interval: 5s }
  main:
    image: busybox
    entrypoint: ["/bin/busybox"]
    command: sleep 1000
    stop_grace_period: 0s
    init: true
    read_only: true
    tmpfs: /run
    networks: [back, default]
    environment: [SEED=1, EMPTY=]
  worker:
    image: busybox:latest
    command: ["sh", "-c", "sleep 1000"]
    stop_grace_period: 0s
    scale: 2
    deploy: { resources: { limits: { cpus: "1", memory: 32M } } }
volumes: { data: {} }
networks: { back: { internal: true, labels: { a: b } } }
`;

  const compose = (name: string, ...args: string[]): string => {
    const outcome = spawnSync('docker', ['-H', testHost(), 'compose', ...args], {
      cwd: join(test.folder, name),
      env: { ...process.env, DOCKER_CONFIG: 'folder' in plugins ? plugins.folder : '' },
      encoding: 'utf8',
    });
    expect(outcome.status, outcome.stderr).toBe(0);
    return outcome.stdout.trim();
  };

  it('is taken over as it is, and only what visibly changes is made anew', async () => {
    const id = await open('plan-compose', COMPOSED);
    test.project('plan-compose', { 'files/a': 'a' });
    compose('plan-compose', 'up', '-d');
    expect(describePlan(await test.core.apps.plan(id))).toEqual(['Nothing to do.']);
    write('plan-compose', COMPOSED.replace('SEED=1', 'SEED=2').replace('32M', '48M'));
    expect(await planned(id)).toEqual([
      'recreate-container main-1: its variable SEED changed',
      'update-container worker-1: its memory limit changed (no restart)',
      'update-container worker-2: its memory limit changed (no restart)',
    ]);
    const workers = [1, 2].map((index) => idOf(`plan-compose-worker-${index}`));
    await test.core.apps.up(id, {});
    expect([1, 2].map((index) => idOf(`plan-compose-worker-${index}`))).toEqual(workers);
    expect(await planned(id)).toEqual([]);
  });

  it('is seen and taken down by compose when Flotilla started it', async () => {
    const id = await open('plan-given', COMPOSED);
    test.project('plan-given', { 'files/a': 'a' });
    await test.core.apps.up(id, {});
    const seen = compose('plan-given', 'ps', '--services').split('\n');
    expect(seen.sort()).toEqual(['db', 'main', 'worker']);
    expect(compose('plan-given', 'ps', '-q').split('\n')).toHaveLength(4);
    expect(leftOf('plan-given').length).toBeGreaterThan(4);
    compose('plan-given', 'down', '--volumes');
    expect(leftOf('plan-given')).toEqual([]);
    await expect.poll(() => test.core.apps.get(id).workers).toEqual([]);
    await test.core.apps.up(id, {});
    expect(await planned(id)).toEqual([]);
  });
});
