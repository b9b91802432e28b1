import { create } from 'zustand';

/** What a person has decided and typed, kept while the window is open, so that closing the dialog loses nothing. */
export interface GenerateDraft {
  /** Index of the finding chosen; undefined: the surest. */
  finding: number | undefined;
  /** Values of choices that were changed, by the choice's id. */
  choices: Readonly<Record<string, string>>;
  /** Texts that were edited by hand, by path. */
  edits: Readonly<Record<string, string>>;
  /** Paths that are not to be written. */
  left: readonly string[];
}

export const EMPTY_DRAFT: GenerateDraft = { finding: undefined, choices: {}, edits: {}, left: [] };

interface GenerateStore {
  /** The app whose dialog is open. */
  appId: string | undefined;
  drafts: ReadonlyMap<string, GenerateDraft>;
}

export const useGenerate = create<GenerateStore>(() => ({ appId: undefined, drafts: new Map() }));

/** Opens the dialog that generates a Dockerfile for an app. */
export function openGenerate(appId: string): void {
  useGenerate.setState({ appId });
}

export function closeGenerate(): void {
  useGenerate.setState({ appId: undefined });
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
