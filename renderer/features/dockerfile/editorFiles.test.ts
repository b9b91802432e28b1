import { beforeEach, describe, expect, it } from 'vitest';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import {
  changedPaths,
  diskText,
  editorText,
  type EditorFile,
  fileKey,
  isChanged,
  keepMine,
  noteDisk,
  noteText,
  noteWritten,
  redoText,
  takeDisk,
  undoText,
  useEditorFiles,
} from './editorFiles.ts';

const file = (text: string, version: string, change: Partial<ProjectFile> = {}): ProjectFile => ({
  path: 'Dockerfile',
  text,
  version,
  exists: true,
  bom: false,
  lineEnds: 'lf',
  ...change,
});
const known = (): EditorFile => {
  const found = useEditorFiles.getState().files[fileKey('a', 'Dockerfile')];
  if (found === undefined) throw new Error('The file is not known.');
  return found;
};

beforeEach(() => useEditorFiles.setState({ files: {}, chosen: {}, target: undefined }));

describe('files of the editor', () => {
  it('write back the line ends they came with', () => {
    const crlf = file('FROM a\r\nRUN b\r\n', '1', { lineEnds: 'crlf' });
    expect(editorText(crlf)).toBe('FROM a\nRUN b\n');
    expect(diskText(crlf, `${editorText(crlf)}CMD c\n`)).toBe('FROM a\r\nRUN b\r\nCMD c\r\n');
    const mixed = file('FROM a\r\nRUN b\n', '1', { lineEnds: 'mixed' });
    expect(diskText(mixed, editorText(mixed))).toBe('FROM a\r\nRUN b\n');
  });

  it('follow the disk while nothing was changed here', () => {
    noteDisk('a', file('one', '1'));
    noteDisk('a', file('two', '2'));
    expect(known()).toMatchObject({ text: 'two', disk: undefined, file: { version: '2' } });
    expect(changedPaths(useEditorFiles.getState().files, 'a')).toEqual([]);
  });

  it('keep changes beside what the disk has become, until one is chosen', () => {
    noteDisk('a', file('one', '1'));
    noteText('a', 'Dockerfile', 'mine');
    noteDisk('a', file('one', '1'));
    expect(known().disk).toBeUndefined();
    noteDisk('a', file('theirs', '2'));
    expect(known()).toMatchObject({ text: 'mine', file: { version: '1' }, disk: { text: 'theirs' } });
    expect(changedPaths(useEditorFiles.getState().files, 'a')).toEqual(['Dockerfile']);
    keepMine('a', 'Dockerfile');
    // To be written over what is there now, not over what was.
    expect(known()).toMatchObject({ text: 'mine', file: { version: '2' }, disk: undefined });
    noteDisk('a', file('again', '3'));
    takeDisk('a', 'Dockerfile');
    expect(known()).toMatchObject({ text: 'again', file: { version: '3' }, disk: undefined });
    expect(isChanged(known())).toBe(false);
  });

  it('put changes of different lines together; steps back keep what came from disk', () => {
    expect(noteDisk('a', file('one\ntwo\nthree\n', '1'))).toBe('read');
    noteText('a', 'Dockerfile', 'ONE\ntwo\nthree\n');
    expect(noteDisk('a', file('one\ntwo\nTHREE\n', '2'))).toBe('merged');
    expect(known()).toMatchObject({ text: 'ONE\ntwo\nTHREE\n', disk: undefined, file: { version: '2' } });
    undoText('a', 'Dockerfile');
    expect(known().text).toBe('one\ntwo\nTHREE\n');
    expect(isChanged(known())).toBe(false);
    redoText('a', 'Dockerfile');
    expect(known().text).toBe('ONE\ntwo\nTHREE\n');
  });

  it('are asked about where both changed the same line, or the file is gone', () => {
    noteDisk('a', file('one\ntwo\n', '1'));
    noteText('a', 'Dockerfile', 'mine\ntwo\n');
    expect(noteDisk('a', file('theirs\ntwo\n', '2'))).toBe('conflict');
    expect(noteDisk('a', file('one\ntwo\n', '1'))).toBe('same');
    expect(known().disk).toBeUndefined();
    expect(noteDisk('a', file('', '', { exists: false }))).toBe('conflict');
  });

  it('go back and forth over every change, also one that was given up for the disk', () => {
    noteDisk('a', file('one', '1'));
    noteText('a', 'Dockerfile', 'two');
    takeDisk('a', 'Dockerfile');
    expect(known().text).toBe('one');
    undoText('a', 'Dockerfile');
    expect(known().text).toBe('two');
    undoText('a', 'Dockerfile');
    undoText('a', 'Dockerfile');
    expect(known().text).toBe('one');
    redoText('a', 'Dockerfile');
    expect(known().text).toBe('two');
  });

  it('see no conflict where the disk has come to the same text', () => {
    noteDisk('a', file('one', '1'));
    noteText('a', 'Dockerfile', 'same');
    noteDisk('a', file('same', '2'));
    expect(known()).toMatchObject({ disk: undefined, file: { version: '2' } });
    expect(isChanged(known())).toBe(false);
  });

  it('keep what was typed while it was written', () => {
    noteDisk('a', file('one', '1'));
    noteText('a', 'Dockerfile', 'two');
    noteText('a', 'Dockerfile', 'two and more');
    noteWritten('a', file('two', '2'));
    expect(known().text).toBe('two and more');
    expect(isChanged(known())).toBe(true);
  });
});
