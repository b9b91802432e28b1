import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildOutputLine, BuildRequest, BuildService } from './BuildApi.ts';
import { createBuildService } from './createBuildService.ts';
import { testEngine } from './testEngine.ts';

const { engine, client, openStreams } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;

let root: string;
let builds: BuildService;
let tags: string[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-build-')));
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
  const tag = change.tag ?? `buildtest-${unique}-${tags.length}:latest`;
  tags.push(tag);
  const { build, ...rest } = change;
  return {
    appId: 'app',
    service: 'worker',
    projectRoot: root,
    labels: { 'com.docker.compose.project': 'buildtest' },
    noCache: false,
    builder: 'classic',
    ...rest,
    tag,
    build: { context: '.', dockerfile: 'Dockerfile', args: {}, ...build },
  };
}

async function build(change: Parameters<typeof requestFor>[0] = {}): Promise<BuildView> {
  return builds.wait(builds.start(requestFor(change)).id);
}

const textOf = (view: BuildView): string[] => builds.output(view.id).lines.map((line) => line.text);

async function imageExists(tag: string): Promise<boolean> {
  return client.request({ path: `/images/${tag}/json` }).then(
    () => true,
    () => false,
  );
}

/** Containers of builds carry no label of ours: count those made from something unnamed by the command they run. */
async function containersRunning(marker: string): Promise<number> {
  const all = await client.request<{ Command: string }[]>({ path: '/containers/json', query: { all: true } });
  return all.filter((container) => container.Command.includes(marker)).length;
}

describe('a build on a real engine', () => {
  it('succeeds with its steps, their lines and output, then comes from the cache', async () => {
    put(
      'Dockerfile',
      `FROM busybox\nARG WHO=nobody\nCOPY a.txt /a.txt\n# remark\nRUN echo "hello \\\n  $WHO" \\\n  && cat /a.txt # ${unique}\n`,
    );
    put('a.txt', 'zażółć gęślą jaźń\n');
    const seen: BuildView[] = [];
    const lines: BuildOutputLine[] = [];
    builds.onBuild((view, more) => {
      seen.push(view);
      lines.push(...more);
    });
    const view = await build({ build: { args: { WHO: 'π' } } });
    expect(view.error).toBeUndefined();
    expect(view.state).toBe('succeeded');
    expect(view.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(view.context).toMatchObject({ files: 2, skipped: [] });
    expect(view.context?.sentBytes).toBe(view.context?.bytes);
    expect(view.steps.map((step) => [step.number, step.total, step.line, step.state])).toEqual([
      [1, 5, 1, 'done'],
      [2, 5, 2, 'done'],
      [3, 5, 3, 'done'],
      [4, 5, 5, 'done'],
      [5, 5, undefined, 'done'],
    ]);
    expect(view.steps[4]?.instruction).toMatch(/^LABEL/);
    expect(builds.output(view.id).lines).toContainEqual({ step: 4, text: 'hello   π' });
    expect(builds.output(view.id).lines).toContainEqual({ step: 4, text: 'zażółć gęślą jaźń' });
    expect(lines).toEqual(builds.output(view.id).lines);
    expect(new Set(seen.map((one) => one.state))).toContain('building');
    expect(seen.filter((one) => one.endedAt !== undefined)).toEqual([view]);

    const image = await client.request<{ Config: { Labels: Record<string, string> } }>({
      path: `/images/${view.tag}/json`,
    });
    expect(image.Config.Labels['com.docker.compose.project']).toBe('buildtest');

    const again = await build({ tag: view.tag, build: { args: { WHO: 'π' } } });
    expect(again.steps.slice(1).map((step) => step.cached)).toEqual([true, true, true, true]);
    expect(again.imageId).toBe(view.imageId);
    expect(builds.list('app').map((one) => one.id)).toEqual([again.id, view.id]);
  });

  it('builds by a text of the compose file: no file of the context has its name, is harmed, or wins', async () => {
    put('Dockerfile', 'RUN false\n');
    put('.flotilla.Dockerfile', 'mine\n');
    put('.dockerignore', 'hidden\n');
    put('hidden', 'x');
    const inline = (text: string): Partial<BuildRequest['build']> => ({
      dockerfileInline: { text, file: 'compose.yaml', line: 4, firstLine: 5 },
    });
    const text = `FROM busybox\nCOPY . /c/\nRUN cd /c && ls -A && cat .flotilla.Dockerfile # ${unique}\n`;
    const view = await build({ build: inline(text) });
    expect(view.error).toBeUndefined();
    expect(view.steps.map(({ line }) => line)).toEqual([5, 6, 7, undefined]);
    const printed = textOf(view);
    for (const line of ['.flotilla.Dockerfile', 'Dockerfile', 'mine']) expect(printed).toContain(line);
    expect(printed).not.toContain('hidden');
    expect(printed.join('\n')).not.toContain('Dockerfile.2');
    const again = await build({ build: inline(text) });
    expect(again.imageId).toBe(view.imageId);
    expect(again.steps.slice(1).every(({ cached }) => cached)).toBe(true);
    const failed = await build({ build: inline('FROM busybox\nRUN exit 3\n') });
    expect(failed.error).toMatchObject({ file: 'compose.yaml', line: 6 });
    const more = await build({
      build: { ...inline('FROM more\n'), additionalContexts: { more: 'docker-image://busybox' } },
    });
    expect(more.error?.message).toMatch(/^Further contexts need BuildKit/);
  });

  it('fails at the line of the command that failed, and leaves no container', async () => {
    put('Dockerfile', `FROM busybox\nRUN true\n\nRUN echo going ${unique} && \\\n  exit 3\nRUN echo never\n`);
    const view = await build();
    expect(view.state).toBe('failed');
    expect(view.error?.message).toBe(`\`RUN echo going ${unique} && exit 3\` ended with exit code 3.`);
    expect(view.error).toMatchObject({ file: 'Dockerfile', line: 4 });
    expect(view.error?.excerpt).toEqual([
      { line: 2, text: 'RUN true' },
      { line: 3, text: '' },
      { line: 4, text: `RUN echo going ${unique} && \\` },
      { line: 5, text: '  exit 3' },
      { line: 6, text: 'RUN echo never' },
      { line: 7, text: '' },
    ]);
    expect(view.steps.map((step) => step.state)).toEqual(['done', 'done', 'failed', 'pending', 'pending']);
    expect(textOf(view)).toContain(`going ${unique}`);
    expect(await containersRunning(unique)).toBe(0);
    expect(await imageExists(view.tag)).toBe(false);
  });

  it('keeps what a failed build got done as cache, until it is closed', async () => {
    const steps = `FROM busybox\nRUN echo ${unique}cache > /x\n`;
    put('Dockerfile', `${steps}RUN false\n`);
    const failed = await build({ labels: {} });
    const made =
      textOf(failed)
        .findLast((line) => /^ ---> [0-9a-f]{12}$/.test(line))
        ?.slice(6) ?? '';
    expect(await imageExists(made)).toBe(true);
    put('Dockerfile', `${steps}RUN true\n`);
    const next = await build({ labels: {} });
    expect(next.steps.map((step) => step.cached)).toEqual([false, true, false]);

    put('Dockerfile', `FROM busybox\nRUN echo ${unique}other > /x\nRUN false\n`);
    const other =
      textOf(await build())
        .findLast((line) => /^ ---> [0-9a-f]{12}$/.test(line))
        ?.slice(6) ?? '';
    expect(await imageExists(other)).toBe(true);
    await builds.dispose();
    expect(await imageExists(other)).toBe(false);
    expect(await imageExists(next.tag)).toBe(true);
  });

  it.each([
    [
      'a missing file',
      'FROM busybox\nCOPY nope.txt /\n',
      2,
      /nope\.txt/,
      'There is no `nope.txt` in the build context; check its spelling (upper and lower case count).',
    ],
    [
      'an ignored file',
      'FROM busybox\nCOPY big.dat /\n',
      2,
      /big\.dat/,
      '`big.dat` exists, but line 2 of .dockerignore leaves it out. Add a line `!big.dat` after it.',
    ],
    [
      'a mount',
      'FROM busybox\nRUN --mount=type=cache,target=/c true\n',
      2,
      /requires BuildKit/,
      /classic builder.*Remove it/,
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
      /no-such-image-anywhere/,
      /`no-such-image-anywhere:1`/,
    ],
    [
      'a missing program',
      'FROM busybox\nRUN gfortran --version\n',
      2,
      /ended with exit code 127/,
      /not in the image/,
    ],
    ['no FROM', 'RUN true\n', undefined, /no build stage/i, /FROM/],
  ])('explains %s', async (_, dockerfile, line, message, hint) => {
    put('Dockerfile', dockerfile);
    put('.dockerignore', '# large\n*.dat\n');
    put('big.dat', 'x');
    const view = await build();
    expect(view.state).toBe('failed');
    expect(view.error?.message).toMatch(message);
    expect(view.error?.line).toBe(line);
    expect(view.error?.file).toBe('Dockerfile');
    expect(view.error?.hint).toMatch(hint);
  });

  it('explains a target that does not exist', async () => {
    put('Dockerfile', 'FROM busybox AS one\n');
    const view = await build({ build: { target: 'two' } });
    expect(view.state).toBe('failed');
    expect(view.error?.message).toContain('two');
    expect(view.error?.hint).toContain('FROM … AS name');
  });

  it('builds only up to the target, with lines in all stages', async () => {
    put(
      'Dockerfile',
      'ARG V=latest\nFROM busybox:$V AS base\nRUN echo one > /x\n\nFROM busybox AS worker\nCOPY --from=base /x /x\n\nFROM busybox AS unused\nRUN false\n',
    );
    const view = await build({ build: { target: 'worker' }, labels: {} });
    expect(view.state).toBe('succeeded');
    expect(view.steps.map((step) => step.line)).toEqual([1, 2, 3, 5, 6]);
  });

  it('takes output that looks like a step for output', async () => {
    put(
      'Dockerfile',
      `FROM busybox\nRUN printf 'Step 3/4 : FROM x'; echo; echo ' ---> 0123456789ab'; echo "Successfully built 0123456789ab" # ${unique}\nRUN false\n`,
    );
    const view = await build();
    expect(view.state).toBe('failed');
    expect(view.steps.map((step) => step.state)).toEqual(['done', 'done', 'failed', 'pending']);
  });

  it('cancels within 2 s and leaves nothing running', async () => {
    put('Dockerfile', `FROM busybox\nRUN echo started; trap '' TERM; sleep 300 # ${unique}cancel\n`);
    const request = requestFor();
    const started = new Promise<void>((resolve) => {
      builds.onBuild((_, lines) => {
        if (lines.some((line) => line.text === 'started')) resolve();
      });
    });
    const { id } = builds.start(request);
    await started;
    expect(await containersRunning(`${unique}cancel`)).toBe(1);
    const asked = Date.now();
    builds.cancel(id);
    const view = await builds.wait(id);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(view.state).toBe('cancelled');
    expect(view.steps.map((step) => step.state)).toEqual(['done', 'cancelled', 'pending']);
    expect(await containersRunning(`${unique}cancel`)).toBe(0);
    expect(await imageExists(request.tag)).toBe(false);
  });

  it('cancels while the context is being sent', async () => {
    put('Dockerfile', 'FROM busybox\nCOPY . /\n');
    for (let index = 0; index < 40; index += 1) put(`f${index}`, Buffer.alloc(4 * 1024 * 1024));
    const request = requestFor();
    const { id } = builds.start(request);
    await new Promise<void>((resolve) => {
      builds.onBuild((view) => {
        if ((view.context?.sentBytes ?? 0) > 0) resolve();
      });
    });
    builds.cancel(id);
    expect((await builds.wait(id)).state).toBe('cancelled');
    expect(await imageExists(request.tag)).toBe(false);
  });

  it('runs two at a time, one at a time for the same tag, and cancels one that waits', async () => {
    for (const name of ['a', 'b', 'c']) put(name, `FROM busybox\nRUN sleep 1 # ${unique} queue ${name}\n`);
    const same = requestFor({ build: { dockerfile: 'a' } });
    const first = builds.start(same);
    const twin = builds.start(same);
    const other = builds.start(requestFor({ build: { dockerfile: 'b' } }));
    const third = builds.start(requestFor({ build: { dockerfile: 'c' } }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([first, twin, other, third].map((one) => builds.get(one.id)?.state === 'queued')).toEqual([
      false,
      true,
      false,
      true,
    ]);
    builds.cancel(third.id);
    expect(builds.get(third.id)?.state).toBe('cancelled');
    const [one, two] = await Promise.all([
      builds.wait(first.id),
      builds.wait(twin.id),
      builds.wait(other.id),
    ]);
    expect(one.state).toBe('succeeded');
    expect(two.state).toBe('succeeded');
    expect(two.steps[1]?.cached).toBe(true);
  });

  it('sends a folder with a FIFO, an escaping link and odd names, and says what it left out', async () => {
    put(
      'Dockerfile',
      'FROM busybox\nCOPY . /ctx/\nRUN cd /ctx && for f in * .d*; do echo "$f"; done; readlink /ctx/out\n',
    );
    put('.dockerignore', '*.tmp\n');
    put('scratch.tmp', 'x');
    put('-dash', 'x');
    put('new\nline', 'x');
    put('π', 'x');
    put(`${'long/'.repeat(60)}end`, 'x');
    symlinkSync('/etc/passwd', join(root, 'out'));
    execFileSync('mkfifo', [join(root, 'fifo')]);
    const view = await build({ noCache: true });
    expect(view.error).toBeUndefined();
    expect(view.context?.skipped.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: 'fifo', reason: 'a FIFO (named pipe); not sent' },
      {
        path: 'out',
        reason:
          'a symbolic link to /etc/passwd, outside the build context: sent as a link, what it points to is not',
      },
    ]);
    const text = textOf(view).join('\n');
    expect(text).toContain('/etc/passwd');
    expect(text).toContain('-dash');
    expect(text).toContain('π');
    expect(text).not.toContain('scratch.tmp');
    expect(text).not.toContain('fifo');
  });

  it('builds without a file that vanished while the others were sent, and says so', async () => {
    put('Dockerfile', 'FROM busybox\nCOPY . /ctx/\n');
    put('a-first', Buffer.alloc(8 * 1024 * 1024));
    for (let index = 0; index < 30; index += 1) put(`m-${index}`, Buffer.alloc(4 * 1024 * 1024));
    put('z-last', 'x');
    const { id } = builds.start(requestFor());
    // 128 MiB lie between the first byte and the last file; the listener is told within 50 ms.
    const listening = builds.onBuild((view) => {
      if ((view.context?.sentBytes ?? 0) === 0) return;
      rmSync(join(root, 'z-last'), { force: true });
      void listening.dispose();
    });
    const view = await builds.wait(id);
    expect(view.error).toBeUndefined();
    expect(view.state).toBe('succeeded');
    expect(view.context?.skipped).toEqual([{ path: 'z-last', reason: 'vanished before it was sent' }]);
  });

  it('builds with `*` in .dockerignore, and with a Dockerfile from beside the context', async () => {
    put('app/Dockerfile', 'FROM busybox\nRUN echo inside\n');
    put('app/.dockerignore', '*\n!Dockerfile\n');
    put('app/data', 'x');
    expect((await build({ build: { context: 'app' } })).state).toBe('succeeded');
    put(
      'docker/Dockerfile',
      'FROM busybox\nCOPY . /ctx\nRUN ls -A /ctx && test ! -e /ctx/.flotilla.Dockerfile\n',
    );
    put('app/.dockerignore', '');
    const view = await build({ build: { context: 'app', dockerfile: '../docker/Dockerfile' } });
    expect(view.error).toBeUndefined();
    expect(textOf(view)).toContain('data');
  });

  it.each<[string, string | Buffer | (() => void), RegExp | undefined]>([
    ['empty', '', /^`Dockerfile` is empty\.$/],
    ['only comments', '# one\n  # two\n', /^`Dockerfile` holds only comments, no instruction\.$/],
    ['CRLF', 'FROM busybox\r\nRUN echo \\\r\n  hi\r\n', undefined],
    ['with a BOM', '\uFEFFFROM busybox\nRUN true\n', undefined],
    [
      'UTF-16',
      Buffer.from('\uFEFFFROM busybox\n', 'utf16le'),
      /^`Dockerfile` is not UTF-8 text but UTF-16\.$/,
    ],
    ['10 MiB', Buffer.alloc(10 * 1024 * 1024, '#'), /^`Dockerfile` is 10\.0 MiB; at most 1 MiB is read\.$/],
    [
      'a folder',
      () => mkdirSync(join(root, 'Dockerfile')),
      /^`Dockerfile` is a folder, where a file is needed\.$/,
    ],
    [
      'a FIFO',
      () => void execFileSync('mkfifo', [join(root, 'Dockerfile')]),
      /^`Dockerfile` is not a plain file/,
    ],
    ['missing', () => {}, /^There is no Dockerfile at `Dockerfile`\.$/],
    [
      'a link out',
      () => symlinkSync('/etc/passwd', join(root, 'Dockerfile')),
      /^`Dockerfile` is a symbolic link that leads out of the project\.$/,
    ],
    [
      'a dangling link',
      () => symlinkSync('nowhere', join(root, 'Dockerfile')),
      /^`Dockerfile` is a symbolic link to something that does not exist\.$/,
    ],
    [
      'a link to itself',
      () => symlinkSync('Dockerfile', join(root, 'Dockerfile')),
      /^`Dockerfile` is a symbolic link that leads back to itself\.$/,
    ],
    [
      'a link inside',
      () => {
        put('docker/real', 'FROM busybox\n');
        symlinkSync('docker/real', join(root, 'Dockerfile'));
      },
      undefined,
    ],
    ['with a remote frontend', '# syntax=example.invalid/frontend:1\nFROM busybox\n', undefined],
  ])('takes a Dockerfile that is %s', async (_, content, message) => {
    if (typeof content === 'function') content();
    else put('Dockerfile', content);
    const view = await build();
    if (message === undefined) {
      expect(view.error).toBeUndefined();
      expect(view.state).toBe('succeeded');
    } else {
      expect(view.state).toBe('failed');
      expect(view.error?.message).toMatch(message);
      expect(view.error?.hint).toBeTruthy();
      expect(view.steps).toEqual([]);
    }
  });

  it.each([
    [{ context: '../..' }, /^The build context `\.\.\/\.\.` lies outside the project\.$/],
    [{ context: 'nope' }, /^The build context `nope` does not exist\.$/],
    [{ context: 'Dockerfile' }, /^The build context `Dockerfile` is not a folder\.$/],
    [
      { dockerfile: '../../etc/Dockerfile' },
      /^The Dockerfile `\.\.\/\.\.\/etc\/Dockerfile` lies outside the project\.$/,
    ],
  ])('refuses %j', async (change, message) => {
    put('Dockerfile', 'FROM busybox\n');
    const view = await build({ build: change });
    expect(view.state).toBe('failed');
    expect(view.error?.message).toMatch(message);
  });

  it('names file and line of a bad ignore pattern, and refuses a large ignore file', async () => {
    put('Dockerfile', 'FROM busybox\n');
    put('.dockerignore', 'ok\n[\n');
    const view = await build();
    expect(view.error?.message).toBe('.dockerignore:2: the pattern `[` is not valid.');
    put('.dockerignore', Buffer.alloc(1024 * 1024 + 1, 'x'));
    expect((await build()).error?.message).toBe('`.dockerignore` is 1.0 MiB; at most 1 MiB is read.');
    put('Dockerfile', 'FROM busybox\nCOPY data /data\n');
    put('data', 'x');
    put('.dockerignore', 'data\n');
    expect((await build()).state).toBe('failed');
    put('Dockerfile.dockerignore', 'fine\n');
    expect((await build()).state).toBe('succeeded');
  });

  it('reports a project folder that is gone', async () => {
    const view = await build({ projectRoot: join(root, 'gone') });
    expect(view.error?.message).toBe(`The project folder ${join(root, 'gone')} does not exist any more.`);
  });

  it('never takes an engine that goes away for success', async () => {
    put('Dockerfile', 'FROM busybox\nRUN one\nRUN two\n');
    for (const ending of ['end', 'destroy'] as const) {
      // A stand-in for the moment only a dying engine offers: two steps, half a line, then nothing.
      const dying = createServer((incoming, answer) => {
        incoming.resume().once('end', () => {
          answer.write(
            '{"stream":"Step 1/4 : FROM busybox"}\n{"stream":"\\n"}\n{"stream":" ---\\u003e 0123456789ab\\n"}\n',
          );
          answer.write('{"stream":"Step 2/4 : RUN one"}\n<html>not JSON</html>\n{"stre', () => {
            if (ending === 'end') answer.end();
            else answer.destroy();
          });
        });
      });
      const socket = join(root, `${ending}.sock`);
      await new Promise<void>((resolve) => dying.listen(socket, resolve));
      const service = createBuildService({ engine: testEngine(`unix://${socket}`).engine });
      try {
        const view = await service.wait(service.start(requestFor()).id);
        expect(view.state).toBe('failed');
        expect(view.error?.message).toBe('The engine went away while building step 2 of 4 (RUN).');
        expect(service.output(view.id).lines.map((line) => line.text)).toContain('<html>not JSON</html>');
      } finally {
        await service.dispose();
        dying.closeAllConnections();
        await new Promise((resolve) => dying.close(resolve));
      }
    }
  });

  it('builds with the image of another build after it, and fails with it', async () => {
    put('base/Dockerfile', `FROM busybox\nRUN echo ${unique}\n`);
    put('bad/Dockerfile', `FROM busybox\nRUN echo ${unique}; exit 3\n`);
    const pair = (context: string) => {
      const request = requestFor({ service: 'base', build: { context } });
      put('Dockerfile', `FROM ${request.tag}\nRUN true\n`);
      const { id } = builds.start(request);
      return builds.wait(builds.start(requestFor({ after: [id] })).id);
    };
    expect((await pair('base')).error).toBeUndefined();
    const failed = await pair('bad');
    expect(failed.error?.message).toBe('It is built with the image of base, whose build failed.');
    expect(failed.steps).toEqual([]);
  });

  it('reports an engine that is not there, and one that answers with a web page', async () => {
    put('Dockerfile', 'FROM busybox\n');
    const service = createBuildService({ engine: testEngine('unix:///nowhere/docker.sock').engine });
    const view = await service.wait(service.start(requestFor()).id);
    await service.dispose();
    expect(view.state).toBe('failed');
    expect(view.error?.message).toContain('The engine cannot be reached');
  });

  it('keeps the last 10,000 lines of a flood and says how many went before', async () => {
    put('Dockerfile', `FROM busybox\nRUN seq 1 25000 # ${unique}\n`);
    let calls = 0;
    builds.onBuild(() => {
      calls += 1;
    });
    const from = Date.now();
    const view = await build({ labels: {} });
    const { lines, dropped } = builds.output(view.id);
    expect(lines).toHaveLength(10_000);
    expect(dropped).toBeGreaterThan(15_000);
    expect(lines.map((line) => line.text)).toContain('25000');
    expect(calls).toBeLessThanOrEqual((Date.now() - from) / 50 + 5);
  });
});
