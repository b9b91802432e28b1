import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildRequest, BuildService } from '../BuildApi.ts';
import { createBuildService } from '../createBuildService.ts';
import { testEngine } from '../testEngine.ts';

const { engine, client, openStreams } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;

let root: string;
let builds: BuildService;
let tags: string[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-buildkit-')));
  builds = createBuildService({ engine });
  tags = [];
});
afterEach(async () => {
  await builds.dispose();
  rmSync(root, { recursive: true, force: true });
  for (const tag of tags)
    await client
      .request({ method: 'DELETE', path: `/images/${tag}`, query: { force: true } })
      .catch(() => {});
  expect(openStreams()).toBe(0);
});

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function requestFor(
  change: Omit<Partial<BuildRequest>, 'build'> & { build?: Partial<BuildRequest['build']> } = {},
): BuildRequest {
  const tag = change.tag ?? `buildkittest-${unique}-${tags.length}:latest`;
  tags.push(tag);
  const { build, ...rest } = change;
  return {
    appId: 'app',
    service: 'worker',
    projectRoot: root,
    labels: {},
    noCache: false,
    ...rest,
    tag,
    build: { context: '.', dockerfile: 'Dockerfile', args: {}, ...build },
  };
}

async function build(change: Parameters<typeof requestFor>[0] = {}, service = builds): Promise<BuildView> {
  return service.wait(service.start(requestFor(change)).id);
}

const textOf = (view: BuildView): string[] => builds.output(view.id).lines.map((line) => line.text);

/** Processes on this machine whose command line holds a text: containers of the test engine are among them. */
function processesWith(marker: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
    } catch {
      return false;
    }
  }).length;
}

describe('a build with BuildKit on a real engine', () => {
  it('tells its steps with stage, line, inputs and times, and what the image is; then takes all from the cache', async () => {
    put(
      'Dockerfile',
      [
        'ARG V=latest',
        'FROM busybox:$V AS data',
        'ARG WHO=nobody',
        'COPY a.txt /a.txt',
        '# remark',
        'RUN echo "hello $WHO" \\',
        `  && cat /a.txt # ${unique}`,
        '',
        'FROM busybox AS unused',
        'RUN false',
        '',
        'FROM busybox AS worker',
        'WORKDIR /w',
        'COPY --from=data /a.txt /w/',
        'ENV A=b',
        '',
      ].join('\n'),
    );
    put('a.txt', 'zażółć gęślą jaźń\n');
    const view = await build({ build: { args: { WHO: 'π' }, labels: { mine: 'yes' } } });
    expect(view.error).toBeUndefined();
    expect(view.builder).toEqual({ kind: 'buildkit', reason: expect.stringMatching(/offers BuildKit/) });
    // Only what a COPY line needs.
    expect(view.context?.sentBytes).toBe(Buffer.byteLength('zażółć gęślą jaźń\n'));
    expect(
      view.steps.map(({ number, stage, line, state, inputs }) => ({ number, stage, line, state, inputs })),
    ).toEqual([
      { number: 1, stage: 'data', line: 2, state: 'done', inputs: undefined },
      { number: 2, stage: 'data', line: 4, state: 'done', inputs: [1] },
      { number: 3, stage: 'data', line: 6, state: 'done', inputs: [2] },
      { number: 4, stage: 'worker', line: 12, state: 'done', inputs: undefined },
      { number: 5, stage: 'worker', line: 13, state: 'done', inputs: [4] },
      { number: 6, stage: 'worker', line: 14, state: 'done', inputs: [3, 5] },
      { number: 7, stage: undefined, line: undefined, state: 'done', inputs: undefined },
    ]);
    const run = view.steps[2];
    expect(run?.instruction).toContain('hello π');
    expect((run?.endedAt ?? 0) - (run?.startedAt ?? 0)).toBeGreaterThan(1);
    expect(view.steps[6]?.instruction).toBe('exporting to image');
    expect(builds.output(view.id).lines).toContainEqual({ step: 3, text: 'hello π' });
    expect(builds.output(view.id).lines).toContainEqual({ step: 3, text: 'zażółć gęślą jaźń' });
    expect(view.result).toMatchObject({ imageId: view.imageId });
    expect(view.result?.sizeBytes).toBeGreaterThan(1_000_000);
    expect(view.result?.layers.map((layer) => layer.createdBy)).toEqual(
      expect.arrayContaining(['WORKDIR /w', 'ENV A=b', expect.stringMatching(/^COPY \/a\.txt \/w\//)]),
    );

    const again = await build({ tag: view.tag, build: { args: { WHO: 'π' }, labels: { mine: 'yes' } } });
    expect(again.imageId).toBe(view.imageId);
    expect(
      again.steps.filter((step) => /^(RUN|COPY|WORKDIR)/.test(step.instruction)).map((step) => step.cached),
    ).toEqual([true, true, true, true]);
    const image = await client.request<{ Config: { Labels: unknown } }>({ path: `/images/${view.tag}/json` });
    expect(image.Config.Labels).toEqual({ mine: 'yes' });
  });

  it.each([
    [
      'a missing file',
      'FROM busybox\nCOPY nope.txt /\n',
      2,
      /nope\.txt" not found$/,
      /^There is no `nope\.txt` in the build context/,
    ],
    [
      'an ignored file',
      'FROM busybox\nCOPY big.dat /\n',
      2,
      /big\.dat/,
      /^`big\.dat` exists, but line 2 of \.dockerignore leaves it out/,
    ],
    [
      'a misspelt instruction',
      'FROM busybox\n\nRUNN true\n',
      3,
      /unknown instruction: RUNN/i,
      /Check the spelling/,
    ],
    [
      'a base that cannot be had',
      'FROM no-such-image-anywhere:1\n',
      1,
      /^The base image .*no-such-image-anywhere:1/,
      /registry cannot be reached/,
    ],
    [
      'a stage that there is not',
      'FROM busybox AS one\nCOPY --from=two /x /\n',
      2,
      /two/,
      /no stage has that name \(there is `one`\)/,
    ],
    [
      'a missing program',
      'FROM busybox\nRUN echo hi; gfortran --version\n',
      2,
      /^`RUN echo hi; gfortran --version` ended with exit code 127\.$/,
      /The program `gfortran` is not in the image/,
    ],
    [
      'no network',
      `FROM busybox\nRUN echo "wget: bad address 'example.org'" >&2; exit 1 # ${unique}\n`,
      2,
      /exit code 1/,
      /could not reach the network/,
    ],
    [
      'a full disk',
      `FROM busybox\nRUN echo "write: No space left on device"; exit 1 # ${unique}\n`,
      2,
      /exit code 1/,
      /disk is full/,
    ],
    [
      'a secret that is not declared',
      'FROM busybox\nRUN --mount=type=secret,id=tok,required=true cat /run/secrets/tok\n',
      2,
      /tok/,
      /Add `tok` to `secrets`/,
    ],
  ])('explains %s at its line', async (_, dockerfile, line, message, hint) => {
    put('Dockerfile', dockerfile);
    put('.dockerignore', '# large\n*.dat\n');
    put('big.dat', 'x');
    const view = await build();
    expect(view.state).toBe('failed');
    expect(view.error).toMatchObject({ file: 'Dockerfile', line });
    expect(view.error?.excerpt?.map((one) => one.line)).toContain(line);
    expect(view.error?.message).toMatch(message);
    expect(view.error?.hint).toMatch(hint);
    expect(
      view.steps.some(
        (step) => step.state === 'running' || (step.state === 'done' && step.endedAt === undefined),
      ),
    ).toBe(false);
  });

  it('finds the line of what the engine refuses without saying where', async () => {
    put('Dockerfile', 'FROM busybox\nENV A=1 \\\n  B=2\nRUN true\nENV C\nENV D=3\n');
    expect((await build()).error).toMatchObject({
      message: expect.stringMatching(/^ENV must have/),
      line: 5,
    });
  });

  it('explains a target that does not exist', async () => {
    put('Dockerfile', 'FROM busybox AS one\n');
    const view = await build({ build: { target: 'two' } });
    expect(view.error?.message).toContain('two');
    expect(view.error?.hint).toContain('FROM … AS name');
  });

  it('builds by a text of the compose file, whatever Dockerfile the folder has, and tells its lines there', async () => {
    const inline = (text: string, firstLine?: number): Partial<BuildRequest['build']> => ({
      dockerfileInline: { text, file: 'compose.yaml', line: 4, firstLine },
    });
    put('Dockerfile', 'RUN false\n');
    put('Dockerfile.dockerignore', 'a.txt\n');
    put('.dockerignore', 'hidden\n');
    put('hidden', 'x');
    put('a.txt', `${unique} inline\n`);
    const text = 'FROM busybox\nCOPY . /c/\nRUN cd /c && ls -A && cat a.txt\n';
    const view = await build({ build: inline(text, 5) });
    expect(view.error).toBeUndefined();
    expect(view.steps.slice(0, 3).map(({ line, state }) => [line, state])).toEqual([
      [5, 'done'],
      [6, 'done'],
      [7, 'done'],
    ]);
    expect(textOf(view).slice(0, 5)).toEqual([
      '.dockerignore',
      'Dockerfile',
      'Dockerfile.dockerignore',
      'a.txt',
      `${unique} inline`,
    ]);
    const again = await build({ build: inline(text, 9) });
    expect(again.steps.slice(1, 3).map(({ cached }) => cached)).toEqual([true, true]);
    expect(again.imageId).toBe(view.imageId);

    const wrong = 'FROM busybox\nRUN true\nRUN exit 3\n';
    expect((await build({ build: inline(wrong, 5) })).error).toMatchObject({
      message: '`RUN exit 3` ended with exit code 3.',
      file: 'compose.yaml',
      line: 7,
      excerpt: [
        { line: 5, text: 'FROM busybox' },
        { line: 6, text: 'RUN true' },
        { line: 7, text: 'RUN exit 3' },
      ],
    });
    const folded = (await build({ build: inline(wrong) })).error;
    expect(folded).toMatchObject({ file: 'compose.yaml', line: 4 });
    expect(folded?.hint).toMatch(/^It is line 3 of the text: `RUN exit 3`\. /);
    expect((await build({ build: inline('FROM busybox\n\nRNU x\n', 5) })).error).toMatchObject({
      message: expect.stringMatching(/line 7: unknown instruction: RNU/i),
      line: 7,
    });
  });

  it('serves secrets from a file and from .env, and nothing from outside the project', async () => {
    put(
      'Dockerfile',
      `FROM busybox\nRUN --mount=type=secret,id=tok --mount=type=secret,id=key wc -c < /run/secrets/tok; cat /run/secrets/key # ${unique}\n`,
    );
    put('tok.txt', 'zażółć');
    put('.env', 'KEY="from the file"\n');
    put('.dockerignore', 'tok.txt\n.env\n');
    const view = await build({
      build: {
        secrets: [
          { id: 'tok', file: 'tok.txt' },
          { id: 'key', environment: 'KEY' },
        ],
      },
    });
    expect(view.error).toBeUndefined();
    expect(textOf(view)).toEqual(expect.arrayContaining(['10', 'from the file']));
    expect(JSON.stringify(view)).not.toContain('from the file');

    process.env['FLOTILLA_TEST_OUTSIDE'] = 'leak';
    try {
      for (const secret of [
        { id: 'tok', file: '../../etc/hostname' },
        { id: 'tok', environment: 'FLOTILLA_TEST_OUTSIDE' },
      ]) {
        const refused = await build({ build: { secrets: [secret] } });
        expect(refused.state).toBe('failed');
        expect(refused.error?.message).toMatch(
          /lies outside the project|not in the project’s \.env|there is no/,
        );
      }
    } finally {
      delete process.env['FLOTILLA_TEST_OUTSIDE'];
    }
  });

  it('keeps a Dockerfile and ignore file that are ignored out of the image, and one from beside the context', async () => {
    put(
      'app/Dockerfile',
      `FROM busybox\nCOPY . /ctx/\nRUN find /ctx | sort && stat -c '%a %s' /ctx/run.sh && md5sum /ctx/run.sh # ${unique}\n`,
    );
    put('app/.dockerignore', 'Dockerfile\n.dockerignore\nsecret\n');
    put('app/run.sh', 'echo hello\n'.repeat(20_000));
    put('app/secret', 'x');
    put('app/π/deep file', 'x');
    const inside = await build({ build: { context: 'app' } });
    expect(inside.error).toBeUndefined();
    expect(textOf(inside)).toEqual(
      expect.arrayContaining([
        '/ctx/run.sh',
        '/ctx/π/deep file',
        '644 220000',
        `${createHash('md5').update('echo hello\n'.repeat(20_000)).digest('hex')}  /ctx/run.sh`,
      ]),
    );
    expect(textOf(inside).filter((line) => /Dockerfile|dockerignore|secret/.test(line))).toEqual([]);

    put('docker/Dockerfile', `FROM busybox\nCOPY . /ctx\nRUN ls -A /ctx # ${unique}\n`);
    rmSync(join(root, 'app/.dockerignore'));
    const beside = await build({ build: { context: 'app', dockerfile: '../docker/Dockerfile' } });
    expect(beside.error).toBeUndefined();
    expect(textOf(beside)).toEqual(expect.arrayContaining(['Dockerfile', 'run.sh', 'secret']));
    expect(textOf(beside)).not.toContain('.flotilla.Dockerfile');
  });

  it('is asked for no file where no step needs one, and counts each file of the context once', async () => {
    put('data.txt', 'x'.repeat(505));
    put('Dockerfile', `FROM busybox\nRUN echo ${unique}\n`);
    put('.dockerignore', 'Dockerfile\n.dockerignore\n');
    const unasked = await build();
    expect(unasked.error).toBeUndefined();
    expect(unasked.context).toMatchObject({ sentBytes: 0 });
    put('Dockerfile', `FROM busybox\nCOPY . /${unique}\n`);
    put('.dockerignore', '');
    const { context } = await build();
    const dockerfile = `FROM busybox\nCOPY . /${unique}\n`.length;
    expect(context).toMatchObject({ files: 3, bytes: 505 + dockerfile, sentBytes: 505 + dockerfile });
  });

  it('builds without a `# syntax` program that cannot be fetched, and says so at the line', async () => {
    put(
      'Dockerfile',
      `# escape=\`\n# syntax=docker/dockerfile:1.4\nFROM busybox\nRUN echo a \`\n  b # ${unique}\n`,
    );
    const view = await build();
    expect(view.error).toBeUndefined();
    expect(view.warnings).toEqual([
      {
        line: 2,
        message: expect.stringMatching(
          /^`docker\/dockerfile:1\.4`, the build program this line asks for, could not be fetched/,
        ),
      },
    ]);
    expect(view.steps.map((step) => step.line)).toEqual([3, 4, undefined]);
  });

  it('joins output cut anywhere, a progress bar into one line, and bytes that are no text', async () => {
    put(
      'Dockerfile',
      `FROM busybox\nRUN printf '\\305'; sleep 0.2; printf '\\274\\n 1%%\\r 50%%\\r100%%\\n'; printf 'bad \\377 byte\\nno end' # ${unique}\n`,
    );
    const view = await build();
    expect(textOf(view).slice(0, 4)).toEqual(['ż', '100%', 'bad \uFFFD byte', 'no end']);
  });

  it('keeps what a build of a million lines leaves, and is not held up by it', async () => {
    put('Dockerfile', `FROM busybox\nRUN seq 1 1000000 # ${unique}\n`);
    const before = process.memoryUsage().rss;
    let calls = 0;
    builds.onBuild(() => (calls += 1));
    const view = await build();
    expect(view.state).toBe('succeeded');
    const { lines, dropped } = builds.output(view.id);
    // The engine cuts a step's log at a megabyte or two, and says so: what it tells is far more than is kept.
    expect(lines.length).toBe(10_000);
    expect(dropped).toBeGreaterThan(1_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    expect(calls).toBeLessThan(2_000);
  });

  it('cancels within 2 s: the command in the engine is gone, and no session is left', async () => {
    const marker = `${unique}cancel`;
    put(
      'Dockerfile',
      `FROM busybox\nRUN trap '' TERM; echo started; while true; do sleep 1; done # ${marker}\n`,
    );
    const request = requestFor();
    const started = new Promise<void>((resolve) => {
      builds.onBuild((_, lines) => {
        if (lines.some((line) => line.text === 'started')) resolve();
      });
    });
    const { id } = builds.start(request);
    await started;
    expect(processesWith(marker)).toBeGreaterThan(0);
    const asked = Date.now();
    builds.cancel(id);
    const view = await builds.wait(id);
    while (processesWith(marker) > 0 && Date.now() - asked < 2_000)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(processesWith(marker)).toBe(0);
    expect(view.state).toBe('cancelled');
    expect(view.error).toBeUndefined();
    expect(view.steps.map((step) => step.state)).toEqual(['done', 'cancelled']);
    expect(openStreams()).toBe(0);
  });

  it('cancels while the context is being sent', async () => {
    put('Dockerfile', 'FROM busybox\nCOPY . /\n');
    for (let index = 0; index < 20; index += 1) put(`f${index}`, Buffer.alloc(4 * 1024 * 1024));
    const { id } = builds.start(requestFor());
    await new Promise<void>((resolve) => {
      builds.onBuild((view) => {
        if ((view.context?.sentBytes ?? 0) > 0) resolve();
      });
    });
    builds.cancel(id);
    expect((await builds.wait(id)).state).toBe('cancelled');
  });

  // With Docker 20.10 the third was done anew once in some ten runs, for reasons unknown.
  it('runs services that share a context at once, and builds of one tag after another', {
    retry: 2,
  }, async () => {
    put(
      'Dockerfile',
      `FROM busybox AS base\nRUN echo shared ${unique}; sleep 1\nFROM base AS a\nRUN echo a\nFROM base AS b\nRUN echo b\n`,
    );
    const a = requestFor({ build: { target: 'a' } });
    const first = builds.start(a);
    const second = builds.start(requestFor({ build: { target: 'b' } }));
    const twin = builds.start(a);
    await new Promise<void>((resolve) => {
      builds.onBuild(() => {
        if (builds.get(first.id)?.state !== 'queued' && builds.get(second.id)?.state !== 'queued') resolve();
      });
    });
    expect(builds.get(twin.id)?.state).toBe('queued');
    const views = await Promise.all([first, second, twin].map((one) => builds.wait(one.id)));
    expect(views.map((view) => view.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    // The engine did the shared step once: both tell the same start of it.
    const starts = views.slice(0, 2).map((view) => view.steps[1]?.startedAt);
    expect(views[1]?.steps[1]?.cached === true || starts[0] === starts[1]).toBe(true);
    expect(views[2]?.steps.slice(1, 3).map((step) => step.cached)).toEqual([true, true]);
    expect(views[2]?.imageId).toBe(views[0]?.imageId);
  });

  it('does not take an engine that goes away for success', async () => {
    put('Dockerfile', 'FROM busybox\nRUN true\n');
    const dying = await fakeEngine((answer) => {
      answer.write(
        `{"id":"moby.buildkit.trace","aux":""}\n{"id":"moby.buildkit.trace","aux":"!!"}\n<html>\n`,
      );
      setTimeout(() => answer.destroy(), 50);
    });
    try {
      const view = await build({}, dying.builds);
      expect(view.state).toBe('failed');
      expect(view.error?.message).toBe('The engine went away before the build was done.');
      expect(dying.builds.output(view.id).lines.map((line) => line.text)).toContain('<html>');
    } finally {
      await dying.end();
    }
  });

  it('falls back to the classic builder where sessions are refused, and says why', async () => {
    put('Dockerfile', 'FROM busybox\nRUN --mount=type=cache,target=/c true\n');
    const refusing = await fakeEngine(
      (answer) =>
        answer.end('{"errorDetail":{"message":"the --mount option requires BuildKit"},"error":"x"}\n'),
      404,
    );
    try {
      const view = await build({}, refusing.builds);
      expect(view.builder?.kind).toBe('classic');
      expect(view.builder?.reason).toMatch(/gives no build sessions \(HTTP 404/);
      expect(view.warnings).toEqual([
        { line: 2, message: expect.stringMatching(/`RUN --mount` needs BuildKit/) },
      ]);
      expect(view.error).toMatchObject({ line: 2 });
      expect((await refusing.builds.builders()).map((choice) => choice.kind)).toEqual(['classic']);
      const wanted = await build({ builder: 'buildkit' }, refusing.builds);
      expect(wanted.error?.message).toMatch(/^BuildKit was asked for, but is not to be had/);
    } finally {
      await refusing.end();
    }
  });

  it('says what is missing where only buildx can serve a build', async () => {
    put('Dockerfile', 'FROM busybox\n');
    const view = await build({ build: { ssh: ['default'] } });
    expect(view.state).toBe('failed');
    expect(view.error?.message).toBe(
      'An SSH key in a build (`ssh`) needs the command `docker buildx`, which is not installed on this machine.',
    );
    expect(view.error?.hint).toMatch(/docker-buildx-plugin/);
    expect((await builds.builders()).map((choice) => choice.kind)).toEqual(['buildkit', 'classic']);
  });
});

/** A stand-in for what no healthy engine does: dying in the middle of an answer, refusing sessions. */
async function fakeEngine(
  answerBuild: (answer: import('node:http').ServerResponse) => void,
  sessionStatus = 101,
): Promise<{ builds: BuildService; end(): Promise<void> }> {
  const sockets = new Set<import('node:net').Socket>();
  const server: Server = createServer((incoming, answer) => {
    incoming.resume();
    if (incoming.url?.startsWith('/_ping') === true) answer.end('OK');
    else if (incoming.url?.includes('/session') === true)
      answer.writeHead(sessionStatus).end('{"message":"page not found"}');
    else if (incoming.url?.startsWith('/build?') === true) incoming.once('end', () => answerBuild(answer));
    else answer.writeHead(404).end();
  });
  if (sessionStatus === 101)
    server.on('upgrade', (_, socket) =>
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    );
  server.on('connection', (socket) => sockets.add(socket));
  const path = join(root, 'fake.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const fake = testEngine(`unix://${path}`);
  const service = createBuildService({ engine: fake.engine });
  return {
    builds: service,
    async end() {
      await service.dispose();
      expect(fake.openStreams()).toBe(0);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      expect(existsSync(path)).toBe(false);
    },
  };
}
