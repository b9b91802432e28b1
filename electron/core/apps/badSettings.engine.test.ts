import { availableParallelism } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorShape } from '#shared/contract/errors.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
beforeEach(async () => {
  test = await startTestCore();
});
afterEach(async () => {
  await test.dispose();
});

const compose = (lines: string): string =>
  `services:\n  a:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s\n${lines.replaceAll(/^(?=.)/gm, '    ')}\n`;
const containers = (project: string): string =>
  docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`);

/** Asks for what the engine refuses; nothing may be left of it, and the project runs once that is mended. */
async function refusal(name: string, lines: string) {
  const { id } = await test.core.apps.open(test.project(name, { 'compose.yaml': compose(lines) }));
  const error = await test.core.apps.up(id, {}).then(
    () => undefined,
    (thrown: unknown) => toErrorShape(thrown),
  );
  expect(containers(name)).toBe('');
  writeFileSync(join(test.folder, name, 'compose.yaml'), compose(''));
  await test.core.apps.up(id, {});
  expect(test.core.apps.get(id).status).toBe('running');
  await test.core.apps.down(id, {});
  return error;
}

describe('what only the engine can refuse (security groups 16 to 23)', () => {
  it.each([
    ['bad-cpus', `cpus: ${availableParallelism() + 1}`, 'Ask for no more CPUs than the engine has.'],
    ['bad-cpuset', 'cpuset: "0-63"', 'Name only CPUs that the engine has.'],
    [
      'bad-command',
      'entrypoint: [/nothing-like-it]',
      'The command does not exist in the image. Check `command` and `entrypoint`, and the image’s CMD.',
    ],
  ])(
    '%s: says what to do, leaves nothing half made, and runs once it is mended',
    async (name, lines, hint) => {
      expect(await refusal(name, lines)).toMatchObject({
        code: 'engine-error',
        message: expect.stringMatching(/^a-1 could not be started: /),
        hint,
      });
    },
  );

  it('a host port that another container holds', async () => {
    docker(
      'run',
      '-d',
      '--name',
      'bad-port-holder',
      '-p',
      '127.0.0.1::80',
      'busybox:latest',
      'sleep',
      '1000',
    );
    try {
      const port = docker('port', 'bad-port-holder', '80').split(':').at(-1) ?? '';
      expect(await refusal('bad-port', `ports: ["${port}:80"]`)).toMatchObject({
        code: 'engine-error',
        message: expect.stringContaining(port),
        hint: expect.stringContaining('Another program holds that port.'),
      });
    } finally {
      docker('rm', '-f', 'bad-port-holder');
    }
  });

  it('a service that is off by its profile and needed is switched on by its fix, in an .env that was not there', async () => {
    const text = `${compose('depends_on: [b]')}  b:\n    image: busybox:latest\n    command: [sleep, "1000"]\n    stop_grace_period: 0s\n    profiles: [gpu]\n`;
    const view = await test.core.apps.open(test.project('bad-profile', { 'compose.yaml': text }));
    const found = view.diagnostics.find(({ code }) => code === 'depends-on-missing');
    await expect(test.core.apps.up(view.id, {})).rejects.toMatchObject({ code: 'project-invalid' });
    const fixed = await test.core.apps.applyFix(view.id, found?.id ?? '', found?.fixes[0]?.id ?? '');
    expect(fixed.diagnostics).toEqual([]);
    expect(readFileSync(join(test.folder, 'bad-profile', '.env'), 'utf8')).toBe('COMPOSE_PROFILES=gpu\n');
    await test.core.apps.up(view.id, {});
    expect(test.core.apps.get(view.id).workers.map(({ key, phase }) => `${key} ${phase}`)).toEqual([
      'a-1 running',
      'b-1 running',
    ]);
  });
});
