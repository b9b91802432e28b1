import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker, startTestCore, type TestCore } from '../testCore.ts';

let test: TestCore;
const unique = process.pid.toString(36);
const TAG = `changed-${unique}`;

beforeAll(async () => {
  test = await startTestCore();
});
afterAll(async () => {
  await test.dispose();
  docker('rmi', '-f', `${TAG}-one`, `${TAG}-two`);
});

it('tells which images are older than what they are made from, until they are built again', async () => {
  const compose = `services:
  one:
    build: one
    image: ${TAG}-one
    volumes: ["./one/out:/out"]
  two:
    build:
      context: .
      dockerfile_inline: |
        FROM scratch
        COPY . .
        COPY one/work.py /
    image: ${TAG}-two
  live:
    build: one
    image: ${TAG}-one
    volumes: ["./one:/code"]
  aside:
    build: one
    image: ${TAG}-one
    volumes: ["./one:/results"]
  other:
    image: busybox
`;
  const path = test.project(TAG, {
    'compose.yaml': compose,
    'one/Dockerfile': 'FROM scratch\nWORKDIR /code\nCOPY . .\n',
    'one/work.py': 'print(1)',
    'one/out/result.csv': '1',
    '.git/index': '1',
    notes: '1',
  });
  const { apps } = test.core;
  const { id } = await apps.open(path);
  const changed = async () =>
    (await apps.changedCode(id, {})).map(({ service, files, newest }) => ({ service, files, newest }));
  // Without an image nothing is older.
  expect(await changed()).toEqual([]);
  await apps.build(id, {});
  expect(await changed()).toEqual([]);

  for (const file of ['one/out/result.csv', '.git/index']) writeFileSync(join(path, file), '2');
  writeFileSync(join(path, 'compose.yaml'), `# again\n${compose}`);
  expect(await changed()).toEqual([]);
  writeFileSync(join(path, 'one/work.py'), 'print(2)');
  expect(await changed()).toEqual([
    { service: 'one', files: 1, newest: ['work.py'] },
    { service: 'two', files: 1, newest: ['one/work.py'] },
    { service: 'aside', files: 1, newest: ['work.py'] },
  ]);
  const [first] = await apps.changedCode(id, {});
  expect(first?.changedAt).toBeGreaterThan(first?.builtAt ?? Number.POSITIVE_INFINITY);

  await apps.build(id, { services: ['one'] });
  expect(await changed()).toEqual([{ service: 'two', files: 1, newest: ['one/work.py'] }]);
  await apps.build(id, {});
  // The same again: all of it comes from the cache, and the image is as old as it was.
  writeFileSync(join(path, 'notes'), '1');
  expect(await changed()).toEqual([{ service: 'two', files: 1, newest: ['notes'] }]);
  await apps.build(id, {});
  expect(await changed()).toEqual([]);

  // Built by somebody else: the engine says when.
  const made = docker('create', 'busybox');
  docker('commit', made, `${TAG}-two`);
  docker('rm', made);
  expect(await changed()).toEqual([]);
  writeFileSync(join(path, 'notes'), '2');
  expect(await changed()).toEqual([{ service: 'two', files: 1, newest: ['notes'] }]);
});
