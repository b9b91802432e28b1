import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProject } from '#shared/compose/readProject.ts';
import { NodeProjectFiles } from './NodeProjectFiles.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-files-')));
  root = join(folder, 'project');
  mkdirSync(root);
  writeFileSync(join(folder, 'outside.yaml'), 'services: { leaked: { image: a } }\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);

describe('a compose file that is none (security groups 36 to 38, 59)', () => {
  it.each<[string, (path: string) => void, string]>([
    [
      'Latin-1',
      (path) => writeFileSync(path, Buffer.from('services: # caf\xe9\n', 'latin1')),
      'is not UTF-8',
    ],
    ['UTF-16', (path) => writeFileSync(path, Buffer.from('\ufeffservices:\n', 'utf16le')), 'is UTF-16'],
    ['binary', (path) => writeFileSync(path, Buffer.from('a\0b')), 'contains zero bytes'],
    ['cut in a character', (path) => writeFileSync(path, Buffer.from([0x61, 0xc3])), 'is not UTF-8'],
    ['huge', (path) => writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, '#')), 'is larger than 4 MiB'],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), 'holds neither a compose file nor'],
    ['a link to itself', (path) => symlinkSync('compose.yaml', path), 'is a link that leads back to itself'],
    ['a link to nothing', (path) => symlinkSync('none.yaml', path), 'holds neither a compose file nor'],
    [
      'a link out of the project',
      (path) => symlinkSync('../outside.yaml', path),
      'leads outside the project',
    ],
  ])('%s: is told, and nothing of it is read', async (_name, make, words) => {
    make(at('compose.yaml'));
    const { model, diagnostics } = await readProject(new NodeProjectFiles(root));
    expect(model).toBeNull();
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message }) => message).join('\n')).toContain(words);
    // What could not be read is not called empty, too.
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain('leaked');
  });
});

describe('leadsOut', () => {
  it('tells where links of a path lead when that is outside, however they stand in it', async () => {
    mkdirSync(at('inside/deep'), { recursive: true });
    mkdirSync(join(folder, 'project-beside/x'), { recursive: true });
    symlinkSync('/', at('root'));
    symlinkSync('..', at('up'));
    symlinkSync('inside', at('within'));
    symlinkSync(join(folder, 'project-beside'), at('inside/beside'));
    symlinkSync('nowhere', at('broken'));
    const files = new NodeProjectFiles(root);
    const found = await Promise.all(
      [
        'inside',
        'within/deep',
        'root',
        'root/etc',
        'up',
        'up/project',
        'within/beside/x',
        'broken',
        'none',
      ].map(async (path) => [path, await files.leadsOut(path)]),
    );
    expect(Object.fromEntries(found)).toEqual({
      inside: undefined,
      'within/deep': undefined,
      root: '/',
      'root/etc': realpathSync('/etc'),
      up: folder,
      'up/project': undefined,
      'within/beside/x': join(folder, 'project-beside/x'),
      broken: undefined,
      none: undefined,
    });
  });
});
