import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildView } from '#shared/domain/Build.ts';
import type { BuildService } from '../BuildApi.ts';
import { createBuildService } from '../createBuildService.ts';
import { testEngine } from '../testEngine.ts';

const { engine, client, openStreams } = testEngine();
const unique = `${process.pid.toString(36)}${Date.now().toString(36)}`;
const tag = `sessiontest-${unique}:latest`;

let root: string;
let builds: BuildService;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-session-')));
  builds = createBuildService({ engine });
});
afterEach(async () => {
  await builds.dispose();
  rmSync(root, { recursive: true, force: true });
  await client.request({ method: 'DELETE', path: `/images/${tag}`, query: { force: true } }).catch(() => {});
  expect(openStreams()).toBe(0);
});

function put(path: string, content: string): string {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

async function build(): Promise<BuildView> {
  const view = await attempt();
  expect(view.error).toBeUndefined();
  return view;
}

const attempt = (): Promise<BuildView> =>
  builds.wait(
    builds.start({
      appId: 'app',
      service: 'worker',
      projectRoot: root,
      labels: {},
      noCache: false,
      tag,
      build: { context: '.', dockerfile: 'Dockerfile', args: {} },
    }).id,
  );

const textOf = (view: BuildView): string[] => builds.output(view.id).lines.map((line) => line.text);

/** Bytes in the engine's build cache. */
async function cacheBytes(): Promise<number> {
  const usage = await client.request<{ BuildCache: { Size: number }[] | null }>({ path: '/system/df' });
  return (usage.BuildCache ?? []).reduce((sum, record) => sum + record.Size, 0);
}

describe('a context that BuildKit fetches', () => {
  it('is sent once: a build without changes sends nothing, and leaves nothing more in the engine', async () => {
    put('Dockerfile', `FROM busybox\nCOPY . /ctx\nRUN cat /ctx/small # ${unique}\n`);
    put('large', 'x'.repeat(3_000_000));
    put('small', 'one\n');
    const first = await build();
    expect(first.context?.sentBytes).toBeGreaterThan(3_000_000);
    const held = await cacheBytes();

    for (let again = 0; again < 2; again += 1) {
      const same = await build();
      expect(same.context?.sentBytes).toBe(0);
      expect(same.steps.filter(({ line = 1 }) => line > 1).every((step) => step.cached)).toBe(true);
    }
    expect((await cacheBytes()) - held).toBeLessThan(1_000_000);

    put('small', 'two and more\n');
    const changed = await build();
    expect(changed.context?.sentBytes).toBe('two and more\n'.length);
    expect(textOf(changed)).toContain('two and more');
  });

  it('is not taken for what it was: same size and same date, other content', async () => {
    put('Dockerfile', `FROM busybox\nCOPY data /data\nRUN cat /data # ${unique}\n`);
    const place = put('data', 'first\n');
    const dated = new Date('2026-01-02T03:04:05Z');
    utimesSync(place, dated, dated);
    expect(textOf(await build())).toContain('first');

    writeFileSync(place, 'other\n');
    utimesSync(place, dated, dated);
    expect(statSync(place).mtimeMs).toBe(dated.getTime());
    expect(textOf(await build())).toContain('other');

    // As rsync and editors do: another file, with the old one's date, in its place.
    const beside = put('beside', 'third\n');
    utimesSync(beside, dated, dated);
    renameSync(beside, place);
    expect(textOf(await build())).toContain('third');
    expect(readFileSync(place, 'utf8')).toBe('third\n');
  });

  it('holds all that several COPY lines name, whatever their names hold', async () => {
    put(
      'Dockerfile',
      `FROM busybox\nCOPY one two /ctx/\nCOPY ["with, comma", "π", "/ctx/"]\nCOPY sub/x /ctx/\nRUN cd /ctx; for file in *; do echo "$file"; done # ${unique}\n`,
    );
    for (const name of ['one', 'two', 'with, comma', 'π', 'sub/x', 'not wanted']) put(name, name);
    const view = await build();
    expect(textOf(view)).toEqual(expect.arrayContaining(['one', 'two', 'with, comma', 'π', 'x']));
    expect(view.context?.sentBytes).toBe(Buffer.byteLength('onetwowith, commaπsub/x'));
  });

  it.each([
    ['a.txt\n', /line 1 of .dockerignore leaves it out/],
    ['', /There is no `a.txt`/],
  ])(
    'that lacks a file is told at the line that names it, not at another that waited too',
    async (ignore, hint) => {
      put('Dockerfile', `FROM busybox\nCOPY b.txt /b.txt\nCOPY a.txt /a.txt\nRUN echo ${unique}\n`);
      put('b.txt', 'b');
      if (ignore !== '') put('a.txt', 'a');
      put('.dockerignore', ignore);
      const view = await attempt();
      expect(view.error).toMatchObject({ file: 'Dockerfile', line: 3 });
      expect(view.error?.hint).toMatch(hint);
    },
  );

  it('comes with the Dockerfile as it is, though length and second are those of the one before', async () => {
    for (const word of ['aaaa', 'bbbb', 'cccc']) {
      put('Dockerfile', `FROM busybox\nRUN echo said ${word} # ${unique}\n`);
      expect(textOf(await build())).toContain(`said ${word}`);
    }
  });
});
