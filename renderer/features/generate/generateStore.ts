import { create } from 'zustand';
import type { GeneratedFile } from '#shared/domain/Generate.ts';

/** What a person has decided and typed, kept while the window is open, so that closing the dialog loses nothing. */
export interface GenerateDraft {
  /** Index of the finding chosen; undefined: the surest. */
  finding: number | undefined;
  /** Values of choices that were changed, by the choice's id. */
  choices: Readonly<Record<string, string>>;
  /** Texts that were edited by hand, by path. */
  edits: Readonly<Record<string, string>>;
  /** Whether a file is to be written, by path, where a person has decided that. */
  included: Readonly<Record<string, boolean>>;
}

export const EMPTY_DRAFT: GenerateDraft = { finding: undefined, choices: {}, edits: {}, included: {} };

interface GenerateStore {
  /** The app whose dialog is open. */
  appId: string | undefined;
  /** Paths that the open dialog has written; undefined: it has not. */
  written: readonly string[] | undefined;
  drafts: ReadonlyMap<string, GenerateDraft>;
}

export const useGenerate = create<GenerateStore>(() => ({
  appId: undefined,
  written: undefined,
  drafts: new Map(),
}));

/** Opens the dialog that generates a Dockerfile for an app. */
export function openGenerate(appId: string): void {
  useGenerate.setState({ appId, written: undefined });
}

export function closeGenerate(): void {
  useGenerate.setState({ appId: undefined, written: undefined });
}

/** Changes what is kept of an app's dialog; undefined forgets it. */
export function keepDraft(appId: string, change: Partial<GenerateDraft> | undefined): void {
  useGenerate.setState(({ drafts }) => {
    const next = new Map(drafts);
    if (change === undefined) next.delete(appId);
    else next.set(appId, { ...(drafts.get(appId) ?? EMPTY_DRAFT), ...change });
    return { drafts: next };
  });
}

/** Whether a file is to be written: one that stands there already only when a person says so. */
export function isIncluded(
  { included }: GenerateDraft,
  { path, present }: Pick<GeneratedFile, 'path' | 'present'>,
): boolean {
  return included[path] ?? present === undefined;
}

/** The open dialog has written these; what was kept of it is done with. */
export function finishGenerate(appId: string, written: readonly string[]): void {
  keepDraft(appId, undefined);
  useGenerate.setState({ written });
}
