import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildModel } from '#shared/domain/ServiceModel.ts';
import type { BuildService } from '../BuildApi.ts';
import { createBuildService } from '../createBuildService.ts';
import { dockerPlugins } from '../../../../e2e/lab/dockerPlugins.ts';
import { testEngine } from '../testEngine.ts';

const { engine, client, openStreams } = testEngine();
const tag = `buildxtest-${process.pid.toString(36)}${Date.now().toString(36)}:latest`;
const made = tag.replace(':latest', '-base:latest');
const plugins = dockerPlugins();
if ('missing' in plugins) console.log(`buildx against the real command: not run: ${plugins.missing}`);

let folder: string;
let root: string;
let builds: BuildService;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-buildxtest-')));
  root = realpathSync(mkdtempSync(join(folder, 'project-')));
});
afterEach(async () => {
  await builds.dispose();
  rmSync(folder, { recursive: true, force: true });
  for (const name of [tag, made])
    await client
      .request({ method: 'DELETE', path: `/images/${name}`, query: { force: true } })
      .catch(() => {});
  expect(openStreams()).toBe(0);
});

async function build(change: Partial<BuildModel> = {}): Promise<BuildView> {
  return builds.wait(start(change));
}

function start(change: Partial<BuildModel> = {}): string {
  return builds.start({
    appId: 'app',
    service: 'worker',
    projectRoot: root,
    tag,
    labels: { mine: 'yes' },
    noCache: false,
    builder: 'buildx',
    build: { context: '.', dockerfile: 'Dockerfile', args: {}, ...change },
  }).id;
}

/** Lines as `--progress=rawjson` writes them (client.SolveStatus of buildkit), one half line and one that is no JSON among them. */
const RECORDED = [
  `{"vertexes":[{"digest":"sha256:aa","name":"[1/2] FROM docker.io/library/busybox","started":"2024-05-01T10:00:00.5Z"},{"digest":"sha256:bb","inputs":["sha256:aa"],"name":"[2/2] RUN echo hi"}]}`,
  `{"statuses":[{"id":"sha256:layer","vertex":"sha256:aa","name":"downloading","total":1000,"current":400,"timestamp":"2024-05-01T10:00:01Z","started":"2024-05-01T10:00:00.6Z"}]}`,
  `{"vertexes":[{"digest":"sha256:aa","name":"[1/2] FROM docker.io/library/busybox","started":"2024-05-01T10:00:00.5Z","completed":"2024-05-01T10:00:01.75Z","cached":true},{"digest":"sha256:bb","inputs":["sha256:aa"],"name":"[2/2] RUN echo hi","started":"2024-05-01T10:00:01.8Z"}]}`,
  `#1 a line that is no JSON`,
  `{"logs":[{"vertex":"sha256:bb","stream":1,"data":"${Buffer.from('hi zaż').subarray(0, 6).toString('base64')}","timestamp":"2024-05-01T10:00:02Z"},{"vertex":"sha256:bb","stream":1,"data":"${Buffer.concat([Buffer.from('hi zaż').subarray(6), Buffer.from('\n')]).toString('base64')}","timestamp":"2024-05-01T10:00:02Z"}]}`,
  `{"warnings":[{"vertex":"sha256:bb","level":1,"short":"${Buffer.from('JSONArgsRecommended: write a list').toString('base64')}","detail":["eA=="],"range":[{"start":{"line":2},"end":{"line":2}}]}]}`,
];

/** A stand-in for `docker` with buildx, which this machine may lack: records how it is called, prints what was recorded. */
function standIn(ending: string): void {
  writeFileSync(join(folder, 'lines'), `${RECORDED.join('\n')}\n`);
  const program = join(folder, 'docker');
  writeFileSync(
    program,
    `#!${process.execPath}
const { writeFileSync, readFileSync } = require('node:fs');
const words = process.argv.slice(2);
if (words[1] === 'version') { console.log('github.com/docker/buildx v0.14.1 abc'); process.exit(0); }
writeFileSync(${JSON.stringify(join(folder, 'called'))}, JSON.stringify({ words, env: process.env }));
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => {
  const tar = Buffer.concat(chunks);
  process.stderr.write(readFileSync(${JSON.stringify(join(folder, 'lines'))}));
  ${ending}
});
`,
  );
  chmodSync(program, 0o755);
  builds = createBuildService({
    engine,
    env: { PATH: folder, HOME: folder, AWS_SECRET_ACCESS_KEY: 'not for buildx', SSH_AUTH_SOCK: '/agent' },
  });
}

const called = (): { words: string[]; env: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, 'called'), 'utf8')) as {
    words: string[];
    env: Record<string, string>;
  };

describe('a build with the docker buildx command', () => {
  it('hands over the context, the settings and secrets, and reads steps from its JSON', async () => {
    // Builds what it was given with the engine's classic builder, so that there is an image to be found.
    standIn(`const request = require('node:http').request({ socketPath: process.env.DOCKER_HOST.slice(7), method: 'POST',
      path: '/build?t=' + words.find((word) => word.startsWith('--tag=')).slice(6), headers: { 'Content-Type': 'application/x-tar' } },
      (answer) => answer.resume().on('end', () => process.exit(0)));
      request.end(tar);`);
    writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\nRUN echo hi\n');
    writeFileSync(join(root, 'tok'), 'top secret');
    writeFileSync(join(root, 'key'), 'x');
    mkdirSync(join(root, 'data'));
    const view = await build({
      args: { A: '$(touch x)', '-B': '' },
      secrets: [{ id: 'tok', file: 'tok' }],
      ssh: ['default', 'deploy=key'],
      cacheFrom: ['example.org/cache:main'],
      cacheTo: ['type=local,dest=/x'],
      platforms: ['linux/amd64'],
      network: 'host',
      additionalContexts: { base: 'data', image: 'docker-image://busybox' },
      ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
      entitlements: ['security.insecure'],
      noCacheFilter: ['first'],
      provenance: 'mode=max',
      sbom: 'false',
    });
    const { words, env } = called();
    expect(view.error).toBeUndefined();
    expect(words).toEqual([
      'buildx',
      'build',
      '--progress=rawjson',
      '--file=Dockerfile',
      `--tag=${tag}`,
      '--load',
      expect.stringMatching(/^--iidfile=/),
      '--build-arg=A=$(touch x)',
      '--build-arg=-B=',
      '--label=mine=yes',
      '--secret=id=tok,env=FLOTILLA_SECRET_0',
      '--ssh=default',
      `--ssh=deploy=${join(root, 'key')}`,
      `--build-context=base=${join(root, 'data')}`,
      '--build-context=image=docker-image://busybox',
      '--cache-from=example.org/cache:main',
      '--cache-to=type=local,dest=/x',
      '--platform=linux/amd64',
      '--network=host',
      '--ulimit=nofile=1024:2048',
      '--provenance=mode=max',
      '--sbom=false',
      '--allow=security.insecure',
      '--no-cache-filter=first',
      '-',
    ]);
    expect(env['FLOTILLA_SECRET_0']).toBe('top secret');
    expect(env['DOCKER_HOST']).toBe(process.env['FLOTILLA_TEST_DOCKER_HOST']);
    expect(env['SSH_AUTH_SOCK']).toBe('/agent');
    expect(env['AWS_SECRET_ACCESS_KEY']).toBeUndefined();
    expect(view.builder).toEqual({
      kind: 'buildx',
      reason: 'An SSH key in a build (`ssh`) needs `docker buildx`.',
    });
    expect(view.steps).toMatchObject([
      {
        number: 1,
        line: 1,
        cached: true,
        state: 'done',
        startedAt: Date.parse('2024-05-01T10:00:00.5Z'),
        endedAt: Date.parse('2024-05-01T10:00:01.75Z'),
        transfer: { doneBytes: 400, totalBytes: 1000 },
      },
      { number: 2, line: 2, cached: false, state: 'done', inputs: [1] },
    ]);
    expect(view.warnings).toEqual([{ message: 'JSONArgsRecommended: write a list', line: 2 }]);
    expect(builds.output(view.id).lines).toEqual(
      expect.arrayContaining([
        { step: 2, text: 'hi zaż' },
        { step: 0, text: '#1 a line that is no JSON' },
      ]),
    );
    expect(view.result?.imageId).toBe(view.imageId);
    expect((await builds.builders()).map((choice) => choice.kind)).toEqual(['buildkit', 'buildx', 'classic']);
  });

  it('never takes a command that ended well without an image for success', async () => {
    standIn('process.exit(0);');
    writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\nRUN echo hi\n');
    const view = await build();
    expect(view.state).toBe('failed');
    expect(view.error?.message).toMatch(/there is no image/);
  });

  it('explains a failure by the step that failed, and one of buildx itself by its words', async () => {
    standIn(
      `process.stderr.write('{"vertexes":[{"digest":"sha256:bb","name":"[2/2] RUN echo hi","started":"2024-05-01T10:00:01.8Z","completed":"2024-05-01T10:00:02Z","error":"process \\\\"/bin/sh -c echo hi\\\\" did not complete successfully: exit code: 7"}]}\\nERROR: failed to solve: x\\n', () => process.exit(1));`,
    );
    writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\nRUN echo hi\n');
    const failed = await build();
    expect(failed.error).toMatchObject({ line: 2, message: '`RUN echo hi` ended with exit code 7.' });
    // The words of a step may be those of a context.
    for (const [step, lib] of [
      ['pip install shared/lib', 'shared/lib'],
      ['git clone https://localhost:1/x.git', 'https://localhost:1/x.git'],
    ] as const) {
      await builds.dispose();
      standIn(
        `process.stderr.write('{"vertexes":[{"digest":"sha256:cc","name":"[2/2] RUN ${step}","started":"2024-05-01T10:00:01.8Z","completed":"2024-05-01T10:00:02Z","error":"process \\\\"/bin/sh -c ${step}\\\\" did not complete successfully: exit code: 7"}]}\\nERROR: failed to solve: x\\n', () => process.exit(1));`,
      );
      mkdirSync(join(root, 'shared/lib'), { recursive: true });
      writeFileSync(join(root, 'Dockerfile'), `FROM busybox\nRUN ${step}\n`);
      const own = await build({ additionalContexts: { lib } });
      expect(own.error).toMatchObject({ line: 2, message: `\`RUN ${step}\` ended with exit code 7.` });
    }
    await builds.dispose();

    standIn(
      `process.stderr.write('ERROR: failed to solve: unsupported frontend capability moby.buildkit.frontend.contexts\\n', () => process.exit(1));`,
    );
    const old = await build({ additionalContexts: { base: 'docker-image://busybox' } });
    expect(old.error?.message).toMatch(/too old for further contexts/);
    expect(old.error?.hint).toMatch(/# syntax=docker\/dockerfile:1/);
    await builds.dispose();

    standIn(
      `process.stderr.write('ERROR: Cache export is not supported for the docker driver.\\n', () => process.exit(1));`,
    );
    const refused = await build({ cacheTo: ['type=local,dest=x'] });
    expect(refused.error?.message).toMatch(/Cache export is not supported/);
    expect(refused.error?.hint).toMatch(/docker buildx create --use/);
  });

  it('ends the command when the build is cancelled, also one that ignores SIGTERM', async () => {
    standIn(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
    writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\nRUN echo hi\n');
    const running = new Promise<void>((resolve) => {
      builds.onBuild((view) => {
        if (view.steps[1]?.state === 'running') resolve();
      });
    });
    const id = start();
    await running;
    const asked = Date.now();
    builds.cancel(id);
    const view = await builds.wait(id);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(view.state).toBe('cancelled');
    expect(spawnSync('pgrep', ['-f', join(folder, 'docker')], { stdio: 'ignore' }).status).toBe(1);
  });

  describe.skipIf('missing' in plugins)('that is the real one', () => {
    const real = (): void => {
      const config = 'folder' in plugins ? plugins.folder : '';
      builds = createBuildService({ engine, env: { ...process.env, DOCKER_CONFIG: config } });
    };

    it('builds, with steps, output, a secret and the image, and takes it from the cache again', async () => {
      real();
      writeFileSync(join(root, 'token'), 'hunter2');
      writeFileSync(join(root, 'data'), 'x'.repeat(100_000));
      writeFileSync(
        join(root, 'Dockerfile'),
        `FROM busybox\nCOPY data /data\nRUN --mount=type=secret,id=token echo "really $(wc -c < /run/secrets/token) ${tag}"\n`,
      );
      const change: Partial<BuildModel> = { secrets: [{ id: 'token', file: 'token' }] };
      const view = await build(change);
      expect(view.error).toBeUndefined();
      expect(view.steps.slice(0, 3)).toMatchObject([
        { line: 1, state: 'done' },
        { line: 2, state: 'done' },
        { line: 3, state: 'done', cached: false },
      ]);
      expect(view.context?.arrived).toBe(true);
      expect(builds.output(view.id).lines).toContainEqual({ step: 3, text: `really 7 ${tag}` });
      expect(view.result?.sizeBytes).toBeGreaterThan(100_000);
      expect(JSON.stringify(view)).not.toContain('hunter2');
      const again = await build(change);
      expect(again.steps[2]).toMatchObject({ state: 'done', cached: true });
      expect(again.imageId).toBe(view.imageId);
    });

    it('builds by a text of the compose file, and tells its lines there', async () => {
      real();
      writeFileSync(join(root, 'Dockerfile'), 'RUN false\n');
      writeFileSync(join(root, '.dockerignore'), 'hidden\n.dockerignore\n');
      writeFileSync(join(root, 'hidden'), 'x');
      const inline = (text: string): Partial<BuildModel> => ({
        dockerfileInline: { text, file: 'compose.yaml', line: 4, firstLine: 5 },
      });
      const text = `FROM busybox\nCOPY . /c/\nRUN ls -A /c # ${tag}\n`;
      const view = await build(inline(text));
      expect(view.error).toBeUndefined();
      expect(builds.output(view.id).lines.map((line) => line.text)).toEqual(['Dockerfile']);
      const again = await build(inline(text));
      expect(again.steps[2]).toMatchObject({ line: 7, cached: true });
      expect((await build(inline('FROM busybox\nRUN exit 3\n'))).error).toMatchObject({
        file: 'compose.yaml',
        line: 6,
      });
    });

    it('takes the image that another build makes, after it, and says why where it cannot have one', async () => {
      real();
      const request = { appId: 'app', projectRoot: root, labels: {}, noCache: false };
      const inline = (text: string) => ({ text, file: 'compose.yaml', line: 4, firstLine: 5 });
      const pair = (step: string, name: string) => {
        const base = builds.start({
          ...request,
          service: 'base',
          tag: made,
          build: {
            context: '.',
            dockerfile: 'Dockerfile',
            args: {},
            dockerfileInline: inline(`FROM busybox\nRUN ${step}\n`),
          },
        });
        const { id } = builds.start({
          ...request,
          service: 'worker',
          tag,
          build: {
            context: '.',
            dockerfile: 'Dockerfile',
            args: {},
            additionalContexts: { base: `docker-image://${name}` },
            dockerfileInline: inline('FROM base\nCOPY --from=base /made /again\nRUN cat /again\n'),
          },
          after: [base.id],
        });
        return builds.wait(id);
      };
      const view = await pair(`sleep 1; echo ${tag} > /made`, made);
      const { Version } = await client.request<{ Version: string }>({ path: '/version' });
      if (Number.parseInt(Version) < 23) {
        expect(view.error?.message).toMatch(/too old for further contexts/);
        return;
      }
      expect(view.error).toBeUndefined();
      expect(builds.output(view.id).lines.map(({ text }) => text)).toContain(tag);
      expect((await pair('exit 3', made)).error).toMatchObject({
        message: 'It is built with the image of base, whose build failed.',
      });
      const nowhere = await pair('true', 'localhost:1/nowhere');
      expect(nowhere.error).toEqual({
        message: expect.stringMatching(
          /^The context `base`, the image `localhost:1\/nowhere` could not be fetched: .*refused/,
        ),
        hint: expect.stringMatching(
          /^`localhost:1\/nowhere` is not on this engine .* `docker buildx use default`\.$/,
        ),
      });
      const git = start({
        additionalContexts: { base: 'http://me:pass@localhost:1/x.git#main' },
        dockerfileInline: inline('FROM busybox\nCOPY --from=base /a /\n'),
      });
      const { error } = await builds.wait(git);
      expect(error?.message).toMatch(
        /^The context `base` \(http:.*localhost:1\/x\.git#main\) could not be fetched: /,
      );
      expect(error?.message).not.toContain('pass');
    });

    it('fails at the line, and is cancelled within 2 s, the command and its work gone', async () => {
      real();
      writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\n\nRUN echo before; no-such-program\n');
      const failed = await build();
      expect(failed.error).toMatchObject({ file: 'Dockerfile', line: 3 });
      expect(failed.error?.hint).toMatch(/no-such-program/);
      writeFileSync(join(root, 'Dockerfile'), `FROM busybox\nRUN echo begun; sleep 9${process.pid}\n`);
      const id = start();
      await expect
        .poll(() => builds.output(id).lines.some(({ text }) => text === 'begun'), { timeout: 60_000 })
        .toBe(true);
      const sleeping = () => spawnSync('pgrep', ['-f', `^sleep 9${process.pid}`]).status === 0;
      expect(sleeping()).toBe(true);
      builds.cancel(id);
      expect((await builds.wait(id)).state).toBe('cancelled');
      await expect.poll(sleeping, { timeout: 2_000 }).toBe(false);
    });

    it('says what the engine’s own BuildKit cannot do for it', async () => {
      real();
      writeFileSync(join(root, 'Dockerfile'), 'FROM busybox\n');
      const view = await build({ cacheTo: ['type=local,dest=cache'] });
      expect(view.state).toBe('failed');
      expect(view.error?.hint).toMatch(/docker buildx create --use/);
      // An engine with the containerd image store keeps it.
      const { DriverStatus } = await client.request<{ DriverStatus?: string[][] }>({ path: '/info' });
      const keeps = JSON.stringify(DriverStatus ?? []).includes('containerd.snapshotter');
      const { error } = await build({ provenance: 'true' });
      expect(error?.message).toBe(
        keeps ? undefined : 'This engine cannot keep `provenance` and `sbom` beside its images.',
      );
    });
  });
});
