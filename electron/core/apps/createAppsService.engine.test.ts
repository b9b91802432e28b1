import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlotillaError } from '#shared/contract/errors.ts';
import { docker, leftOf, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const SLEEP =
  'image: busybox:latest\n    command: [sleep, "1000"]\n    init: true\n    stop_grace_period: 1s';
const MAIN_AND_WORKER = `services:\n  main:\n    ${SLEEP}\n  worker:\n    ${SLEEP}\n    scale: 2\n    depends_on: [main]\n`;

const open = (name: string, compose: string, others: Record<string, string> = {}) =>
  test.core.apps.open(test.project(name, { 'compose.yaml': compose, ...others }));
const phases = (appId: string) =>
  test.core.apps.get(appId).workers.map((worker) => `${worker.key} ${worker.phase}`);
const failure = (promise: Promise<unknown>): Promise<FlotillaError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: FlotillaError) => error,
  );

describe('up, scale, stop, down', () => {
  it('names and labels as Compose does, scales both ways, and leaves nothing', async () => {
    const { apps } = test.core;
    const app = await open('apps-life', MAIN_AND_WORKER);
    await apps.up(app.id, {});
    expect(phases(app.id)).toEqual(['main-1 running', 'worker-1 running', 'worker-2 running']);
    const labels = JSON.parse(
      docker('inspect', '--format', '{{json .Config.Labels}}', 'apps-life-worker-2'),
    ) as Record<string, string>;
    expect(labels).toMatchObject({
      'com.docker.compose.project': 'apps-life',
      'com.docker.compose.service': 'worker',
      'com.docker.compose.container-number': '2',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.working_dir': join(test.folder, 'apps-life'),
    });
    expect(
      docker(
        'network',
        'inspect',
        '--format',
        '{{index .Labels "com.docker.compose.network"}}',
        'apps-life_default',
      ),
    ).toBe('default');
    expect(
      docker('exec', 'apps-life-main-1', 'nslookup', 'worker').match(/Address/g)?.length,
    ).toBeGreaterThanOrEqual(2);

    await apps.scale(app.id, 'worker', 5);
    expect(
      docker('ps', '-q', '--filter', 'label=com.docker.compose.service=worker').split('\n'),
    ).toHaveLength(5);
    await apps.scale(app.id, 'worker', 1);
    expect(
      docker('ps', '-a', '--format', '{{.Names}}', '--filter', 'label=com.docker.compose.service=worker'),
    ).toBe('apps-life-worker-1');
    await apps.stop(app.id);
    expect(phases(app.id)).toEqual(['main-1 stopped', 'worker-1 stopped']);
    await apps.up(app.id, {});
    expect(phases(app.id)).toEqual(['main-1 running', 'worker-1 running']);
    await apps.down(app.id, {});
    expect(leftOf('apps-life')).toEqual([]);
    expect(apps.get(app.id)).toMatchObject({ status: 'stopped', workers: [], operations: [] });
  });

  it('merges requests that come while one is carried out, and loses none', async () => {
    const { apps } = test.core;
    const app = await open('apps-merge', MAIN_AND_WORKER);
    await apps.up(app.id, {});
    await Promise.all(
      [9, 0, 6, 1, 4].map(async (replicas, at) => {
        await new Promise((resolve) => setTimeout(resolve, at * 120));
        await apps.scale(app.id, 'worker', replicas);
      }),
    );
    expect(
      docker('ps', '-a', '--format', '{{.Names}}', '--filter', 'label=com.docker.compose.service=worker')
        .split('\n')
        .sort(),
    ).toEqual([1, 2, 3, 4].map((index) => `apps-merge-worker-${index}`));
    expect(phases(app.id).filter((text) => text.startsWith('worker'))).toEqual(
      [1, 2, 3, 4].map((index) => `worker-${index} running`),
    );
    expect(apps.get(app.id).services.find((service) => service.name === 'worker')?.requestedReplicas).toBe(4);
  });

  it('keeps a number for the next start that is asked for right before the app is removed', async () => {
    const { apps } = test.core;
    const app = await open('apps-late', MAIN_AND_WORKER);
    await apps.up(app.id, {});
    const scaled = apps.scale(app.id, 'worker', 4);
    // Both begin in one moment, and a start that is asked for waits.
    await Promise.all([scaled, apps.down(app.id, {}), apps.up(app.id, {})]);
    expect(phases(app.id)).toEqual(
      ['main-1', 'worker-1', 'worker-2', 'worker-3', 'worker-4'].map((key) => `${key} running`),
    );
    await Promise.all([apps.scale(app.id, 'worker', 3), apps.down(app.id, {})]);
    expect(leftOf('apps-late')).toEqual([]);
    expect(apps.get(app.id).services.find(({ name }) => name === 'worker')?.requestedReplicas).toBe(3);
  });

  it('keeps a number asked for while nothing runs, also for the next core', async () => {
    const { apps } = test.core;
    const app = await open('apps-keep', MAIN_AND_WORKER);
    await apps.scale(app.id, 'worker', 3);
    expect(leftOf('apps-keep')).toEqual([]);
    await apps.up(app.id, {});
    expect(phases(app.id).filter((text) => text.startsWith('worker'))).toHaveLength(3);
    const document = JSON.parse(readFileSync(join(test.folder, 'data/projects.json'), 'utf8')) as {
      projects: { requested: Record<string, number> }[];
    };
    expect(document.projects[0]?.requested).toEqual({ worker: 3 });
  });

  it('does not take a worker that is done for one that is missing', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-batch',
      `services:\n  main:\n    ${SLEEP}\n  worker:\n    image: busybox:latest\n    command: ["true"]\n    scale: 2\n`,
    );
    await apps.up(app.id, {});
    await expect.poll(() => phases(app.id)).toEqual(['main-1 running', 'worker-1 done', 'worker-2 done']);
    const before = docker('ps', '-aq', '--no-trunc', '--filter', 'label=com.docker.compose.service=worker')
      .split('\n')
      .sort();
    await apps.scale(app.id, 'worker', 3);
    const after = docker('ps', '-aq', '--no-trunc', '--filter', 'label=com.docker.compose.service=worker')
      .split('\n')
      .sort();
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('makes new containers where settings changed, and leaves the others', async () => {
    const { apps } = test.core;
    const app = await open('apps-change', MAIN_AND_WORKER);
    await apps.up(app.id, {});
    const idOf = (name: string) => docker('inspect', '--format', '{{.Id}}', name);
    const [main, worker] = [idOf('apps-change-main-1'), idOf('apps-change-worker-1')];
    writeFileSync(
      join(test.folder, 'apps-change/compose.yaml'),
      MAIN_AND_WORKER.replace('scale: 2', 'scale: 2\n    environment: { X: "1" }'),
    );
    await apps.up(app.id, {});
    expect(idOf('apps-change-main-1')).toBe(main);
    expect(idOf('apps-change-worker-1')).not.toBe(worker);
  });

  it('kills what does not hear SIGTERM, after its grace', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-deaf',
      'services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "trap : TERM; while :; do sleep 1; done"]\n    stop_grace_period: 1s\n',
    );
    await apps.up(app.id, {});
    const began = Date.now();
    await apps.stop(app.id);
    expect(Date.now() - began).toBeGreaterThan(900);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', 'apps-deaf-main-1')).toBe('137');
    expect(phases(app.id)).toEqual(['main-1 stopped']);
  });

  it('cancels a start and leaves no half-made container', async () => {
    const { apps } = test.core;
    const app = await open('apps-cancel', MAIN_AND_WORKER.replace('scale: 2', 'scale: 12'));
    const starting = failure(apps.up(app.id, {}));
    await expect
      .poll(() => docker('ps', '-q', '--filter', 'label=com.docker.compose.project=apps-cancel'))
      .not.toBe('');
    const [operation] = apps.get(app.id).operations;
    apps.cancel(app.id, operation?.id ?? '');
    expect((await starting).code).toBe('cancelled');
    expect(
      docker(
        'ps',
        '-aq',
        '--filter',
        'label=com.docker.compose.project=apps-cancel',
        '--filter',
        'status=created',
      ),
    ).toBe('');
    expect(phases(app.id).filter((text) => !text.endsWith('running'))).toEqual([]);
    expect(apps.get(app.id).lastError).toBeUndefined();
    await apps.down(app.id, {});
    expect(leftOf('apps-cancel')).toEqual([]);
  });

  it('removes volumes only when asked', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-volume',
      `services:\n  main:\n    ${SLEEP}\n    volumes: ["data:/data"]\nvolumes: { data: {} }\n`,
    );
    await apps.up(app.id, {});
    await apps.down(app.id, {});
    expect(docker('volume', 'ls', '-q', '--filter', 'label=com.docker.compose.project=apps-volume')).toBe(
      'apps-volume_data',
    );
    await apps.down(app.id, { volumes: true });
    expect(leftOf('apps-volume')).toEqual([]);
  });
});

describe('what cannot be started', () => {
  it.each([
    [
      'a command that does not exist',
      'command: [nonesuch]',
      /^main-1 could not be started: .*executable file not found/,
      /The command does not exist in the image/,
    ],
    [
      'more CPUs than there are (16)',
      'cpus: 512',
      /^main-1 could not be started: .*range of CPUs is from/i,
      /no more CPUs than the engine has/,
    ],
    [
      'CPUs that are not there (17)',
      'cpuset: "60-63"',
      /^main-1 could not be started: .*Requested CPUs are not available/,
      /Name only CPUs that the engine has/,
    ],
    [
      'a folder for a command (126)',
      'command: [/etc]',
      /^main-1 could not be started: .*permission denied|is a directory/,
      /executable/,
    ],
    [
      'a user that does not exist',
      'user: nonesuch',
      /^main-1 could not be started: .*nonesuch/,
      /Correct the service’s settings/,
    ],
  ])('%s', async (_, line, message, hint) => {
    const { apps } = test.core;
    const app = await open('apps-bad', `services:\n  main:\n    image: busybox:latest\n    ${line}\n`);
    const error = await failure(apps.up(app.id, {}));
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=apps-bad')).toBe('');
    expect(apps.get(app.id).workers).toMatchObject([
      { key: 'main-1', phase: 'failed', error: { message: error.message } },
    ]);
    expect(apps.get(app.id).lastError?.message).toBe(error.message);
    apps.dismissError(app.id);
    expect(apps.get(app.id)).toMatchObject({ workers: [], lastError: undefined });
  });

  it('a port that is taken: the container goes, the other service stays', async () => {
    const { apps } = test.core;
    const one = await open('apps-port', `services:\n  main:\n    ${SLEEP}\n    ports: ["18080:80"]\n`);
    await apps.up(one.id, {});
    const two = await open('apps-port2', `services:\n  main:\n    ${SLEEP}\n    ports: ["18080:80"]\n`);
    const error = await failure(apps.up(two.id, {}));
    expect(error.message).toMatch(/^main-1 could not be started: .*port is already allocated/);
    expect(error.hint).toBe(
      'Another program holds that port. Stop it, or let the engine pick a port (write only the container port).',
    );
    expect(docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=apps-port2')).toBe('');
  });

  it('a name that a foreign container has (7)', async () => {
    const { apps } = test.core;
    docker(
      'run',
      '-d',
      '--name',
      'apps-name-main-1',
      '--label',
      'com.docker.compose.project=foreign',
      'busybox:latest',
      'sleep',
      '1000',
    );
    try {
      const app = await open('apps-name', `services:\n  main:\n    ${SLEEP}\n`);
      const error = await failure(apps.up(app.id, {}));
      expect(error.message).toContain('apps-name-main-1');
      expect(error.code).toBe('conflict');
      expect(error.hint).toMatch(/docker rename apps-name-main-1/);
      expect(docker('inspect', '--format', '{{.State.Running}}', 'apps-name-main-1')).toBe('true');
    } finally {
      docker('rm', '-f', 'apps-name-main-1');
    }
  });

  it('an image that is nowhere', async () => {
    const { apps } = test.core;
    const app = await open('apps-pull', 'services:\n  main:\n    image: localhost:1/nonesuch:1\n');
    const error = await failure(apps.up(app.id, {}));
    expect(error.message).toMatch(/^The image localhost:1\/nonesuch:1 could not be pulled: /);
    expect(leftOf('apps-pull')).toEqual([]);
  });

  it('replicas that run out of memory are told as such, also where many do at once', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-oom',
      'services:\n  main:\n    image: busybox:latest\n    command: ["sh", "-c", "sleep 1; exec tail /dev/zero"]\n    mem_limit: 16m\n    scale: 12\n',
    );
    await apps.up(app.id, {});
    await expect
      .poll(() => apps.get(app.id).workers, { timeout: 20_000 })
      .toMatchObject(Array.from({ length: 12 }, () => ({ phase: 'failed', exitCode: 137, oomKilled: true })));
    expect(apps.get(app.id).status).toBe('failed');
  });

  it('more replicas than a fixed port or name allows', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-fixed',
      `services:\n  main:\n    ${SLEEP}\n  worker:\n    ${SLEEP}\n    ports: ["18081:80"]\n`,
    );
    const error = await failure(apps.scale(app.id, 'worker', 3));
    expect(error).toMatchObject({
      code: 'conflict',
      message: 'worker cannot have 3 replicas: Host port 18081 can be used by one container only.',
    });
    await expect(apps.scale(app.id, 'nobody', 3)).rejects.toMatchObject({
      code: 'not-found',
      message: 'apps-fixed has no service “nobody”.',
      hint: 'It has: main, worker.',
    });
    for (const replicas of [-1, 1.5, 1e9, Number.NaN])
      await expect(apps.scale(app.id, 'main', replicas)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('files with errors: nothing is started, the first is named with its place', async () => {
    const { apps } = test.core;
    const app = await open(
      'apps-errors',
      'services:\n  main:\n    image: busybox\n    depends_on: [nobody]\n    scale: many\n',
    );
    await expect(apps.up(app.id, {})).rejects.toMatchObject({
      code: 'project-invalid',
      message: 'compose.yaml:4: main depends on “nobody”, which is no service. (and 1 more)',
    });
    expect(leftOf('apps-errors')).toEqual([]);
  });

  it('a Dockerfile with a syntax error: a build, too, leaves its failure where the page shows it', async () => {
    const { apps } = test.core;
    const app = await open('apps-typo', 'services:\n  main:\n    build: .\n', {
      Dockerfile: 'FROM busybox\nRUNN true\n',
    });
    for (const work of [
      () => apps.build(app.id, {}),
      () => apps.build(app.id, { services: ['main'], noCache: true }),
      () => apps.scale(app.id, 'main', 2),
    ]) {
      apps.dismissError(app.id);
      const error = await failure(work());
      expect(error).toMatchObject({
        code: 'project-invalid',
        message: expect.stringContaining('Dockerfile:2'),
      });
      expect(apps.get(app.id).lastError?.message).toBe(error.message);
    }
    expect(apps.get(app.id)).toMatchObject({ operations: [], builds: [] });
  });

  it('settings that reach through the walls: only with consent, which is remembered', async () => {
    const { apps } = test.core;
    const app = await open('apps-danger', `services:\n  main:\n    ${SLEEP}\n    pid: host\n    ipc: host\n`);
    const error = await failure(apps.up(app.id, {}));
    expect(error).toMatchObject({
      code: 'consent-required',
      message:
        'apps-danger asks for more than a container may: main: pid host (compose.yaml:7); main: ipc host (compose.yaml:8).',
    });
    expect(leftOf('apps-danger')).toEqual([]);
    const [first, second] = app.dangers;
    await apps.grantDangers(app.id, [first?.id ?? '']);
    await expect(apps.up(app.id, {})).rejects.toMatchObject({ code: 'consent-required' });
    await expect(apps.grantDangers(app.id, ['someone-else'])).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await apps.grantDangers(app.id, [second?.id ?? '']);
    await apps.up(app.id, {});
    expect(
      docker('inspect', '--format', '{{.HostConfig.PidMode}} {{.HostConfig.IpcMode}}', 'apps-danger-main-1'),
    ).toBe('host host');
  });
});

describe('folders', () => {
  it.each([
    [
      'a file',
      () => {
        writeFileSync(join(test.folder, 'file'), '');
        return join(test.folder, 'file');
      },
      'invalid-input',
      /is a file, not a folder/,
    ],
    ['nothing', () => join(test.folder, 'none'), 'not-found', /does not exist/],
    ['a relative path', () => 'x/y', 'invalid-input', /is no absolute path/],
    ['a zero byte', () => '/tmp/\0', 'invalid-input', /zero byte/],
    [
      'a link to itself',
      () => {
        symlinkSync(join(test.folder, 'loop'), join(test.folder, 'loop'));
        return join(test.folder, 'loop');
      },
      'invalid-input',
      /cannot be opened \(ELOOP\)/,
    ],
  ])('refuses %s (47)', async (_, path, code, message) => {
    await expect(test.core.apps.open(path())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(test.core.apps.views()).toEqual([]);
  });

  it('opens an empty folder and says what is looked for', async () => {
    mkdirSync(join(test.folder, 'empty'));
    const app = await test.core.apps.open(join(test.folder, 'empty'));
    expect(app).toMatchObject({
      status: 'no-project',
      diagnostics: [{ code: 'no-project', message: 'empty holds neither a compose file nor a Dockerfile.' }],
    });
  });

  it('goes on with what runs when the folder is taken away, and removes it', async () => {
    const { apps } = test.core;
    const app = await open('apps-gone', MAIN_AND_WORKER);
    await apps.up(app.id, {});
    rmSync(join(test.folder, 'apps-gone'), { recursive: true });
    const view = await apps.reload(app.id);
    expect(view.folderError?.message).toMatch(/does not exist any more/);
    expect(view.workers).toHaveLength(3);
    await expect(apps.up(app.id, {})).rejects.toMatchObject({ code: 'not-found' });
    await apps.down(app.id, {});
    expect(leftOf('apps-gone')).toEqual([]);
  });

  it('keeps apart two folders of one name', async () => {
    const { apps } = test.core;
    const one = await open('apps-twin', `services:\n  main:\n    ${SLEEP}\n`);
    await apps.up(one.id, {});
    mkdirSync(join(test.folder, 'elsewhere'));
    renameSync(
      test.project('elsewhere/apps-twin', { 'compose.yaml': `services:\n  main:\n    ${SLEEP}\n` }),
      join(test.folder, 'elsewhere/x'),
    );
    renameSync(join(test.folder, 'elsewhere/x'), join(test.folder, 'elsewhere/apps-twin'));
    const two = await apps.open(join(test.folder, 'elsewhere/apps-twin'));
    expect(two.workers).toEqual([]);
    const began = Date.now();
    await apps.down(two.id, {});
    // Nobody waits for the other one's network to be free.
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(docker('inspect', '--format', '{{.State.Running}}', 'apps-twin-main-1')).toBe('true');
    expect(docker('network', 'inspect', '--format', '{{len .Containers}}', 'apps-twin_default')).toBe('1');
  });

  it('shows what Compose started elsewhere, stops and removes it', async () => {
    const { apps } = test.core;
    test.project('apps-foreign', {});
    docker('network', 'create', '--label', 'com.docker.compose.project=apps-foreign', 'apps-foreign_default');
    for (const index of [1, 2])
      docker(
        'run',
        '-d',
        '--init',
        '--label',
        'com.docker.compose.project=apps-foreign',
        '--label',
        'com.docker.compose.service=solver',
        '--label',
        `com.docker.compose.container-number=${index}`,
        '--name',
        `apps-foreign-solver-${index}`,
        'busybox:latest',
        'sleep',
        '1000',
      );
    await expect
      .poll(() =>
        apps
          .views()
          .find((view) => view.id === 'engine:apps-foreign')
          ?.workers.map((worker) => worker.phase),
      )
      .toEqual(['running', 'running']);
    expect(apps.get('engine:apps-foreign')).toMatchObject({
      origin: 'engine',
      services: [{ name: 'solver', role: 'worker' }],
    });
    await expect(apps.scale('engine:apps-foreign', 'solver', 3)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await apps.stop('engine:apps-foreign');
    await expect
      .poll(() => apps.get('engine:apps-foreign').workers.map((worker) => worker.phase))
      .toEqual(['stopped', 'stopped']);
    await apps.down('engine:apps-foreign', {});
    expect(leftOf('apps-foreign')).toEqual([]);
    await expect.poll(() => apps.views().map((view) => view.id)).toEqual([]);
  });

  it('fixes a file where it stands, and refuses when it changed meanwhile', async () => {
    const { apps } = test.core;
    const app = await open('apps-fix', 'version: "3" # old\nservices:\n  main:\n    image: busybox\n');
    const [diagnostic] = app.diagnostics;
    const path = join(test.folder, 'apps-fix/compose.yaml');
    chmodSync(path, 0o640);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text}# more\n`);
    await expect(
      apps.applyFix(app.id, diagnostic?.id ?? '', diagnostic?.fixes[0]?.id ?? ''),
    ).rejects.toMatchObject({
      code: 'file-changed',
      message: 'compose.yaml was changed since it was read; nothing was written.',
    });
    expect(readFileSync(path, 'utf8')).toBe(`${text}# more\n`);
    const fixed = await apps.applyFix(app.id, diagnostic?.id ?? '', diagnostic?.fixes[0]?.id ?? '');
    expect(fixed.diagnostics).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('services:\n  main:\n    image: busybox\n# more\n');
    await expect(apps.applyFix(app.id, 'gone', 'gone')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('writes a role down beside its service', async () => {
    const { apps } = test.core;
    const app = await open('apps-role', '# mine\nservices:\n  alpha: # first\n    image: busybox\n');
    const view = await apps.setRole(app.id, 'alpha', 'worker');
    expect(view.services[0]).toMatchObject({ role: 'worker', roleSource: 'declared' });
    await apps.setRole(app.id, 'alpha', 'main');
    expect(readFileSync(join(test.folder, 'apps-role/compose.yaml'), 'utf8')).toBe(
      '# mine\nservices:\n  alpha: # first\n    x-flotilla: { role: main }\n    image: busybox\n',
    );
  });

  it('closes an app only when it has no containers, and remembers it among the recents', async () => {
    const { apps } = test.core;
    const app = await open('apps-close', `services:\n  main:\n    ${SLEEP}\n`);
    await apps.up(app.id, {});
    await expect(apps.close(app.id)).rejects.toMatchObject({
      code: 'conflict',
      message: 'apps-close still has 1 container.',
    });
    await apps.down(app.id, {});
    await apps.close(app.id);
    expect(apps.views()).toEqual([]);
    expect(await apps.recents()).toMatchObject([{ title: 'apps-close', exists: true }]);
  });
});
