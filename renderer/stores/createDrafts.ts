import { create } from 'zustand';

export interface Drafts<Draft> {
  useDraft: (appId: string) => Draft;
  changeDraft: (appId: string, change: Partial<Draft>) => void;
}

/** What is typed into a form of each app. It stays while the window does: when another panel is looked at, and when what it began is over. */
export function createDrafts<Draft extends object>(empty: Draft): Drafts<Draft> {
  const useDrafts = create<Record<string, Draft>>(() => ({}));
  return {
    useDraft: (appId) => useDrafts((drafts) => drafts[appId] ?? empty),
    changeDraft: (appId, change) =>
      useDrafts.setState((drafts) => ({ [appId]: { ...(drafts[appId] ?? empty), ...change } })),
  };
}
