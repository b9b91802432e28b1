import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toErrorShape } from '#shared/contract/errors.ts';
import { dockerPlugins } from '../../../e2e/lab/dockerPlugins.ts';
import { docker, startTestCore, type TestCore, testHost } from '../testCore.ts';

let test: TestCore;
beforeAll(async () => void (test = await startTestCore()));
afterAll(async () => test.dispose());

const BASE = 'image: busybox:latest\n    init: true\n    stop_grace_period: 0s\n    network_mode: none\n';
const SLEEP = '    command: [sleep, "1000"]\n';
async function open(name: string, service: string, more: Record<string, string> = {}): Promise<string> {
  const app = await test.core.apps.open(
    test.project(name, { 'compose.yaml': `services:\n  worker:\n    ${BASE}${service}`, ...more }),
  );
  return app.id;
}
const rewrite = (name: string, service: string, more: Record<string, string> = {}): unknown =>
  test.project(name, { 'compose.yaml': `services:\n  worker:\n    ${BASE}${service}`, ...more });
const idOf = (name: string): string => docker('ps', '-aq', '--no-trunc', '--filter', `name=^${name}$`);
const grantAll = (id: string): Promise<unknown> =>
  test.core.apps.grantDangers(
    id,
    test.core.apps.get(id).dangers.map((danger) => danger.id),
  );

describe('commands at the start and the end of a container', () => {
  it('are run in it in their order, as whom and where they say, after each start and before each stop', async () => {
    const hooks =
      '    volumes: ["out:/out"]\n    user: "1000"\n' +
      '    post_start:\n' +
      '      - { command: [sh, -c, "touch /out/log; chmod 666 /out/log; id -u >> /out/log"], user: "0" }\n' +
      '      - { command: sh -c "echo $$A $$(pwd) $$(id -u) >> /out/log", working_dir: /tmp, environment: { A: two } }\n' +
      '    pre_stop:\n' +
      '      - { command: [sh, -c, "echo pre_stop >> /out/log"] }\n';
    const id = await open('life-order', `${SLEEP}${hooks}volumes: { out: {} }\n`);
    const log = (): string =>
      docker('run', '--rm', '-v', 'life-order_out:/out', 'busybox', 'cat', '/out/log');
    await test.core.apps.up(id, {});
    expect(log()).toBe('0\ntwo /tmp 1000');
    await test.core.apps.stop(id);
    expect(log()).toBe('0\ntwo /tmp 1000\npre_stop');
    await test.core.apps.up(id, {});
    await test.core.apps.scale(id, 'worker', 2);
    await test.core.apps.scale(id, 'worker', 1);
    expect(log().split('\n')).toEqual([
      '0',
      'two /tmp 1000',
      'pre_stop',
      '0',
      'two /tmp 1000',
      '0',
      'two /tmp 1000',
      'pre_stop',
    ]);
    // One that is changed is a reason for a new container, which runs it.
    rewrite(
      'life-order',
      `${SLEEP}${hooks.replace('two,', 'three,').replace('A: two', 'A: three')}volumes: { out: {} }\n`,
    );
    await test.core.apps.reload(id);
    const { steps } = await test.core.apps.plan(id);
    expect(steps).toMatchObject([
      { kind: 'recreate-container', reason: 'its commands after its start changed' },
    ]);
    await test.core.apps.up(id, {});
    expect(log()).toMatch(/pre_stop\n0\nthree \/tmp 1000$/);
    await test.core.apps.down(id, { volumes: true });
  });

  it('that fail: a start has failed and its container runs on, a container is not stopped; both can be cancelled', async () => {
    const id = await open(
      'life-fails',
      `${SLEEP}    post_start: [{ command: [sh, -c, "echo no luck >&2; exit 3"] }]\n    pre_stop: [{ command: [nowhere] }]\n`,
    );
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      code: 'engine-error',
      message:
        'post_start of worker-1 failed: `sh -c echo no luck >&2; exit 3` ended with exit code 3: no luck',
    });
    expect(test.core.apps.get(id).workers).toMatchObject([{ key: 'worker-1', phase: 'running' }]);
    const container = idOf('life-fails-worker-1');
    await expect(test.core.apps.stop(id)).rejects.toMatchObject({
      message: expect.stringMatching(/^pre_stop of worker-1 (failed|cannot be run): .*nowhere/s),
      hint: expect.stringContaining('was not stopped'),
    });
    expect(docker('inspect', '--format', '{{.State.Status}}', container)).toBe('running');
    rewrite('life-fails', `${SLEEP}    pre_stop: [{ command: [sleep, "1000"] }]\n`);
    await test.core.apps.reload(id);
    const stopping = test.core.apps.stop(id).catch((error: unknown) => error);
    await expect.poll(() => test.core.apps.get(id).operations[0]?.step).toBe('Running pre_stop of worker-1');
    test.core.apps.cancel(id, test.core.apps.get(id).operations[0]?.id ?? '');
    expect(await stopping).toMatchObject({ code: 'cancelled' });
    expect(docker('inspect', '--format', '{{.State.Status}}', container)).toBe('running');
    rewrite('life-fails', SLEEP);
    await test.core.apps.reload(id);
    await test.core.apps.down(id, {});
  });

  it('need consent for more rights than their container has', async () => {
    const id = await open(
      'life-rights',
      `${SLEEP}    post_start: [{ command: [sh, -c, "dmesg -s 16"], privileged: true }]\n`,
    );
    expect(test.core.apps.get(id).dangers).toMatchObject([
      { kind: 'post_start', value: 'privileged sh -c dmesg -s 16', line: 8 },
    ]);
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({ code: 'consent-required' });
    await grantAll(id);
    // Where the engine itself has not so many rights, it is the kernel that refuses.
    const started = await test.core.apps.up(id, {}).then(
      () => 'ok',
      (error: unknown) => toErrorShape(error).message,
    );
    expect(started).toMatch(/^ok$|unable to apply caps: operation not permitted/);
    await test.core.apps.down(id, {});
  });
});

const files =
  '    user: "1000:1000"\n' +
  '    secrets: [token, { source: token, target: own, uid: "1000", gid: "1001", mode: 0400 }]\n' +
  '    configs: [conf, { source: conf, target: /etc/deep/er/conf.ini, mode: 0640 }]\n' +
  'secrets: { token: { environment: TOKEN } }\nconfigs: { conf: { content: "name=${NAME}\\n" } }\n';

/** The files of `files` in a container: who owns each, its mode, and what stands in two of them. */
const lookInto = (container: string): string =>
  docker(
    ...['exec', '-u', '0', container, 'sh', '-c'],
    'cd /; stat -c "%n %a %u:%g" /run/secrets/token /run/secrets/own /conf /etc/deep/er/conf.ini; cat /run/secrets/token /conf',
  );

describe('secrets and configs that are no files of the project', () => {
  it('stand in the container as files of their owner and mode, and another text makes it anew', async () => {
    const id = await open('life-files', SLEEP + files, { '.env': 'TOKEN=tøp secret\nNAME=x\n' });
    await test.core.apps.up(id, {});
    const look = (): string => lookInto('life-files-worker-1');
    expect(look()).toBe(
      '/run/secrets/token 444 0:0\n/run/secrets/own 400 1000:1001\n/conf 444 0:0\n/etc/deep/er/conf.ini 640 0:0\ntøp secretname=x',
    );
    // Neither the engine's account of it nor anything of Flotilla's tells the text.
    expect(docker('inspect', 'life-files-worker-1')).not.toContain('secret\\n');
    expect(docker('inspect', 'life-files-worker-1')).not.toContain('tøp');
    expect((await test.core.apps.plan(id)).steps).toEqual([]);
    const before = idOf('life-files-worker-1');
    // It stands there also when it is started again.
    await test.core.apps.stop(id);
    await test.core.apps.up(id, {});
    expect(idOf('life-files-worker-1')).toBe(before);
    expect(look()).toContain('tøp secret');
    rewrite('life-files', SLEEP + files, { '.env': 'TOKEN=other\nNAME=x\n' });
    await test.core.apps.reload(id);
    const plan = await test.core.apps.plan(id);
    expect(plan.steps).toMatchObject([
      { kind: 'recreate-container', reason: 'its secrets and configs changed' },
    ]);
    expect(JSON.stringify(plan)).not.toContain('other');
    await test.core.apps.up(id, {});
    expect(look()).toContain('othername=x');
    await test.core.apps.down(id, {});
  });
});

const plugins = dockerPlugins();

it.skipIf('missing' in plugins)('stand there as the real docker compose puts them', async () => {
  const env = { '.env': 'TOKEN=tøp secret\nNAME=x\n' };
  // This one refuses users that the image does not name.
  const id = await open('life-real', SLEEP + files.replace(/^.*\n/, ''), env);
  await test.core.apps.up(id, {});
  const ours = lookInto('life-real-worker-1');
  await test.core.apps.down(id, {});
  const program = join('folder' in plugins ? plugins.folder : '', 'cli-plugins', 'docker-compose');
  const options = {
    cwd: join(test.folder, 'life-real'),
    env: { PATH: '/bin:/usr/bin', HOME: test.folder, DOCKER_HOST: testHost() },
    stdio: 'pipe',
  } as const;
  execFileSync(program, ['up', '-d'], options);
  expect(ours).toBe(lookInto('life-real-worker-1'));
  execFileSync(program, ['down', '-t', '0'], options);
});

describe('a platform', () => {
  it('is what the image must be made for: another one is said before anything is made', async () => {
    const here = docker('image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', 'busybox:latest');
    const other = here === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
    const id = await open('life-platform', `${SLEEP}    platform: ${here}\n`);
    await test.core.apps.up(id, {});
    const before = idOf('life-platform-worker-1');
    rewrite('life-platform', `${SLEEP}    platform: ${other}\n    pull_policy: never\n`);
    await test.core.apps.reload(id);
    await expect(test.core.apps.up(id, {})).rejects.toMatchObject({
      code: 'conflict',
      message: `worker is to run on ${other}, and its image busybox:latest is made for ${here}.`,
    });
    expect(idOf('life-platform-worker-1')).toBe(before);
    await test.core.apps.down(id, {});
  });
});
