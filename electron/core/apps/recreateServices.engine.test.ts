import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlotillaError } from '#shared/contract/errors.ts';
import { dockerPlugins } from '../../../e2e/lab/dockerPlugins.ts';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
const unique = process.pid.toString(36);
const PROJECT = `recreate-${unique}`;
const TAG = `recreate-${unique}:latest`;

const dockerfile = (mark: string, command = 'true'): string =>
  `FROM busybox\nRUN echo said ${mark}; echo ${mark}-${unique} > /mark && ${command}\n`;
const put = (text: string): void => writeFileSync(join(test.folder, PROJECT, 'Dockerfile'), text);
/** Container ids by name. */
const containers = (): Record<string, string> =>
  Object.fromEntries(
    docker(
      'ps',
      '-a',
      '--format',
      '{{.Names}} {{.ID}}',
      '--filter',
      `label=com.docker.compose.project=${PROJECT}`,
    )
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ') as [string, string]),
  );
const markOf = (service: string): string => docker('exec', `${PROJECT}-${service}-1`, 'cat', '/mark');

beforeAll(async () => {
  test = await startTestCore();
});
afterAll(async () => {
  await test.dispose();
  docker('rmi', '-f', TAG);
});

describe('apps.build with recreate', () => {
  it('replaces what was made from the image before, and nothing else', async () => {
    const path = test.project(PROJECT, {
      'compose.yaml': `services:
  main:
    build: .
    image: ${TAG}
    command: ["sleep", "1000"]
    stop_grace_period: 0s
    x-flotilla: { role: main }
  worker:
    image: ${TAG}
    depends_on: [main]
    command: ["sleep", "1000"]
    stop_grace_period: 0s
    scale: 2
    x-flotilla: { role: worker }
  other:
    image: busybox
    command: ["sleep", "1000"]
    stop_grace_period: 0s
`,
      Dockerfile: dockerfile('one'),
    });
    const { apps, builds } = test.core;
    const app = await apps.open(path);
    await apps.up(app.id, {});
    const first = containers();
    expect(Object.keys(first)).toHaveLength(4);

    // The same image: nothing is out of date.
    await apps.build(app.id, { recreate: true });
    expect(containers()).toEqual(first);

    // A build alone replaces nothing, a failed one neither, and says which failed.
    put(dockerfile('two'));
    await apps.build(app.id, {});
    expect(containers()).toEqual(first);
    put(dockerfile('three', 'false'));
    const failure = await apps.build(app.id, { recreate: true }).catch((error: FlotillaError) => error);
    expect(failure).toMatchObject({ code: 'build-failed' });
    expect(containers()).toEqual(first);

    const seen: string[] = [];
    const heard = apps.onApp((change) => {
      if (change.kind === 'app')
        seen.push(...change.app.operations.map(({ step, total }) => `${step} ${total}`));
    });
    put(dockerfile('four'));
    const { buildIds } = await apps.build(app.id, { services: ['main'], recreate: true });
    void heard.dispose();
    const second = containers();
    expect(Object.keys(second).sort()).toEqual(Object.keys(first).sort());
    expect(second[`${PROJECT}-other-1`]).toBe(first[`${PROJECT}-other-1`]);
    for (const name of ['main-1', 'worker-1', 'worker-2'])
      expect(second[`${PROJECT}-${name}`]).not.toBe(first[`${PROJECT}-${name}`]);
    expect([markOf('main'), markOf('worker')]).toEqual([`four-${unique}`, `four-${unique}`]);
    expect(apps.get(app.id).workers.map(({ key, phase }) => `${key} ${phase}`)).toEqual([
      'main-1 running',
      'other-1 running',
      'worker-1 running',
      'worker-2 running',
    ]);
    // What others depend on comes first.
    const recreated = [...new Set(seen.filter((step) => step.startsWith('Recreating')))];
    expect(recreated).toEqual(['Recreating main 3', 'Recreating worker 3']);

    // The history has them all, each with its end, also for the next session.
    const history = await builds.history(app.id, {});
    expect(history.map((entry) => entry.state)).toEqual([
      'succeeded',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(history[0]?.id).toBe(buildIds[0]);
    await test.restart();
    expect(await test.core.builds.history(app.id, {})).toEqual(history);
    expect(test.core.builds.get(buildIds[0] ?? '')).toBeUndefined();
    expect(await test.core.builds.find(buildIds[0] ?? '')).toMatchObject({
      state: 'succeeded',
      service: 'main',
    });
    const kept = await test.core.builds.keptOutput(history[1]?.id ?? '');
    expect(kept.lines.map((line) => line.text)).toContain('said three');
    const comparison = await test.core.builds.compare(history[1]?.id ?? '', history[0]?.id ?? '');
    expect(comparison.steps.find((step) => step.instruction.includes('four'))?.left).toBeUndefined();
  });

  it('leaves an app that was stopped as it is', async () => {
    const { apps } = test.core;
    const [app] = apps.views();
    if (app === undefined) throw new Error('The app of the test before is gone.');
    await apps.stop(app.id);
    const before = containers();
    put(dockerfile('five'));
    await apps.build(app.id, { recreate: true });
    expect(containers()).toEqual(before);
    expect(docker('ps', '-q', '--filter', `label=com.docker.compose.project=${PROJECT}`)).toBe('');
  });

  it('can be cancelled while it builds: nothing is replaced then', async () => {
    const { apps } = test.core;
    const [app] = apps.views();
    if (app === undefined) throw new Error('The app of the test before is gone.');
    await apps.up(app.id, {});
    const before = containers();
    put(dockerfile('six', 'sleep 60'));
    const cancel = new AbortController();
    const build = apps
      .build(app.id, { recreate: true, signal: cancel.signal })
      .catch((error: FlotillaError) => error);
    await expect
      .poll(() => test.core.builds.list(app.id)[0]?.steps.some((step) => step.state === 'running'), {
        timeout: 20_000,
      })
      .toBe(true);
    cancel.abort();
    expect(await build).toMatchObject({ code: 'cancelled' });
    expect(containers()).toEqual(before);
    expect((await test.core.builds.history(app.id, { limit: 1 }))[0]?.state).toBe('cancelled');
  });
});

const plugins = dockerPlugins();

describe.skipIf('missing' in plugins)('a service that is built with the image of another', () => {
  it('is built after it, also when it alone is asked for, and says whose build failed', async () => {
    const config = 'folder' in plugins ? plugins.folder : '';
    const own = await startTestCore(undefined, { env: { ...process.env, DOCKER_CONFIG: config } });
    const [base, web] = [`recreate-base-${unique}:latest`, `recreate-web-${unique}:latest`];
    const compose = (command: string): string => `services:
  web:
    image: ${web}
    build:
      context: .
      additional_contexts: { base: "service:base" }
      dockerfile_inline: |
        FROM base
        RUN cat /mark > /again
    command: ["sleep", "1000"]
    stop_grace_period: 0s
  base:
    image: ${base}
    build:
      context: .
      dockerfile_inline: |
        FROM busybox:latest
        RUN ${command}
    command: ["true"]
`;
    try {
      const path = own.project(`with-${unique}`, { 'compose.yaml': compose(`echo ${unique} > /mark`) });
      const { apps, builds } = own.core;
      const app = await apps.open(path);
      expect(app.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const asked = apps.build(app.id, { services: ['web'] });
      if (Number.parseInt(docker('version', '--format', '{{.Server.Version}}')) < 23) {
        await expect(asked).rejects.toThrow(/too old for further contexts/);
        return;
      }
      const { buildIds } = await asked;
      expect(buildIds.map((id) => builds.get(id)?.service)).toEqual(['base', 'web']);
      expect(docker('run', '--rm', web, 'cat', '/again')).toBe(unique);
      writeFileSync(join(path, 'compose.yaml'), compose('exit 3'));
      const failed = await apps.build(app.id, {}).catch((error: unknown) => error as FlotillaError);
      expect(failed).toMatchObject({
        message:
          'The build of base failed: compose.yaml:18: `RUN exit 3` ended with exit code 3. (So did web.)',
      });
    } finally {
      await own.dispose();
      docker('rmi', '-f', base, web);
    }
  });
});
