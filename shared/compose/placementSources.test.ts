import { expect, test } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { placementSources } from './placementSources.ts';

const BASE = `services:
  worker:
    image: busybox
    x-flotilla:
      role: worker
      placement: { cpus_per_worker: 1 }
`;
const over = (lines: string): string => `services:\n  worker:\n${lines}`;
const sourceOf = async (texts: Record<string, string>) =>
  (await placementSources(memoryProject(texts))).get('worker');

test('the placement of one file decides, and a change of it has its place there', async () => {
  expect(await sourceOf({ 'compose.yaml': BASE })).toEqual({
    decides: { file: 'compose.yaml', line: 6 },
    overruled: [],
    changedIn: 'compose.yaml',
  });
  const silent = BASE.slice(0, BASE.indexOf('    x-flotilla'));
  expect(await sourceOf({ 'compose.yaml': silent })).toEqual({ overruled: [], changedIn: 'compose.yaml' });
});

test('an override without x-flotilla leaves the decision, and the changes, where they are', async () => {
  expect(
    await sourceOf({ 'compose.yaml': BASE, 'compose.override.yaml': over('    command: sleep 1\n') }),
  ).toEqual({ decides: { file: 'compose.yaml', line: 6 }, overruled: [], changedIn: 'compose.yaml' });
});

test('the x-flotilla of an override counts as a whole, with a placement or without, or taken away', async () => {
  const overruled = [{ file: 'compose.yaml', line: 6 }];
  const file = 'compose.override.yaml';
  const all = [
    ['    x-flotilla:\n      placement: { cpus_per_worker: 2 }\n', 4],
    ['    x-flotilla: { role: worker }\n', 3],
    ['    x-flotilla: !reset null\n', 3],
  ] as const;
  for (const [text, line] of all)
    expect(await sourceOf({ 'compose.yaml': BASE, [file]: over(text) })).toEqual({
      decides: { file, line },
      overruled,
      changedIn: file,
    });
});

test('what is included is changed where it stands, what is extended is not', async () => {
  expect(await sourceOf({ 'compose.yaml': 'include: [part.yaml]\n', 'part.yaml': BASE })).toEqual({
    decides: { file: 'part.yaml', line: 6 },
    overruled: [],
    changedIn: 'part.yaml',
  });
  expect(
    await sourceOf({
      'compose.yaml': over('    extends: { file: part.yaml, service: worker }\n'),
      'part.yaml': BASE,
    }),
  ).toEqual({ decides: { file: 'part.yaml', line: 6 }, overruled: [] });
});

test('a project without compose files says nothing', async () => {
  expect(await placementSources(memoryProject({ Dockerfile: 'FROM busybox\n' }))).toEqual(new Map());
});
