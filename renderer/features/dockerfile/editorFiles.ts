import { create } from 'zustand';
import type { ProjectFile } from '#shared/domain/ProjectFile.ts';
import {
  type EditHistory,
  newHistory,
  noteStep,
  presentText,
  rebaseHistory,
  stepBack,
  stepForward,
} from '#shared/text/EditHistory.ts';

/** A file that was opened in this window. */
export interface EditorFile {
  /** As it was read, or written, last. */
  file: ProjectFile;
  /** As edited: see {@link editorText}. */
  text: string;
  /** The steps to it, for every view of it. */
  history: EditHistory;
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

/** What became of a file that was read from disk: `merged`: its changes and those here are in one text now. */
export type DiskNews = 'same' | 'read' | 'merged' | 'conflict';

/**
 * Takes note of what a file is on disk: it replaces a text without changes. Where there are some, both are put together when they touch different
 * lines; else it is kept beside them.
 */
export function noteDisk(appId: string, file: ProjectFile): DiskNews {
  const key = fileKey(appId, file.path);
  const known = useEditorFiles.getState().files[key];
  const text = editorText(file);
  if (known === undefined) {
    put(key, { file, text, history: newHistory(text), disk: undefined });
    return 'read';
  }
  if (known.file.version === file.version) {
    // What was there in between is gone again.
    if (known.disk !== undefined) put(key, { ...known, disk: undefined });
    return 'same';
  }
  // The same changes were made elsewhere: nothing is left to write.
  if (known.text === text) {
    put(key, { ...known, file, disk: undefined });
    return 'read';
  }
  const changed = isChanged(known);
  const rebased =
    file.exists && known.file.exists ? rebaseHistory(known.history, editorText(known.file), text) : undefined;
  if (rebased !== undefined) {
    put(key, { file, text: presentText(rebased), history: rebased, disk: undefined });
    return changed ? 'merged' : 'read';
  }
  if (changed) {
    put(key, { ...known, disk: file });
    return 'conflict';
  }
  put(key, { file, text, history: newHistory(text), disk: undefined });
  return 'read';
}

/** Takes note of an edit. `kind`: quick edits of one kind are undone in one step; undefined: this one is a step of its own. */
export function noteText(appId: string, path: string, text: string, kind?: string): void {
  step(appId, path, (history) => noteStep(history, text, kind, Date.now()));
}

export function undoText(appId: string, path: string): void {
  step(appId, path, stepBack);
}

export function redoText(appId: string, path: string): void {
  step(appId, path, stepForward);
}

function step(appId: string, path: string, change: (history: EditHistory) => EditHistory): void {
  update(fileKey(appId, path), (known) => {
    const history = change(known.history);
    return history === known.history ? known : { ...known, history, text: presentText(history) };
  });
}

/** What was written is what is on disk; what was typed meanwhile stays a change. */
export function noteWritten(appId: string, file: ProjectFile): void {
  update(fileKey(appId, file.path), (known) => ({ ...known, file, disk: undefined }));
}

/** Gives changes up for what is on disk; undo brings them back. */
export function takeDisk(appId: string, path: string): void {
  update(fileKey(appId, path), (known) => {
    const file = known.disk ?? known.file;
    const text = editorText(file);
    return { file, text, history: noteStep(known.history, text, undefined, 0), disk: undefined };
  });
}

/** Keeps the changes as changes of what is on disk now. */
export function keepMine(appId: string, path: string): void {
  update(fileKey(appId, path), (known) =>
    known.disk === undefined ? known : { ...known, file: known.disk, disk: undefined },
  );
}

function update(key: string, change: (known: EditorFile) => EditorFile): void {
  const known = useEditorFiles.getState().files[key];
  if (known === undefined) return;
  const next = change(known);
  if (next !== known) put(key, next);
}

function put(key: string, file: EditorFile): void {
  useEditorFiles.setState(({ files }) => ({ files: { ...files, [key]: file } }));
}
