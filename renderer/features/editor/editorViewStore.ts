import { create } from 'zustand';

export type EditorTab = 'form' | 'text' | 'graph' | 'changes';

/** What is looked at in an app's editor. */
export interface EditorView {
  /** The compose file; undefined: the one its services stand in. */
  path: string | undefined;
  /** Undefined: the first. */
  service: string | undefined;
  tab: EditorTab;
  /** A line of the text to go to; a new object for each wish. */
  line: { line: number } | undefined;
}

const FRESH: EditorView = { path: undefined, service: undefined, tab: 'form', line: undefined };

/** By app, as long as the window is open: whoever comes back finds what was left. */
const useEditorViews = create<{ views: Readonly<Record<string, EditorView>> }>(() => ({ views: {} }));

export function useEditorView(appId: string): EditorView {
  return useEditorViews(({ views }) => views[appId] ?? FRESH);
}

export function lookAt(appId: string, change: Partial<EditorView>): void {
  useEditorViews.setState(({ views }) => ({
    views: { ...views, [appId]: { ...(views[appId] ?? FRESH), ...change } },
  }));
}
