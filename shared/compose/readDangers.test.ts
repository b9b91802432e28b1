import { describe, expect, it } from 'vitest';
import type { Danger } from '../domain/Diagnostic.ts';
import { isOfBuild } from './readDangers.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const dangersOf = async (texts: Record<string, string>): Promise<Danger[]> =>
  (await readProject(memoryProject(texts))).dangers;
const only = async (texts: Record<string, string>): Promise<Danger> => {
  const dangers = await dangersOf(texts);
  expect(dangers).toHaveLength(1);
  return dangers[0] as Danger;
};
const PRIVILEGED = 'services:\n  a:\n    image: a\n    privileged: true\n';
const BY_VARIABLE = PRIVILEGED.replace('true', '${X}');

describe('what is consented to is a setting as the text of its files brings it', () => {
  it.each([
    ['an edit of its file', PRIVILEGED, {}, `${PRIVILEGED}    user: "1"\n`, {}, true],
    [
      'another file that it has nothing from',
      PRIVILEGED,
      { '.env': 'X=1\n' },
      PRIVILEGED,
      { '.env': 'X=2\n' },
      false,
    ],
    ['a Dockerfile', PRIVILEGED, { Dockerfile: 'FROM a\n' }, PRIVILEGED, { Dockerfile: 'FROM b\n' }, false],
    [
      'the .env its value comes from',
      BY_VARIABLE,
      { '.env': 'X=true\n' },
      BY_VARIABLE,
      { '.env': 'X=true\nY=1\n' },
      true,
    ],
  ])('%s', async (_name, before, beside, after, besideAfter, asksAgain) => {
    const first = await only({ 'compose.yaml': before, ...beside });
    const second = await only({ 'compose.yaml': after, ...besideAfter });
    expect(second.setting).toBe(first.setting);
    expect(second.id !== first.id).toBe(asksAgain);
  });

  it('means the value after interpolation: another one is another setting, and none is no danger', async () => {
    const volume = 'services:\n  a:\n    image: a\n    volumes: ["${WHERE:-./data}:/d"]\n';
    const data = { 'data/x': '' };
    expect(await dangersOf({ 'compose.yaml': volume, ...data })).toEqual([]);
    const etc = await only({ 'compose.yaml': volume, '.env': 'WHERE=/etc\n' });
    const root = await only({ 'compose.yaml': volume, '.env': 'WHERE=/\n' });
    expect([etc.value, root.value]).toEqual(['/etc', '/']);
    expect(root.setting).not.toBe(etc.setting);
    expect(root.id).not.toBe(etc.id);
    expect(await dangersOf({ 'compose.yaml': BY_VARIABLE, '.env': 'X=false\n' })).toEqual([]);
  });

  it.each([
    [
      'an override file',
      {
        'compose.yaml': 'services: { a: { image: a } }\n',
        'compose.override.yaml': 'services:\n  a:\n    privileged: true\n',
      },
      'compose.override.yaml',
      3,
    ],
    [
      'a service that is extended',
      {
        'compose.yaml': 'services:\n  a:\n    extends: { file: base.yaml, service: b }\n',
        'base.yaml': 'services:\n  b:\n    image: a\n    privileged: true\n',
      },
      'base.yaml',
      4,
    ],
    [
      'a file that is included',
      {
        'compose.yaml': 'include: [more.yaml]\n',
        'more.yaml': 'services:\n  a:\n    image: a\n    privileged: true\n',
      },
      'more.yaml',
      4,
    ],
    [
      'an anchor',
      { 'compose.yaml': 'x-a: &a { privileged: true }\nservices:\n  a:\n    <<: *a\n    image: a\n' },
      'compose.yaml',
      1,
    ],
  ])(
    'is found in %s, with its place, and asks again when that file changes',
    async (_name, texts: Record<string, string>, file, line) => {
      const danger = await only(texts);
      expect(danger).toMatchObject({ service: 'a', kind: 'privileged', file, line });
      const changed = await only({ ...texts, [file]: `${texts[file]}# a word more\n` });
      expect(changed.setting).toBe(danger.setting);
      expect(changed.id).not.toBe(danger.id);
    },
  );

  it('asks again when the file of the volume changes that stands for a folder of the host', async () => {
    const texts = {
      'compose.yaml': 'services:\n  a:\n    image: a\n    volumes: ["vol:/d"]\n',
      'compose.override.yaml': 'volumes:\n  vol:\n    driver_opts: { type: none, o: bind, device: /etc }\n',
    };
    const danger = await only(texts);
    expect(danger).toMatchObject({ kind: 'volume', value: '/etc', file: 'compose.yaml' });
    const changed = await only({ ...texts, 'compose.override.yaml': `${texts['compose.override.yaml']}#\n` });
    expect(changed.id).not.toBe(danger.id);
  });

  it('sees the host’s network under the name that another file gives it', async () => {
    const text =
      'services:\n  a:\n    image: a\n    networks: [inner]\nnetworks:\n  inner: { name: host, external: true }\n';
    expect(await only({ 'compose.yaml': text })).toMatchObject({ kind: 'networks', value: 'inner', line: 4 });
    expect(await dangersOf({ 'compose.yaml': text.replace('name: host', 'name: hosts') })).toEqual([]);
  });

  it('tells what a build reaches for: the host’s network and the keys of the agent, not a key of the project', async () => {
    const text =
      'services:\n  a:\n    build:\n      context: .\n      network: host\n      ssh: [default, deploy=keys/id]\n';
    const dangers = await dangersOf({ 'compose.yaml': text, Dockerfile: 'FROM scratch\n', 'keys/id': '' });
    expect(dangers).toMatchObject([
      { kind: 'build.network', value: 'host', line: 5 },
      { kind: 'build.ssh', value: 'default', line: 6 },
    ]);
    expect(dangers.every(isOfBuild)).toBe(true);
    expect(
      await dangersOf({ 'compose.yaml': text.replace('host', 'none').replace('default, ', '') }),
    ).toEqual([]);
    expect((await only({ 'compose.yaml': PRIVILEGED })).kind).toBe('privileged');
    expect(isOfBuild(await only({ 'compose.yaml': PRIVILEGED }))).toBe(false);
  });

  it('tells what a build has the engine fetch, without a password in it, and no folder, image or service', async () => {
    const text = `services:
  a:
    build:
      context: .
      additional_contexts:
        here: ./x
        image: docker-image://busybox
        other: service:b
        web: https://me:hunter2@example.org/x.git#main
  b: { build: . }
`;
    const danger = await only({ 'compose.yaml': text, Dockerfile: 'FROM scratch\n' });
    expect(danger).toMatchObject({ kind: 'build.additional_contexts', line: 9 });
    expect(danger.value).toMatch(/^https:.*example\.org\/x\.git#main$/);
    expect(danger.value).not.toContain('hunter2');
    expect(isOfBuild(danger)).toBe(true);
  });

  it('sees through links that lead out of the project, and where they lead is part of what is consented to', async () => {
    const files = memoryProject({
      'compose.yaml': 'services:\n  a:\n    image: a\n    volumes: ["./data/:/d"]\n',
      'data/x': '',
    });
    expect((await readProject(files)).dangers).toEqual([]);
    files.links.set('data', '/home/ann');
    const { dangers } = await readProject(files);
    expect(dangers).toMatchObject([
      { kind: 'volume', value: expect.stringMatching(/^\.\/data\/? → \/home\/ann$/) },
    ]);
    files.links.set('data', '/');
    expect((await readProject(files)).dangers[0]?.setting).not.toBe(dangers[0]?.setting);
  });
});
