import { create } from 'zustand';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';

/** A file that was opened in this window. */
export interface EditorFile {
  /** As it was read, or written, last. */
  file: ProjectFile;
  /** As edited: see {@link editorText}. */
  text: string;
  /** What was found on disk since, where it is another while there are changes here. */
  disk: ProjectFile | undefined;
}

interface EditorFiles {
  /** By {@link fileKey}. What was changed and not written stays here while the window is open, whatever else is looked at. */
  files: Readonly<Record<string, EditorFile>>;
  /** The file that is looked at, by app. */
  chosen: Readonly<Record<string, string>>;
  /** Where someone wants the editor to go; a new object for each wish, gone when it is there. */
  target: EditorTarget | undefined;
}

export interface EditorTarget {
  appId: string;
  path: string;
  /** 1-based. */
  line: number | undefined;
}

export const useEditorFiles = create<EditorFiles>(() => ({
  files: {},
  chosen: {},
  target: undefined,
}));

export function fileKey(appId: string, path: string): string {
  return `${appId}\n${path}`;
}

/** Opens a project's file in the editor of its app page, at a line. */
export function openInEditor(appId: string, path: string, line?: number): void {
  useEditorFiles.setState({ target: { appId, path, line } });
}

export function chooseFile(appId: string, path: string): void {
  useEditorFiles.setState(({ chosen }) => ({ chosen: { ...chosen, [appId]: path } }));
}

/** A file's text as it is edited: lines end with `\n`, unless they are mixed, which is left as it is. */
export function editorText(file: ProjectFile): string {
  return file.lineEnds === 'crlf' ? file.text.replaceAll('\r\n', '\n') : file.text;
}

/** An edited text as it is written. */
export function diskText(file: ProjectFile, text: string): string {
  return file.lineEnds === 'crlf' ? text.replaceAll('\n', '\r\n') : text;
}

export function isChanged({ file, text }: EditorFile): boolean {
  return text !== editorText(file);
}

/** Paths of an app's files that have changes not written. */
export function changedPaths(files: EditorFiles['files'], appId: string): string[] {
  const start = `${appId}\n`;
  return Object.entries(files)
    .filter(([key, file]) => key.startsWith(start) && isChanged(file))
    .map(([key]) => key.slice(start.length));
}

/** Takes note of what a file is on disk: it replaces a text without changes, and is kept beside one that has some. */
export function noteDisk(appId: string, file: ProjectFile): void {
  const key = fileKey(appId, file.path);
  update(key, (known) => {
    if (known === undefined || !isChanged(known)) return { file, text: editorText(file), disk: undefined };
    // The same changes were made elsewhere: nothing is left to write.
    if (known.text === editorText(file)) return { file, text: known.text, disk: undefined };
    return { ...known, disk: file.version === known.file.version ? undefined : file };
  });
}

/** Takes note of an edit. */
export function noteText(appId: string, path: string, text: string): void {
  update(fileKey(appId, path), (known) => (known === undefined ? known : { ...known, text }));
}

/** What was written is what is on disk; what was typed meanwhile stays a change. */
export function noteWritten(appId: string, file: ProjectFile): void {
  update(fileKey(appId, file.path), (known) => ({
    file,
    text: known?.text ?? editorText(file),
    disk: undefined,
  }));
}

/** Gives changes up for what is on disk. */
export function takeDisk(appId: string, path: string): void {
  update(fileKey(appId, path), (known) => {
    if (known === undefined) return known;
    const file = known.disk ?? known.file;
    return { file, text: editorText(file), disk: undefined };
  });
}

/** Keeps the changes as changes of what is on disk now. */
export function keepMine(appId: string, path: string): void {
  update(fileKey(appId, path), (known) =>
    known?.disk === undefined ? known : { file: known.disk, text: known.text, disk: undefined },
  );
}

function update(key: string, change: (known: EditorFile | undefined) => EditorFile | undefined): void {
  useEditorFiles.setState(({ files }) => {
    const known = files[key];
    const next = change(known);
    if (next === known || next === undefined) return {};
    return { files: { ...files, [key]: next } };
  });
}
