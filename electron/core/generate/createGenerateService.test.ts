import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProject } from '#shared/compose/readProject.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { NodeProjectFiles } from '../apps/NodeProjectFiles.ts';
import { createGenerateService } from './createGenerateService.ts';

let root: string;
let model: AppModel | undefined;
let reloads: number;

beforeEach(() => {
  root = join(realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-generate-'))), 'heat');
  mkdirSync(root);
  reloads = 0;
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

const put = (files: Record<string, string>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};
const service = async () => {
  model = (await readProject(new NodeProjectFiles(root))).model ?? undefined;
  return createGenerateService({
    apps: {
      project: () => ({ path: root, model }),
      reload: () => {
        reloads += 1;
        return Promise.resolve({ id: 'a' } as AppView);
      },
    },
  });
};
const files = (): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

describe('createGenerateService', () => {
  it('proposes without writing, and writes what was proposed', async () => {
    put({ 'main.py': 'print(1)\n', 'worker.py': 'print(2)\n' });
    const generate = await service();
    const proposal = await generate.propose('a', {});
    expect(files()).toEqual(['main.py', 'worker.py']);
    expect(proposal.files.map(({ path, present }) => [path, present])).toEqual([
      ['Dockerfile', undefined],
      ['.dockerignore', undefined],
      ['compose.yaml', undefined],
    ]);
    await generate.write('a', proposal.files);
    expect(reloads).toBe(1);
    expect(files()).toEqual(['.dockerignore', 'Dockerfile', 'compose.yaml', 'main.py', 'worker.py']);
    const reading = await readProject(new NodeProjectFiles(root));
    expect(reading.model?.services.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'main main',
      'worker worker',
    ]);
    // Asked again, it still makes the stages that the compose file names now.
    const again = await (await service()).propose('a', {});
    expect(again.files.map(({ path }) => path)).toEqual(['Dockerfile', '.dockerignore']);
    expect(again.files[0]?.present).toBe(proposal.files[0]?.text);
    expect(again.files[0]?.text).toBe(proposal.files[0]?.text);
  });

  it('writes nothing over what was not shown', async () => {
    put({ 'main.py': '', Dockerfile: 'FROM mine\n' });
    const generate = await service();
    const write = (...list: Parameters<typeof generate.write>[1]) => generate.write('a', list);
    const before = files();
    const first = { path: '.dockerignore', text: 'x\n' };
    await expect(write(first, { path: 'Dockerfile', text: 'FROM a\n' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      write(first, { path: 'Dockerfile', text: 'FROM a\n', present: 'FROM other\n' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(write(first, { path: 'gone', text: 'a', present: 'b' })).rejects.toMatchObject({
      code: 'conflict',
    });
    mkdirSync(join(root, 'folder'));
    await expect(write(first, { path: 'folder', text: 'a' })).rejects.toMatchObject({ code: 'conflict' });
    rmSync(join(root, 'folder'), { recursive: true });
    expect(files()).toEqual(before);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
    expect(reloads).toBe(0);
    chmodSync(join(root, 'Dockerfile'), 0o640);
    await write(first, { path: 'Dockerfile', text: 'FROM a\n', present: 'FROM mine\n' });
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM a\n');
    expect(statSync(join(root, 'Dockerfile')).mode & 0o777).toBe(0o640);
  });

  it('takes everything back when one file cannot be placed', async () => {
    put({ 'main.py': '', Dockerfile: 'FROM mine\n' });
    const generate = await service();
    // A file where a folder is needed: staging gets that far and no further.
    await expect(
      generate.write('a', [
        { path: 'Dockerfile', text: 'FROM a\n', present: 'FROM mine\n' },
        { path: 'new/folder/.dockerignore', text: 'x' },
        { path: 'main.py/compose.yaml', text: 'x' },
      ]),
    ).rejects.toMatchObject({ code: 'permission-denied' });
    expect(files()).toEqual(['Dockerfile', 'main.py']);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
  });

  it('takes back what was placed when a later file turns out to have changed', async () => {
    put({ 'main.py': '', Dockerfile: 'FROM mine\n' });
    const generate = await service();
    let looks = 0;
    const late = {
      path: 'deep/compose.yaml',
      text: 'x',
      // Looked at once before anything is placed and once after: then somebody else has made the file.
      get present(): undefined {
        looks += 1;
        if (looks === 2) put({ 'deep/compose.yaml': 'theirs' });
        return undefined;
      },
    };
    const first = { path: 'Dockerfile', text: 'FROM a\n', present: 'FROM mine\n' };
    await expect(
      generate.write('a', [first, { path: '.dockerignore', text: 'x' }, late]),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(looks).toBe(2);
    expect(files()).toEqual(['Dockerfile', 'deep', 'deep/compose.yaml', 'main.py']);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
    expect(readFileSync(join(root, 'deep/compose.yaml'), 'utf8')).toBe('theirs');
  });

  it.each(['../out', '/etc/passwd', 'a/../../out', 'a\\b', '', '.', 'folder/', 'link/file', 'a\0b'])(
    'refuses the path “%s”',
    async (path) => {
      put({ 'main.py': '' });
      mkdirSync(join(root, '..', 'outside'));
      symlinkSync('../outside', join(root, 'link'));
      const generate = await service();
      const before = files();
      await expect(
        generate.write('a', [
          { path: 'Dockerfile', text: 'x' },
          { path, text: 'x' },
        ]),
      ).rejects.toMatchObject({ code: 'invalid-input' });
      expect(files()).toEqual(before);
      expect(readdirSync(join(root, '..', 'outside'))).toEqual([]);
    },
  );

  it('refuses a file that is named twice, and a link in its place', async () => {
    put({ 'main.py': '' });
    symlinkSync('main.py', join(root, 'Dockerfile'));
    const generate = await service();
    await expect(
      generate.write('a', [
        { path: 'x', text: '1' },
        { path: './x', text: '2' },
      ]),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(
      generate.write('a', [{ path: 'Dockerfile', text: 'FROM a', present: '' }]),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(root, 'main.py'), 'utf8')).toBe('');
  });

  it('follows no link, and looks neither into skipped folders nor into large files', async () => {
    put({
      'main.py': 'print(1)\n',
      'node_modules/a/package.json': '{"dependencies":{"a":"1"}}',
      '.venv/lib/x.py': '',
      'data/deep/inner.jl': '',
      'big.c': `int main(void) { return 0; }${' '.repeat(400_000)}`,
    });
    mkdirSync(join(root, '..', 'outside'));
    writeFileSync(join(root, '..', 'outside', 'Cargo.toml'), '[package]\nname="x"\n');
    symlinkSync('../outside', join(root, 'linked'));
    symlinkSync('../outside/Cargo.toml', join(root, 'Cargo.toml'));
    symlinkSync('.', join(root, 'loop'));
    const proposal = await (await service()).propose('a', {});
    expect(proposal.findings.map(({ kind }) => kind)).toEqual(['python', 'c']);
    expect(proposal.findings[1]?.confidence).toBeLessThan(0.5);
    expect(proposal.files.find(({ path }) => path === '.dockerignore')?.text).toMatch(/^data$/m);
  });

  it('says so when the folder is too large to be looked at whole', async () => {
    put({ 'main.py': 'print(1)\n' });
    mkdirSync(join(root, 'many'));
    for (let number = 0; number < 20_100; number += 1) writeFileSync(join(root, 'many', `${number}.txt`), '');
    const proposal = await (await service()).propose('a', {});
    expect(proposal.remarks[0]).toMatch(/first 20,000/);
  });

  it('proposes for each Dockerfile that the compose file misses', async () => {
    put({
      'compose.yaml':
        'services:\n  sim:\n    build:\n      context: sim\n      target: sim\n  there:\n    build: there\n  out:\n    build: ../x\n',
      'sim/main.py': '',
      'there/Dockerfile': 'FROM scratch\n',
    });
    const proposal = await (await service()).propose('a', {});
    expect(proposal.files.map(({ path }) => path)).toEqual(['sim/Dockerfile', 'sim/.dockerignore']);
    expect(proposal.files[0]?.text).toContain('AS sim');
    expect(existsSync(join(root, 'sim/Dockerfile'))).toBe(false);
  });

  it('tells a folder that has gone', async () => {
    put({ 'main.py': '' });
    const generate = await service();
    rmSync(root, { recursive: true });
    await expect(generate.propose('a', {})).rejects.toMatchObject({ code: 'not-found' });
  });
});
