import { describe, expect, it } from 'vitest';
import { readDrop } from './readDrop.ts';

const item = (name: string, kind: 'file' | 'folder' = 'folder') => ({
  kind: 'file',
  webkitGetAsEntry: () => ({ name, isFile: kind === 'file', isDirectory: kind === 'folder' }),
  getAsFile: () => ({ name, path: `/home/me/${name}` }),
});
const drop = (items: unknown[], types: string[] = ['Files']) => ({ items, types }) as unknown as DataTransfer;
const pathOf = (file: File) => (file as File & { path: string }).path;

describe('readDrop (group 47)', () => {
  it('gives the path on the desktop, and in a browser the name', () => {
    expect(readDrop(drop([item('solver')]), pathOf)).toEqual({ kind: 'path', path: '/home/me/solver' });
    expect(readDrop(drop([item('solver')]), undefined)).toEqual({ kind: 'name', name: 'solver' });
  });

  it.each([
    ['a file', drop([item('main.py', 'file')]), 'main.py is a file, not a folder.'],
    ['two folders', drop([item('a'), item('b')]), 'Those are 2 items; one folder is opened at a time.'],
    ['a link', drop([{ kind: 'string' }], ['text/uri-list']), 'That is a link, not a folder.'],
    ['a text', drop([{ kind: 'string' }], ['text/plain']), 'That is a text, not a folder.'],
    ['nothing', drop([], []), 'Nothing was dropped.'],
    ['no data at all', null, 'Nothing was dropped.'],
  ])('refuses %s and says what to drop', (_, data, message) => {
    expect(readDrop(data, pathOf)).toEqual({
      kind: 'refused',
      message,
      hint: 'Drop one folder: the one that holds the compose file or the Dockerfile.',
    });
  });

  it('refuses a folder that only exists in another program', () => {
    expect(readDrop(drop([item('x')]), () => '')).toMatchObject({
      kind: 'refused',
      message: 'What was dropped is no folder of this computer.',
    });
  });
});
