import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProject } from '#shared/compose/readProject.ts';
import { toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { wantedDockerfiles } from '../generate/wantedDockerfiles.ts';
import { NodeProjectFiles } from '../apps/NodeProjectFiles.ts';
import { createProjectFilesService } from './createProjectFilesService.ts';

let root: string;
let outside: string;
let model: AppModel | undefined;
let reloads: number;
const service = createProjectFilesService({
  apps: {
    project: () => ({ path: root, model }),
    reload: () => {
      reloads += 1;
      return Promise.resolve({} as AppView);
    },
  },
});

const put = (path: string, content: string | Buffer): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => toErrorShape(error).code,
  );
const readModel = async (): Promise<void> => {
  model = (await readProject(new NodeProjectFiles(root))).model ?? undefined;
};

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-files-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-files-')));
  model = undefined;
  reloads = 0;
});
afterEach(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
});

describe('checking a compose file that is not written yet', () => {
  it('reads the project as if the file had the text, and writes nothing', async () => {
    const file = put('compose.yaml', 'services:\n  main: { image: a }\n');
    put('.env', 'TAG=7\n');
    await readModel();
    const draft = await service.checkCompose(
      'a',
      'compose.yaml',
      'services:\n  main: { image: "b:${TAG}", cpus: many }\n',
    );
    expect(draft.model?.services[0]?.image).toBe('b:7');
    expect(draft.diagnostics.map((found) => found.code)).toContain('bad-number');
    expect(readFileSync(file, 'utf8')).toBe('services:\n  main: { image: a }\n');
    expect(reloads).toBe(0);
  });

  it('is for compose files of the project only', async () => {
    put('Dockerfile', 'FROM a:1\n');
    expect(await code(service.checkCompose('a', 'Dockerfile', ''))).toBe('invalid-input');
    expect(await code(service.checkCompose('a', 'main.py', ''))).toBe('permission-denied');
    expect(await code(service.checkCompose('a', '../compose.yaml', ''))).toBe('invalid-input');
  });
});

describe('listing', () => {
  it('tells what services are built from, also where it is missing, and what else has the name', async () => {
    put(
      'compose.yaml',
      'services:\n  main: { build: . }\n  worker: { build: { context: ./w, dockerfile: build/image } }\n',
    );
    put('Dockerfile', 'FROM a:1\n');
    put('w/build/image', 'FROM a:1\n');
    put('w/build/image.dockerignore', 'x\n');
    put('old/solver.Dockerfile', 'FROM a:1\n');
    put('main.py', '');
    put('node_modules/x/Dockerfile', 'FROM a:1\n');
    await readModel();
    expect(await service.list('a')).toEqual([
      { path: 'Dockerfile', kind: 'dockerfile', services: ['main'], exists: true },
      { path: 'w/build/image', kind: 'dockerfile', services: ['worker'], exists: true },
      { path: 'old/solver.Dockerfile', kind: 'dockerfile', services: [], exists: true },
      { path: '.dockerignore', kind: 'ignore', services: ['main'], exists: false },
      { path: 'w/build/image.dockerignore', kind: 'ignore', services: ['worker'], exists: true },
      { path: 'compose.yaml', kind: 'compose', services: ['main', 'worker'], exists: true },
    ]);
    expect(await service.context('a', 'w/build/image')).toEqual({
      ignoreFile: 'w/build/image.dockerignore',
      hasIgnoreFile: true,
      paths: ['build/image', 'build/image.dockerignore'],
      truncated: false,
    });
    expect(await service.context('a', 'Dockerfile')).toMatchObject({
      ignoreFile: '.dockerignore',
      hasIgnoreFile: false,
    });
  });
});

describe('a Dockerfile in the compose file', () => {
  it('is no file to be listed or generated, only its ignore file is', async () => {
    put('compose.yaml', 'services:\n  main: { build: { context: w, dockerfile_inline: "FROM a:1" } }\n');
    await readModel();
    expect((await service.list('a')).map(({ path }) => path)).toEqual(['w/.dockerignore', 'compose.yaml']);
    expect(await wantedDockerfiles(model, () => Promise.resolve(false))).toEqual([]);
  });
});

describe('reading', () => {
  it('tells of byte order mark and line ends, and of a file that is not there', async () => {
    put('Dockerfile', '\uFEFFFROM a:1\r\nRUN b\r\n');
    put('b.Dockerfile', 'FROM a\r\nRUN b\n');
    expect(await service.read('a', 'Dockerfile')).toMatchObject({
      text: 'FROM a:1\r\nRUN b\r\n',
      bom: true,
      lineEnds: 'crlf',
      exists: true,
    });
    expect(await service.read('a', 'b.Dockerfile')).toMatchObject({ bom: false, lineEnds: 'mixed' });
    expect(await service.read('a', '.dockerignore')).toEqual({
      path: '.dockerignore',
      text: '',
      version: '',
      exists: false,
      bom: false,
      lineEnds: 'lf',
    });
  });

  it.each([
    '../Dockerfile',
    '/etc/Dockerfile',
    'a/../Dockerfile',
    './Dockerfile',
    'a//Dockerfile',
    'Dockerfile\0',
  ])('takes %j for no path', async (path) => {
    expect(await code(service.read('a', path))).toBe('invalid-input');
    expect(await code(service.write('a', path, 'x', ''))).toBe('invalid-input');
  });

  it('refuses every other file, and what is no text', async () => {
    put('main.py', 'print()');
    put('.env', 'A=1');
    for (const path of ['main.py', '.env', '.git/config'])
      expect(await code(service.read('a', path))).toMatch(/permission-denied|not-found/);
    expect(await code(service.write('a', 'main.py', 'x', ''))).toBe('permission-denied');
    put('1.Dockerfile', Buffer.from([0xff, 0xfe, 0x46, 0]));
    put('2.Dockerfile', Buffer.from([0x46, 0]));
    put('3.Dockerfile', Buffer.from([0x46, 0xe9, 0x0a]));
    mkdirSync(join(root, '4.Dockerfile'));
    execFileSync('mkfifo', [join(root, '5.Dockerfile')]);
    for (const number of [1, 2, 3, 4, 5])
      expect(await code(service.read('a', `${number}.Dockerfile`)), String(number)).toBe('invalid-input');
    put('6.Dockerfile', '#'.repeat(1024 * 1024 + 1));
    expect(await code(service.read('a', '6.Dockerfile'))).toBe('too-large');
    expect(await code(service.read('a', 'none/Dockerfile'))).toBe('not-found');
  });

  it('follows links inside the folder and none that lead out or in circles', async () => {
    put('docker/real', 'FROM inside:1\n');
    symlinkSync('docker/real', join(root, 'Dockerfile'));
    expect((await service.read('a', 'Dockerfile')).text).toBe('FROM inside:1\n');
    writeFileSync(join(outside, 'Dockerfile'), 'FROM outside:1\n');
    symlinkSync(join(outside, 'Dockerfile'), join(root, 'b.Dockerfile'));
    symlinkSync(outside, join(root, 'sub'));
    symlinkSync('c.Dockerfile', join(root, 'c.Dockerfile'));
    symlinkSync(join(outside, 'new'), join(root, 'd.Dockerfile'));
    for (const path of ['b.Dockerfile', 'sub/Dockerfile', 'sub/.dockerignore']) {
      expect(await code(service.read('a', path)), path).toBe('permission-denied');
      expect(await code(service.write('a', path, 'x', '')), path).toBe('permission-denied');
    }
    expect(await code(service.read('a', 'c.Dockerfile'))).toBe('invalid-input');
    expect(await code(service.write('a', 'd.Dockerfile', 'x', ''))).not.toBe('no error');
    expect(readdirSync(outside)).toEqual(['Dockerfile']);
    expect(readFileSync(join(outside, 'Dockerfile'), 'utf8')).toBe('FROM outside:1\n');
  });
});

describe('writing', () => {
  it('keeps mark, rights, links and what the caller’s lines end with, and reads the project anew', async () => {
    const file = put('docker/real', '\uFEFFFROM a:1\r\n');
    chmodSync(file, 0o640);
    symlinkSync('docker/real', join(root, 'Dockerfile'));
    const { version } = await service.read('a', 'Dockerfile');
    const written = await service.write('a', 'Dockerfile', 'FROM b:2\r\n', version);
    expect(readFileSync(file, 'utf8')).toBe('\uFEFFFROM b:2\r\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(root, 'Dockerfile')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(root, 'docker'))).toEqual(['real']);
    expect(written).toEqual(await service.read('a', 'Dockerfile'));
    expect(reloads).toBe(1);
  });

  it('makes a new file only where there still is none', async () => {
    await service.write('a', '.dockerignore', '.git\n', '');
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toBe('.git\n');
    expect(await code(service.write('a', '.dockerignore', 'x\n', ''))).toBe('conflict');
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toBe('.git\n');
  });

  it('refuses what was changed or removed meanwhile, and writes nothing', async () => {
    const file = put('Dockerfile', 'FROM a:1\n');
    const { version } = await service.read('a', 'Dockerfile');
    writeFileSync(file, 'FROM theirs:1\n');
    expect(await code(service.write('a', 'Dockerfile', 'FROM mine:1\n', version))).toBe('conflict');
    expect(readFileSync(file, 'utf8')).toBe('FROM theirs:1\n');
    rmSync(file);
    expect(await code(service.write('a', 'Dockerfile', 'FROM mine:1\n', version))).toBe('conflict');
    expect(readdirSync(root)).toEqual([]);
    expect(reloads).toBe(0);
  });

  it('lets only one of two writers win that read the same', async () => {
    const file = put('Dockerfile', 'FROM a:1\n');
    const { version } = await service.read('a', 'Dockerfile');
    const texts = ['x', 'y', 'z'];
    const ends = await Promise.all(
      texts.map((text) => code(service.write('a', 'Dockerfile', text, version))),
    );
    // Each opens the file first: which of them comes first is the system's affair.
    expect(readFileSync(file, 'utf8')).toBe(texts[ends.indexOf('no error')]);
    expect(ends.sort()).toEqual(['conflict', 'conflict', 'no error']);
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });

  it('refuses text that is none, and too much of it', async () => {
    put('Dockerfile', '');
    const { version } = await service.read('a', 'Dockerfile');
    for (const text of ['a\0', '\uD800', '\uFEFFx'])
      expect(await code(service.write('a', 'Dockerfile', text, version))).toBe('invalid-input');
    expect(await code(service.write('a', 'Dockerfile', '€'.repeat(400_000), version))).toBe('too-large');
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });
});
